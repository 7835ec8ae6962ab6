points = [(1, 2.1), (2, 3.9), (3, 6.2), (4, 7.8), (5, 10.1), (6, 12.2)]
n = len(points)
sx = sum(x for x, _ in points)
sy = sum(y for _, y in points)
sxx = sum(x * x for x, _ in points)
sxy = sum(x * y for x, y in points)
slope = (n * sxy - sx * sy) / (n * sxx - sx ** 2)
intercept = (sy - slope * sx) / n
residuals = [round(y - (slope * x + intercept), 3) for x, y in points]
{"slope": round(slope, 4), "intercept": round(intercept, 4), "residuals": residuals, "at_10": round(slope * 10 + intercept, 2)}
