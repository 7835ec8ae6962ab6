def longest_run(text):
    """Length of the longest stretch in which no letter comes twice."""
    best = 0
    for i in range(len(text)):
        for j in range(i, len(text)):
            part = text[i : j + 1]
            if len(set(part)) == len(part):
                best = max(best, j - i + 1)
    return best
