# expect: safe
TABLES = ("spring", "summer", "autumn")


def count_rows(connection, season):
    if season not in TABLES:
        raise ValueError(f"unknown season {season!r}; known: {', '.join(TABLES)}")
    return connection.execute("SELECT count(*) FROM " + season).fetchone()[0]
