import pandas as pd


def total(frame: pd.DataFrame) -> float:
    total = 0.0
    for _, row in frame.iterrows():
        total += row["amount"] * row["price"]
    return float(total)


def entry(amounts, prices):
    return total(pd.DataFrame({"amount": amounts, "price": prices}))
