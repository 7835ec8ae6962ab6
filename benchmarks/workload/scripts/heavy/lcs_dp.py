def lcs(a, b):
    dp = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            if x == y:
                dp[i + 1][j + 1] = dp[i][j] + 1
            else:
                dp[i + 1][j + 1] = max(dp[i][j + 1], dp[i + 1][j])
    return dp[-1][-1]

s = "".join("ACGT"[(i * i + 3 * i) % 4] for i in range(400))
t = "".join("ACGT"[(i * 7 + i // 3) % 4] for i in range(400))
lcs(s, t)
