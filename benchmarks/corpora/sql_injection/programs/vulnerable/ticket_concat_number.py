# expect: fix
import sqlite3


class TicketError(LookupError):
    pass


def ticket_state(connection: sqlite3.Connection, number) -> str:
    found = connection.execute("SELECT state FROM tickets WHERE number = " + str(number)).fetchall()
    if len(found) != 1:
        return "unknown"
    return found[0][0]
