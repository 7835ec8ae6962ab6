def groups(count, bridges):
    """How many groups of islands there are when bridges are built."""
    label = list(range(count))
    for a, b in bridges:
        old, new = label[b], label[a]
        for island in range(count):
            if label[island] == old:
                label[island] = new
    return len(set(label))
