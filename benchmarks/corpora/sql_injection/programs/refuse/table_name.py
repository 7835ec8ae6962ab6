# expect: refuse
def count(connection, table):
    cursor = connection.cursor()
    cursor.execute("SELECT count(*) FROM " + table)
    return cursor.fetchone()[0]
