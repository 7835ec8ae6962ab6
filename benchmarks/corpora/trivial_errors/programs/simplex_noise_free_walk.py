class Generator:
    """A linear congruential generator, the same on every machine."""

    def __init__(self, seed=1):
        self.state = seed

    def next(self, limit):
        self.state = (self.state * 1103515245 + 12345) % 2**31
        return self.state // 65536 % limit


def walk(steps, seed):
    random = Generator(seed)
    x = y = 0
    path = [(x, y)]
    for _ in range(steps):
        dx, dy = [(1, 0), (-1, 0), (0, 1), (0, -1)][random.next(4)]
        x, y = x + dx, y + dy
        path.append((x, y))
    return path


def box(path):
    xs = [x for x, _ in path]
    ys = [y for _, y in path]
    return max(xs) - min(xs), max(ys) - min(ys)


path = walk(40, seed=7)
print(path[-1], box(path), len(set(path)))
print(walk(3, 1) == walk(3, 1), walk(0, seed=5))
generator = Generator(seed=42)
print([generator.next(100) for _ in range(6)])
