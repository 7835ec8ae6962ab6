data = [12, 15, 14, 18, 21, 19, 25, 24, 30, 28, 33, 31]
window = 3

averages = []
for i in range(len(data) - window + 1):
    chunk = data[i:i + window]
    averages.append(round(sum(chunk) / window, 3))

averages
