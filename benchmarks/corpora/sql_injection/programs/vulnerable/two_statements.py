# expect: fix
def transfer(connection, source, target, cents):
    """Move money between two accounts; the balances after."""
    cursor = connection.cursor()
    cursor.execute("UPDATE accounts SET cents = cents - " + str(int(cents)) + " WHERE iban = '" + source + "'")
    cursor.execute("UPDATE accounts SET cents = cents + " + str(int(cents)) + " WHERE iban = '" + target + "'")
    connection.commit()
    cursor.execute("SELECT cents FROM accounts ORDER BY iban")
    return [row[0] for row in cursor.fetchall()]
