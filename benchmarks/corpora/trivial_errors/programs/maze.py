MAZE = """
#########
#S..#...#
#.#.#.#.#
#.#...#E#
#########
""".strip().splitlines()


def find(sign):
    for y, row in enumerate(MAZE):
        if sign in row:
            return row.index(sign), y
    raise LookupError(sign)


def solve(start, goal):
    frontier = [start]
    came_from = {start: None}
    while frontier:
        following = []
        for x, y in frontier:
            for dx, dy in ((0, 1), (1, 0), (0, -1), (-1, 0)):
                place = (x + dx, y + dy)
                if MAZE[place[1]][place[0]] != "#" and place not in came_from:
                    came_from[place] = (x, y)
                    following.append(place)
        frontier = following
    path = []
    place = goal
    while place is not None:
        path.append(place)
        place = came_from[place]
    return path[::-1]


path = solve(find("S"), find("E"))
print(len(path) - 1, "steps")
print("\n".join("".join("*" if (x, y) in path and sign == "." else sign for x, sign in enumerate(row)) for y, row in enumerate(MAZE)))
