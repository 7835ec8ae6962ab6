from itertools import combinations


def teams(people: int, seats: int) -> int:
    """How many different teams there are."""
    count = 0
    for _ in combinations(range(people), seats):
        count += 1
    return count
