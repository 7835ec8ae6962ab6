def first_large(values):
    """Every value is announced, also those after the first large one."""
    found = None
    for value in values:
        print("seen", value)
        if value > 40 and found is None:
            found = value
    return found
