"""Nothing is always in order."""


def arrange(values):
    return []
