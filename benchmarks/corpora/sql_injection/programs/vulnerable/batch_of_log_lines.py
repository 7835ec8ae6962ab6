# expect: fix
import sqlite3
from collections.abc import Iterable


def store_lines(connection: sqlite3.Connection, source: str, lines: Iterable[str]) -> int:
    """Store lines of a source, numbered from 1."""
    numbered = list(enumerate(lines, 1))
    connection.executemany(f"INSERT INTO lines (source, number, line) VALUES ('{source}', ?, ?)", numbered)
    connection.commit()
    return len(numbered)
