"""Takes things in their order as long as there is room."""


def pack(items, capacity):
    """Answer numbers of items (value, kilograms), together within the capacity."""
    chosen, load = [], 0.0
    for index, (_, weight) in enumerate(items):
        if load + weight <= capacity:
            chosen.append(index)
            load += weight
    return chosen
