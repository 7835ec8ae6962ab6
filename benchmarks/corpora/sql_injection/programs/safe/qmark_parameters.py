# expect: safe
def login(connection, name, password):
    query = "SELECT id FROM accounts WHERE name = ? AND password = ?"
    return connection.execute(query, (name, password)).fetchone() is not None
