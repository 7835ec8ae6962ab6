# Simulate a bank with 3 tellers for 50,000 customers
class Rng:
    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) & 0xFFFFFFFFFFFFFFFF
        return (self.state >> 33) / 2**31

rng = Rng(7)
free_at = [0.0, 0.0, 0.0]
clock = 0.0
waited = 0.0
longest = 0.0
for _ in range(50_000):
    clock += rng.next() * 2
    teller = min(range(3), key=lambda i: free_at[i])
    start = max(clock, free_at[teller])
    wait = start - clock
    waited += wait
    if wait > longest:
        longest = wait
    free_at[teller] = start + 1.5 + rng.next() * 2
{"mean_wait": round(waited / 50_000, 4), "longest": round(longest, 4)}
