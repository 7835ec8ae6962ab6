# expect: safe
import sqlite3

TABLE = "measurements"
COLUMNS = ("at", "celsius")


class Log:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def latest(self, station: str) -> list:
        sql = f"SELECT {', '.join(COLUMNS)} FROM {TABLE} WHERE station = ? ORDER BY at DESC LIMIT 1"
        return [list(row) for row in self._connection.execute(sql, [station])]
