def distinct_rows(rows):
    seen = []
    for row in rows:
        if row not in seen:
            seen.append(row)
    return seen
