"""Says only what it is sure of."""


def tag(words):
    return ["DET"] if words[0] == "the" else []
