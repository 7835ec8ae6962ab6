from collections import deque

W, H = 150, 150
def wall(x, y):
    return (x * x + 3 * y + x * y) % 5 == 0 and (x, y) not in ((0, 0), (W - 1, H - 1))

start, goal = (0, 0), (W - 1, H - 1)
queue = deque([(start, 0)])
seen = {start}
answer = None
while queue:
    (x, y), d = queue.popleft()
    if (x, y) == goal:
        answer = d
        break
    for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
        nx, ny = x + dx, y + dy
        if 0 <= nx < W and 0 <= ny < H and (nx, ny) not in seen and not wall(nx, ny):
            seen.add((nx, ny))
            queue.append(((nx, ny), d + 1))
{"distance": answer, "visited": len(seen)}
