import random

random.seed(42)
inside = 0
N = 200_000
for _ in range(N):
    x, y = random.random(), random.random()
    if x * x + y * y <= 1:
        inside += 1
estimate = 4 * inside / N
abs(estimate - 3.14159) < 0.02
