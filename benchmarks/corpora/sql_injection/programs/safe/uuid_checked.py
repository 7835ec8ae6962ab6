# expect: safe
import uuid


def owner(connection, identifier):
    """A parsed UUID holds hexadecimal digits and dashes, nothing else."""
    key = uuid.UUID(identifier)
    row = connection.execute(f"SELECT owner FROM boxes WHERE id = '{key}'").fetchone()
    return row and row[0]
