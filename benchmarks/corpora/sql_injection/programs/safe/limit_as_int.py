# expect: safe
import sqlite3


def newest(connection: sqlite3.Connection, limit: str, page: str = "0") -> list[str]:
    size = int(limit)
    skip = size * int(page)
    return [t for (t,) in connection.execute(f"SELECT title FROM news ORDER BY day DESC LIMIT {size} OFFSET {skip}")]
