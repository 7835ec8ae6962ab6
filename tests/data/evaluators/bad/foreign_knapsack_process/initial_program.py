"""A knapsack by value per weight."""

# EVOLVE-BLOCK-START


def pack(items, capacity):
    """Answer indices of items (value, weight)."""
    chosen, load = [], 0
    for index in sorted(range(len(items)), key=lambda i: -items[i][0]):
        if load + items[index][1] <= capacity:
            chosen.append(index)
            load += items[index][1]
    return chosen


# EVOLVE-BLOCK-END
