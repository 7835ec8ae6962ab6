def contained(names):
    """Names with which another, longer name begins."""
    result = []
    for name in names:
        for other in names:
            if len(other) > len(name) and other.startswith(name):
                result.append(name)
                break
    return result
