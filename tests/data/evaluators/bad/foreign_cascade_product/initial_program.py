"""Products of matrices given as lists of rows."""

# EVOLVE-BLOCK-START


def multiply(a, b):
    return [[sum(a[i][k] * b[k][j] for k in range(len(b))) for j in range(len(b[0]))] for i in range(len(a))]


# EVOLVE-BLOCK-END
