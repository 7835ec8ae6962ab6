# expect: safe
import sqlite3


def all_species(connection: sqlite3.Connection) -> list[str]:
    cursor = connection.cursor()
    cursor.execute("SELECT DISTINCT species FROM animals WHERE species <> 'unknown' ORDER BY species")
    return [row[0] for row in cursor]
