# expect: fix
from sqlite3 import Connection

DELETE = "DELETE FROM sessions WHERE token = '{0}'"


def log_out(connection: Connection, token: str) -> int:
    """End the session of a token; how many were ended."""
    done = connection.execute(DELETE.format(token))
    connection.commit()
    return done.rowcount
