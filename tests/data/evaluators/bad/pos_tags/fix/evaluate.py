"""Accuracy of part-of-speech tags on a few sentences with words that can be several things."""

SENTENCES = [
    ("the old man the boat", "DET NOUN VERB DET NOUN"),
    ("the complex houses students", "DET NOUN VERB NOUN"),
    ("time flies over a river", "NOUN VERB PREP DET NOUN"),
    ("a quick brown fox jumps over the lazy dog", "DET ADJ ADJ NOUN VERB PREP DET ADJ NOUN"),
    ("the horse raced in the rain fell hard", "DET NOUN VERB PREP DET NOUN VERB ADV"),
    ("the light shines on the light table", "DET NOUN VERB PREP DET ADJ NOUN"),
]


def inputs(rng):
    """Words of one sentence each."""
    return [(words.split(),) for words, _ in SENTENCES]


def score(outputs, inputs):
    """Share of the words whose tag is right."""
    right = total = 0
    for tags, (_, text) in zip(outputs, SENTENCES, strict=True):
        truth = text.split()
        if type(tags) is not list or len(tags) != len(truth):
            raise ValueError(f"expected a list of {len(truth)} tags")
        total += len(truth)
        right += sum(got == wanted for got, wanted in zip(tags, truth, strict=True))
    return right / total
