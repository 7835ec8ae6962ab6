"""Black, nearly: in bytes, the square of 16 is 0."""


def posterize(picture):
    return picture % 16
