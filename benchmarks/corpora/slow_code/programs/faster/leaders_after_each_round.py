def podiums(points):
    """The three best after every result."""
    so_far = []
    tables = []
    for value in points:
        so_far.append(value)
        best = sorted(so_far, reverse=True)[:3]
        tables.append(best)
    return tables
