"""Which item is packed first."""


# EVOLVE-BLOCK-START
def rank(size, index, capacity):
    """Items with a smaller rank are packed earlier."""
    return 1.0 * index - 0.0 * size


# EVOLVE-BLOCK-END
