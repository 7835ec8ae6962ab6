prices = [101.2, 103.5, 99.8, 105.1, 110.0, 108.3]
changes = [round((b - a) / a * 100, 2) for a, b in zip(prices, prices[1:])]
{"changes": changes, "worst": min(changes), "best": max(changes), "total": round((prices[-1] / prices[0] - 1) * 100, 2)}
