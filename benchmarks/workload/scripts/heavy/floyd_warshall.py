INF = 10 ** 9
n = 70
dist = [[0 if i == j else INF for j in range(n)] for i in range(n)]
for i in range(n):
    for k in (1, 7, 13):
        dist[i][(i * k + k) % n] = min(dist[i][(i * k + k) % n], (i * k) % 17 + 1)

for k in range(n):
    dk = dist[k]
    for i in range(n):
        dik = dist[i][k]
        if dik == INF:
            continue
        di = dist[i]
        for j in range(n):
            d = dik + dk[j]
            if d < di[j]:
                di[j] = d

reachable = [d for row in dist for d in row if d < INF]
{"pairs": len(reachable), "longest": max(reachable), "sum": sum(reachable)}
