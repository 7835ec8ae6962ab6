"""All teams."""


def choose(teams):
    """Answer the numbers of some teams; each is a list of what it knows, out of 0 to 19."""
    return list(range(len(teams)))
