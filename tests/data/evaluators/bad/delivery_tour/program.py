"""The towns as they are numbered."""


def tour(towns):
    """Answer the order in which the towns are visited."""
    return list(range(len(towns)))
