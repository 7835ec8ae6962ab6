# expect: fix
def yarns(connection, colours):
    """Yarns in any of the colours that a customer ticked."""
    if not colours:
        return []
    quoted = ", ".join("'" + colour + "'" for colour in colours)
    rows = connection.execute("SELECT name FROM yarns WHERE colour IN (" + quoted + ") ORDER BY name")
    return [row[0] for row in rows]
