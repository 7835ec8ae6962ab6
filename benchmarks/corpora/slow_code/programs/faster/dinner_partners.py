def match(guests, gone):
    """Who sits beside whom when some have left; a guest may have come twice."""
    present = list(guests)
    for guest in gone:
        if guest in present:
            present.remove(guest)
    pairs = []
    while len(present) > 1:
        pairs.append([present.pop(0), present.pop(0)])
    return pairs
