def expand(sizes):
    """Every size above 2 leaves two halves that are looked at in turn."""
    for size in sizes:
        if size > 2:
            sizes.append(size // 2)
            sizes.append(size - size // 2)
    return sizes
