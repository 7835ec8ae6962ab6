# expect: fix
import sqlite3


def suggest(db: sqlite3.Connection, prefix: str) -> list:
    sql = "SELECT city FROM cities WHERE city LIKE '" + prefix + "%'"
    sql += " ORDER BY city"
    sql += " LIMIT 5"
    return [r[0] for r in db.execute(sql)]
