# expect: safe
MIGRATIONS = [
    "CREATE TABLE IF NOT EXISTS songs (id INTEGER PRIMARY KEY, title TEXT)",
    "ALTER TABLE songs ADD COLUMN seconds INTEGER DEFAULT 0",
]


def migrate(connection):
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    for number, statement in enumerate(MIGRATIONS[version:], version + 1):
        connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {number}")
    return connection.execute("PRAGMA user_version").fetchone()[0]
