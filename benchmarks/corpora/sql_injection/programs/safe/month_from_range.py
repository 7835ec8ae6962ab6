# expect: safe
def yearly(connection, year):
    """Twelve sums: the months come from `range`, the year is a parameter."""
    sums = []
    for month in range(1, 13):
        row = connection.execute(
            f"SELECT coalesce(sum(amount), 0) FROM sales WHERE strftime('%m', day) = '{month:02d}' AND strftime('%Y', day) = ?",
            (str(year),),
        ).fetchone()
        sums.append(row[0])
    return sums
