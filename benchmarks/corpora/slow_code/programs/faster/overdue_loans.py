def any_overdue(loans):
    """A loan is a pair: days out, days allowed."""
    found = False
    for out, allowed in loans:
        if out > allowed:
            found = True
    return found
