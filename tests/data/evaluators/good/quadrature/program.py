"""Newton and Cotes' closed rule with nine points."""

WEIGHTS = [989, 5888, -928, 10496, -4540, 10496, -928, 5888, 989]


def rule():
    """Answer pairs (node, weight) for integrals from -1 to 1."""
    return [(index / 4 - 1, 8 * weight / 28350 / 4) for index, weight in enumerate(WEIGHTS)]
