found = []
for n in range(10, 200_000):
    s = 0
    m = n
    while m:
        m, d = divmod(m, 10)
        s += d ** 5
    if s == n:
        found.append(n)
{"found": found, "sum": sum(found)}
