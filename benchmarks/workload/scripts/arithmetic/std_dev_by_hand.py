values = [4.2, 5.1, 3.8, 6.0, 5.5, 4.9, 5.0]
mean = sum(values) / len(values)
variance = sum((v - mean) ** 2 for v in values) / (len(values) - 1)
std = variance ** 0.5
outliers = [v for v in values if abs(v - mean) > 1.2 * std]
dict(mean=round(mean, 4), std=round(std, 4), outliers=outliers)
