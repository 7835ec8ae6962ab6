def tilings(length: int) -> int:
    """Ways to tile a path with stones of length 1, 2 and 3, modulo 10007."""
    ways = [1, 1, 2]
    while len(ways) <= length:
        ways.append(ways[-1] + ways[-2] + ways[-3])
    return ways[length] % 10007
