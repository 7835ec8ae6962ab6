principal = 10_000
rate = 0.045
years = 15

balance = principal
history = []
for year in range(1, years + 1):
    balance *= 1 + rate
    history.append((year, round(balance, 2)))

history[-1]
