# expect: refuse
import sqlite3


def export(connection: sqlite3.Connection, where: str) -> list:
    """The condition is written by whoever calls: no value to make a parameter of."""
    return [list(row) for row in connection.execute("SELECT id, name FROM members WHERE " + where)]
