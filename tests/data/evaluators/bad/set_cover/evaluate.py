"""Set cover: number of teams taken, and how much nobody in them knows."""

TEAMS = [
    [4, 11, 15, 17, 18], [0, 8, 15, 19], [6, 12, 15, 17, 18], [0, 4, 7, 12, 16], [1, 5, 9, 18], [8, 12, 13, 15],
    [0, 2, 3, 4, 11, 14, 18], [6, 8, 9, 13, 15, 17, 18], [5, 7, 11, 13, 14, 17, 18], [3, 5, 8, 10],
    [2, 3, 8, 9, 18], [2, 11, 13, 14, 15, 16, 18],
]  # fmt: skip


def inputs(rng):
    """The teams."""
    return [(TEAMS,)]


def score(outputs, inputs):
    """Teams taken, and things that are not covered."""
    [chosen] = outputs
    if type(chosen) is not list or not all(type(team) is int and 0 <= team < len(TEAMS) for team in chosen):
        raise ValueError(f"expected a list of numbers from 0 to {len(TEAMS) - 1}")
    if len(set(chosen)) != len(chosen):
        raise ValueError("a team is there twice")
    known = {thing for team in chosen for thing in TEAMS[team]}
    return {"teams": len(chosen), "missing": 20 - len(known)}
