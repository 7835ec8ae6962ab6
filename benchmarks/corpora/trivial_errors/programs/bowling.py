def frames(rolls):
    """Pairs of a position in the rolls and the number of the frame."""
    position = 0
    for frame in range(1, 11):
        yield frame, position
        position += 1 if rolls[position] == 10 else 2


def score(rolls):
    total = 0
    for frame, position in frames(rolls):
        first = rolls[position]
        second = rolls[position + 1]
        if first == 10 or first + second == 10:
            total += first + second + rolls[position + 2]
        else:
            total += first + second
    return total


GAMES = {
    "gutter": [0] * 20,
    "ones": [1] * 20,
    "perfect": [10] * 12,
    "spares": [5] * 21,
    "mixed": [10, 3, 7, 6, 1, 10, 10, 10, 2, 8, 9, 0, 7, 3, 10, 10, 10],
}

for name, rolls in GAMES.items():
    print(name.rjust(8), score(rolls))
assert score(GAMES["perfect"]) == 300
assert score(GAMES["spares"]) == 150
