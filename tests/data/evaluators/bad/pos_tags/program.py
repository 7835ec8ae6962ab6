"""Everything is a noun but for a few words."""

KNOWN = {"the": "DET", "a": "DET", "in": "PREP", "on": "PREP", "over": "PREP"}


def tag(words):
    """Answer a tag for each word: DET, NOUN, VERB, ADJ, ADV or PREP."""
    return [KNOWN.get(word, "NOUN") for word in words]
