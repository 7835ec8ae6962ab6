class Name(str):
    """Equal in whatever case; the hash is that of the text as written."""

    def __eq__(self, other):
        return self.lower() == other.lower()

    __hash__ = str.__hash__


def names(texts):
    kept = []
    for text in texts:
        if Name(text) not in kept:
            kept.append(Name(text))
    return [str(name) for name in kept]
