weights = [(i * 37) % 23 + 3 for i in range(60)]
values = [(i * 53) % 41 + 5 for i in range(60)]
capacity = 500

dp = [0] * (capacity + 1)
for w, v in zip(weights, values):
    for c in range(capacity, w - 1, -1):
        dp[c] = max(dp[c], dp[c - w] + v)
dp[capacity]
