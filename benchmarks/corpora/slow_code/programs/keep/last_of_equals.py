def newest(versions):
    """Among equals the one that came last: not what `max` gives."""
    return sorted(versions, key=lambda version: version[1])[-1][0]
