def walks(width, height, holes):
    """Ways from the top left to the bottom right, right and down only."""
    blocked = {(x, y) for x, y in holes}

    def go(x, y):
        if x >= width or y >= height or (x, y) in blocked:
            return 0
        if x == width - 1 and y == height - 1:
            return 1
        return go(x + 1, y) + go(x, y + 1)

    return go(0, 0)
