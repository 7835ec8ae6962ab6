STEPS = {"N": (0, 1), "E": (1, 0), "S": (0, -1), "W": (-1, 0)}


def trail(moves: str):
    x = y = 0
    places = ((x, y),)
    for move in moves:
        dx, dy = STEPS[move]
        x, y = x + dx, y + dy
        places = places + ((x, y),)
    return [len(places), len(set(places)), list(places[-1])]
