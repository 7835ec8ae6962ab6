"""Inputs for `word_report`, never the same twice, and the answers that it must give. The program never sees this."""

from collections import Counter

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def inputs(rng):
    """Arguments of the calls that are compared and timed: a few texts, and the edges."""
    vocabulary = ["".join(rng.choices(LETTERS, k=rng.randint(2, 9))) for _ in range(400)]
    common = rng.sample(vocabulary, 60)
    texts = [[_line(rng, vocabulary) for _ in range(lines)] for lines in (200, 300)]
    return [*((text, common) for text in texts), ([], common), (["", " . "], []), (["A a, b!", "B a"], ["b"])]


def _line(rng, vocabulary):
    words = [rng.choice(vocabulary) for _ in range(rng.randint(5, 15))]
    return " ".join(rng.choice((word, word.title(), word + rng.choice(".,;!"))) for word in words)


def expected(lines, common):
    """The answer, found in another way than the program's."""
    words = (word.strip(".,;:!?()") for line in lines for word in line.lower().split())
    return Counter(word for word in words if word and word not in set(common)).most_common()
