"""Walks to every patch of grass from the corner and back again."""

from collections import deque


def route(lawn, goal):
    """A shortest way from the corner to a place."""
    came, todo = {(0, 0): None}, deque([(0, 0)])
    while todo:
        row, column = here = todo.popleft()
        for there in ((row + 1, column), (row - 1, column), (row, column + 1), (row, column - 1)):
            if 0 <= there[0] < len(lawn) and 0 <= there[1] < len(lawn[0]) and lawn[there[0]][there[1]] == ".":
                if there not in came:
                    came[there] = here
                    todo.append(there)
    way = []
    while goal is not None:
        way.append(goal)
        goal = came[goal]
    return way[::-1]


def mow(lawn):
    """Answer the places (row, column) that the mower goes to, from (0, 0); `#` is a flower bed."""
    path = [(0, 0)]
    for row, line in enumerate(lawn):
        for column, what in enumerate(line):
            if what == ".":
                way = route(lawn, (row, column))
                path += way[1:] + way[-2::-1]
    return path
