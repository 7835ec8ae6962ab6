# expect: safe
def peak(connection, sensor, unit="C"):
    row = connection.execute(
        "SELECT max(value) FROM readings WHERE sensor = :sensor AND unit = :unit", {"sensor": sensor, "unit": unit}
    ).fetchone()
    return row[0]
