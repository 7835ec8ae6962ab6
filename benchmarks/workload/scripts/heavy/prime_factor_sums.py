def factors(n):
    out = []
    d = 2
    while d * d <= n:
        while n % d == 0:
            out.append(d)
            n //= d
        d += 1
    if n > 1:
        out.append(n)
    return out

total = 0
most = (0, 0)
for n in range(2, 20000):
    f = factors(n)
    total += sum(f)
    if len(f) > most[0]:
        most = (len(f), n)
[total, most]
