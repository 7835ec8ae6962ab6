xs = [(i * 7919 + 13) % 1009 for i in range(600)]
swaps = 0
n = len(xs)
for i in range(n):
    swapped = False
    for j in range(n - 1 - i):
        if xs[j] > xs[j + 1]:
            xs[j], xs[j + 1] = xs[j + 1], xs[j]
            swaps += 1
            swapped = True
    if not swapped:
        break
[xs[:5], swaps]
