"""Size of a code of eight bits with a distance of three."""

BITS, DISTANCE = 8, 3


def distance(first, second):
    """Bits in which two words differ."""
    return sum(a != b for a, b in zip(first, second, strict=True))


def score(words):
    """Number of words."""
    if type(words) is not list or not words:
        raise ValueError("expected a list of words")
    for word in words:
        if type(word) is not str or len(word) != BITS or set(word) - {"0", "1"}:
            raise ValueError(f"{word!r} is no word of {BITS} bits")
    if len(set(words)) != len(words):
        raise ValueError("a word is there twice")
    for first, second in zip(words, words[1:]):
        if distance(first, second) < DISTANCE:
            raise ValueError(f"{first} and {second} differ in fewer than {DISTANCE} bits")
    return len(words)
