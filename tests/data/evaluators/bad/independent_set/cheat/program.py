"""Two vertices under many names."""


def choose():
    return [0, 0.0, -0.0, False, "00", 2, 2.0, 2.5, " 2", "2 "]
