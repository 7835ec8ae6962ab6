def fill(shelf, wishes):
    """Takes from the shelf: there may be two of a kind, and a wish takes one."""
    given = []
    for wish in wishes:
        if wish in shelf:
            shelf.remove(wish)
            given.append(wish)
    return given
