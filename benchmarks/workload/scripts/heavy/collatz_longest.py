best, best_len = 1, 1
cache = {1: 1}
for start in range(2, 30000):
    n = start
    path = []
    while n not in cache:
        path.append(n)
        n = n // 2 if n % 2 == 0 else 3 * n + 1
    length = cache[n]
    for m in reversed(path):
        length += 1
        cache[m] = length
    if cache[start] > best_len:
        best, best_len = start, cache[start]
{"start": best, "length": best_len}
