# expect: refuse
import sqlite3


def list_goods(connection: sqlite3.Connection, order_by: str) -> list[str]:
    return [row[0] for row in connection.execute(f"SELECT name FROM goods ORDER BY {order_by}")]
