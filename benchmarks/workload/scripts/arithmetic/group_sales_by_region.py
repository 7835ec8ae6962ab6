sales = [
    ("north", 120.5), ("south", 80.0), ("north", 99.5), ("east", 45.25),
    ("south", 20.0), ("west", 310.0), ("east", 54.75), ("north", 10.0),
]

totals = {}
for region, amount in sales:
    totals[region] = totals.get(region, 0) + amount

best = max(totals, key=totals.get)
result = {
    "totals": dict(sorted(totals.items())),
    "best": best,
    "share": round(totals[best] / sum(totals.values()) * 100, 1),
}
result
