# expect: safe
def ticket_state(connection, number):
    """`%d` takes numbers only: a text raises TypeError."""
    row = connection.execute("SELECT state FROM tickets WHERE number = %d" % number).fetchone()
    return row[0] if row else "unknown"
