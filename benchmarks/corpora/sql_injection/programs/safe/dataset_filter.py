# expect: safe
import pandas as pd


def adults(people: pd.DataFrame, town: str, minimum: int) -> pd.DataFrame:
    """`query` of pandas, not of a database; `@` takes local variables."""
    chosen = people.query("age >= @minimum and town == @town")
    return chosen.sort_values("age")
