from collections import deque, namedtuple

Point = namedtuple("Point", "x y")
d = deque([Point(i, i * i) for i in range(5)], maxlen=5)
d.rotate(2)
d.append(Point(9, 81))
[[p.x, p.y] for p in d]
