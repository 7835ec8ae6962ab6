from functools import cmp_to_key


def before(a, b):
    """More points first, then the better goal difference, then the name."""
    if a[1] != b[1]:
        return -1 if a[1] > b[1] else 1
    if a[2] != b[2]:
        return -1 if a[2] > b[2] else 1
    if a[0] != b[0]:
        return -1 if a[0] < b[0] else 1
    return 0


def table(teams):
    return [team[0] for team in sorted(teams, key=cmp_to_key(before))]
