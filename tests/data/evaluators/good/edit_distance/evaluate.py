"""Pairs of texts, never the same twice: related and unrelated ones, and the edges."""

LETTERS = "abcd"


def inputs(rng):
    """A few pairs, shuffled."""
    pairs = [("", ""), ("", text(rng, 5)), (text(rng, 7), "")]
    for length in (40, 80, 120):
        base = text(rng, length)
        pairs += [(base, text(rng, length)), (base, mutated(rng, base)), (base, base)]
    rng.shuffle(pairs)
    return pairs


def text(rng, length):
    """Letters at random."""
    return "".join(rng.choices(LETTERS, k=length))


def mutated(rng, base):
    """A text with some letters replaced, doubled or lost."""
    return "".join(rng.choice((letter, letter, letter, rng.choice(LETTERS), "", 2 * letter)) for letter in base)


def expected(first, second):
    """Wagner and Fischer's algorithm with one row."""
    row = list(range(len(second) + 1))
    for i, a in enumerate(first, 1):
        diagonal, row[0] = row[0], i
        for j, b in enumerate(second, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (a != b))
    return row[-1]
