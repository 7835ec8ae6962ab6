samples = [(i * 7919) % 101 / 10 for i in range(60)]
lo, hi, bins = 0.0, 10.1, 5
width = (hi - lo) / bins
counts = [0] * bins
for s in samples:
    index = min(int((s - lo) / width), bins - 1)
    counts[index] += 1
print("\n".join(f"{lo + i * width:5.2f} {'#' * c}" for i, c in enumerate(counts)))
counts
