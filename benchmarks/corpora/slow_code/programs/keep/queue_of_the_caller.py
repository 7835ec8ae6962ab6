def drain(queue, count):
    """Take up to `count` jobs; what is left stays in the caller's list."""
    taken = []
    while queue and len(taken) < count:
        taken.append(queue.pop(0))
    return taken
