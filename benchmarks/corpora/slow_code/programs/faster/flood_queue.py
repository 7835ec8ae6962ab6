def reachable(neighbours, start):
    """How many places can be reached, and how far the farthest is."""
    distance = {start: 0}
    queue = [start]
    while queue:
        place = queue.pop(0)
        for other in neighbours[place]:
            if other not in distance:
                distance[other] = distance[place] + 1
                queue.append(other)
    return [len(distance), max(distance.values())]
