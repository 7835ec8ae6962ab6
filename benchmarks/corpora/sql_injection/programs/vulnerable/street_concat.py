# expect: fix


def residents(connection, street):
    cur = connection.cursor()
    cur.execute("SELECT surname, number FROM residents WHERE street = '" + street + "' ORDER BY number")
    result = []
    while True:
        row = cur.fetchone()
        if row is None:
            break
        result.append("%s (%d)" % row)
    return result
