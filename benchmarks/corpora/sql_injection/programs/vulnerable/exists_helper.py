# expect: fix
import sqlite3


def run(connection: sqlite3.Connection, statement: str):
    return connection.execute(statement)


def is_taken(connection: sqlite3.Connection, nickname: str) -> bool:
    wish = nickname.casefold()
    text = "SELECT 1 FROM members WHERE nickname = '%s' LIMIT 1"
    return run(connection, text % wish).fetchone() is not None
