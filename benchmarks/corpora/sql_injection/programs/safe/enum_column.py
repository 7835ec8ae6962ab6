# expect: safe
import sqlite3
from enum import Enum


class Metric(Enum):
    CLICKS = "clicks"
    VIEWS = "views"


def total(connection: sqlite3.Connection, metric: str, campaign: str) -> int:
    column = Metric(metric).value
    sql = f"SELECT coalesce(sum({column}), 0) FROM campaigns WHERE name = ?"
    return connection.execute(sql, (campaign,)).fetchone()[0]
