# expect: safe
import sqlite3


def search(connection: sqlite3.Connection, word: str) -> list[str]:
    pattern = f"%{word}%"
    cursor = connection.execute("SELECT name FROM recipes WHERE name LIKE ? ORDER BY name", (pattern,))
    return [row[0] for row in cursor]
