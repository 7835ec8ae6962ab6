def best_stretch(gains):
    """The largest sum of neighbouring gains, at least one of them."""
    best = gains[0]
    for start in range(len(gains)):
        for end in range(start + 1, len(gains) + 1):
            stretch = sum(gains[start:end])
            if stretch > best:
                best = stretch
    return best
