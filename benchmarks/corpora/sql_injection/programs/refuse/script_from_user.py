# expect: refuse
import sqlite3


def console(connection: sqlite3.Connection, statement: str) -> list:
    """The administrator's console: the whole statement is the input."""
    return connection.execute(statement).fetchall()
