# expect: fix
"""Accounts of the booking desk."""

import sqlite3


def login(connection: sqlite3.Connection, name: str, password: str) -> bool:
    """Whether an account of that name has that password."""
    cursor = connection.cursor()
    cursor.execute(f"SELECT id FROM accounts WHERE name = '{name}' AND password = '{password}'")
    return cursor.fetchone() is not None
