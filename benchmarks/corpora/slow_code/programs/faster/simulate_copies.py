from copy import deepcopy


def simulate(state, steps):
    """Levels of a basin: each step starts from a copy so that the caller's state stays as it is."""
    levels = []
    current = deepcopy(state)
    for step in range(steps):
        following = deepcopy(current)
        rate = following["rates"][step % len(following["rates"])]
        following["water"] = following["water"] - rate
        levels.append(following["water"])
        current = following
    return levels
