"""Scores packings: every item in one bin, no bin over its capacity, few bins. Everything is counted anew here."""

CAPACITY = 150
INSTANCES = 3
ITEMS = 120


def inputs(rng):
    """A few instances. In artifact mode `rng` is the same in every evaluation, so that scores compare."""
    return [([rng.randint(20, 100) for _ in range(ITEMS)], CAPACITY) for _ in range(INSTANCES)]


def score(outputs, inputs):
    """Mean excess over the lower bound, in per cent."""
    excesses = [_excess(bins, sizes, capacity) for bins, (sizes, capacity) in zip(outputs, inputs, strict=True)]
    return {"excess": 100 * sum(excesses) / len(excesses), "worst": 100 * max(excesses)}


def _excess(bins, sizes, capacity):
    if type(bins) is not list or len(bins) != len(sizes):
        raise ValueError(f"expected a list of {len(sizes)} bin numbers, one per item")
    loads = {}
    for item, (number, size) in enumerate(zip(bins, sizes, strict=True)):
        if type(number) is not int:
            raise ValueError(f"item {item} is in bin {number!r}; a bin is an int")
        loads[number] = loads.get(number, 0) + size
    for number, load in loads.items():
        if load > capacity:
            raise ValueError(f"bin {number} holds {load}, its capacity is {capacity}")
    least = -(-sum(sizes) // capacity)
    return len(loads) / least - 1
