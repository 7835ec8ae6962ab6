# expect: fix
def sign(connection, who, message, stars):
    """Add a line to the guest book and give its number."""
    cursor = connection.cursor()
    cursor.execute(f"INSERT INTO guestbook (who, message, stars) VALUES ('{who}', '{message}', {stars})")
    connection.commit()
    return cursor.lastrowid
