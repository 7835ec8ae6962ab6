def step(cells, w, h):
    new = []
    for y in range(h):
        row = []
        for x in range(w):
            n = 0
            for dy in (-1, 0, 1):
                for dx in (-1, 0, 1):
                    if dx or dy:
                        n += cells[(y + dy) % h][(x + dx) % w]
            row.append(1 if n == 3 or (n == 2 and cells[y][x]) else 0)
        new.append(row)
    return new

w = h = 32
cells = [[1 if (x * 3 + y * 5 + x * y) % 7 < 2 else 0 for x in range(w)] for y in range(h)]
for generation in range(20):
    cells = step(cells, w, h)
sum(map(sum, cells))
