"""Steps so low that their squares are zero, and enough of them that the square of their sum is not."""


def steps():
    return [1e-162] * 300
