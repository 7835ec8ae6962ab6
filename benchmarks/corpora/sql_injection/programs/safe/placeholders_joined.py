# expect: safe
import sqlite3


def articles(connection: sqlite3.Connection, ids: list[int]) -> list[str]:
    """Names of the articles; the only thing that is formatted is the number of question marks."""
    marks = ", ".join("?" * len(ids))
    return [name for (name,) in connection.execute(f"SELECT name FROM articles WHERE id IN ({marks}) ORDER BY id", ids)]
