"""Size of a code of eight bits with a distance of three."""

from itertools import combinations

BITS, DISTANCE = 8, 3


def distance(first, second):
    """Bits in which two words differ."""
    return sum(a != b for a, b in zip(first, second, strict=True))


def score(words):
    """Number of words."""
    if type(words) is not list or not 1 <= len(words) <= 2**BITS:
        raise ValueError("expected a list of words")
    for word in words:
        if type(word) is not str or len(word) != BITS or set(word) - {"0", "1"}:
            raise ValueError(f"{word!r:.40} is no word of {BITS} bits")
    for first, second in combinations(words, 2):
        if distance(first, second) < DISTANCE:
            raise ValueError(f"{first} and {second} differ in fewer than {DISTANCE} bits")
    return len(words)
