# expect: fix
import pandas as pd


def load_trades(connection, ticker: str, since: str) -> pd.DataFrame:
    frame = pd.read_sql(f"SELECT at, price, volume FROM trades WHERE ticker = '{ticker}' AND at >= '{since}'", connection)
    frame["value"] = frame["price"] * frame["volume"]
    return frame
