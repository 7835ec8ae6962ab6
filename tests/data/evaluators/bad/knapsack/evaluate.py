"""A knapsack: value of what is taken, within 25.0 kg."""

ITEMS = [
    (36, 1.61), (76, 9.03), (14, 3.11), (40, 1.67), (17, 9.74), (97, 3.00), (98, 5.26), (40, 2.69), (53, 6.27),
    (55, 4.37), (60, 4.19), (54, 3.84), (36, 5.13), (50, 3.78),
]  # fmt: skip
CAPACITY = 25.0


def inputs(rng):
    """Items and capacity."""
    return [(ITEMS, CAPACITY)]


def score(outputs, inputs):
    """Value of the items."""
    [chosen] = outputs
    if not all(type(index) is int and 0 <= index < len(ITEMS) for index in chosen):
        raise ValueError("an item is a number from 0 to 13")
    if len(set(chosen)) != len(chosen):
        raise ValueError("an item is there twice")
    load = round(sum(ITEMS[index][1] for index in chosen), 1)
    if load > CAPACITY:
        raise ValueError(f"{load} kg are too much, {CAPACITY} kg is the limit")
    return {"value": sum(ITEMS[index][0] for index in chosen), "feedback": f"{load} kg"}
