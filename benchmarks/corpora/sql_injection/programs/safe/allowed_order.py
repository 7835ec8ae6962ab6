# expect: safe
import sqlite3

SORTABLE = {"name": "name", "price": "price", "newest": "added DESC"}


def catalogue(connection: sqlite3.Connection, order: str) -> list[str]:
    column = SORTABLE.get(order, "name")
    return [row[0] for row in connection.execute(f"SELECT name FROM goods ORDER BY {column}")]
