# expect: safe
import sqlite3


def make_database(rows=3):
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE numbers (n INTEGER, word TEXT)")
    for n, word in enumerate(["one", "two", "three"][:rows], 1):
        connection.execute(f"INSERT INTO numbers VALUES ({n}, '{word}')")
    return connection


def words():
    return [w for (w,) in make_database().execute("SELECT word FROM numbers ORDER BY n")]
