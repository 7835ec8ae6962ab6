from collections import deque
import heapq

ROADS = {
    "Aros": {"Brig": 4, "Cove": 2},
    "Brig": {"Dale": 5},
    "Cove": {"Brig": 1, "Dale": 8},
    "Dale": {"Elm": 3},
    "Elm": {},
}


def hops(start):
    distance = {start: 0}
    queue = deque([start])
    while queue:
        town = queue.popleft()
        for other in ROADS[town]:
            if other not in distance:
                distance[other] = distance[town] + 1
                queue.append(other)
    return distance


def shortest(start, goal):
    heap = [(0, start, [start])]
    done = set()
    while heap:
        cost, town, path = heapq.heappop(heap)
        if town == goal:
            return cost, path
        if town in done:
            continue
        done.add(town)
        for other, miles in ROADS[town].items():
            heapq.heappush(heap, (cost + miles, other, path + [other]))
    return None


print(hops("Aros"))
cost, path = shortest("Aros", "Elm")
print(cost, " > ".join(path))
print(shortest("Elm", "Aros"))
