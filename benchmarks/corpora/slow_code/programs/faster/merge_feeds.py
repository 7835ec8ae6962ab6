def merge(feeds):
    """One ascending list of several ascending ones."""
    merged = []
    for feed in feeds:
        for item in feed:
            position = len(merged)
            while position > 0 and merged[position - 1] > item:
                position -= 1
            merged = merged[:position] + [item] + merged[position:]
    return merged
