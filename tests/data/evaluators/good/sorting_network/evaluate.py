"""Comparators of a sorting network for eight values, checked on all inputs of zeros and ones.

That is a proof for all inputs (Knuth, The Art of Computer Programming 3, theorem 5.3.4 Z).
"""

CHANNELS = 8


def score(network):
    """Number of comparators."""
    if type(network) is not list or len(network) > 100:
        raise ValueError("expected a list of at most 100 comparators")
    for comparator in network:
        if type(comparator) is not list or len(comparator) != 2 or not all(type(end) is int for end in comparator):
            raise ValueError("a comparator is a list of two ints")
        if not 0 <= comparator[0] < comparator[1] < CHANNELS:
            raise ValueError(f"a comparator joins two of {CHANNELS} channels, the lower one first")
    for pattern in range(2**CHANNELS):
        values = [pattern >> channel & 1 for channel in range(CHANNELS)]
        for low, high in network:
            if values[low] > values[high]:
                values[low], values[high] = values[high], values[low]
        if values != sorted(values):
            raise ValueError(f"input {pattern:08b} is not sorted")
    return {"comparators": len(network)}
