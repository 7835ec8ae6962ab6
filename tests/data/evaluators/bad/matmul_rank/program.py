"""The schoolbook way: eight products of one entry of each matrix."""

SIZE = 2


def decompose():
    """Answer three lists of rows: what is taken from the left matrix, from the right one, and where it goes."""
    left, right, out = [], [], []
    for i in range(SIZE):
        for j in range(SIZE):
            for k in range(SIZE):
                left.append([float(n == i * SIZE + j) for n in range(4)])
                right.append([float(n == j * SIZE + k) for n in range(4)])
                out.append([float(n == i * SIZE + k) for n in range(4)])
    return left, right, out
