"""Which of the bins that have room takes an item."""


# EVOLVE-BLOCK-START
def priority(size, room, index, capacity):
    """The bin with the highest priority takes the item."""
    left = room - size
    return 1.0 * left - 0.01 * index


# EVOLVE-BLOCK-END
