"""As fast as it honestly gets."""


def arrange(values):
    return sorted(values)
