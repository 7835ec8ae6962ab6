"""A knapsack: value of what is taken, within 25.0 kg."""

# (value, grams)
GRAMS = [
    (36, 1610), (76, 9030), (14, 3110), (40, 1670), (17, 9740), (97, 3000), (98, 5260), (40, 2690), (53, 6270),
    (55, 4370), (60, 4190), (54, 3840), (36, 5130), (50, 3780),
]  # fmt: skip
CAPACITY = 25_000


def inputs(rng):
    """Items and capacity."""
    return [([(value, grams / 1000) for value, grams in GRAMS], CAPACITY / 1000)]


def score(outputs, inputs):
    """Value of the items."""
    [chosen] = outputs
    if type(chosen) is not list or not all(type(index) is int and 0 <= index < len(GRAMS) for index in chosen):
        raise ValueError("expected a list of numbers from 0 to 13")
    if len(set(chosen)) != len(chosen):
        raise ValueError("an item is there twice")
    load = sum(GRAMS[index][1] for index in chosen)
    if load > CAPACITY:
        raise ValueError(f"{load} g are too much, {CAPACITY} g is the limit")
    return {"value": sum(GRAMS[index][0] for index in chosen), "feedback": f"{load} g"}
