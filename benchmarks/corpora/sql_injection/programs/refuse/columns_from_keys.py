# expect: refuse
def insert(connection, record):
    """Insert a record whose keys come with the request."""
    columns = ", ".join(record)
    marks = ", ".join("?" for _ in record)
    cursor = connection.execute(f"INSERT INTO people ({columns}) VALUES ({marks})", tuple(record.values()))
    connection.commit()
    return cursor.lastrowid
