# expect: safe
def load(connection, rows):
    cursor = connection.cursor()
    cursor.executemany("INSERT INTO stock (sku, amount) VALUES (?, ?)", [(r["sku"], r["amount"]) for r in rows])
    connection.commit()
    return cursor.rowcount
