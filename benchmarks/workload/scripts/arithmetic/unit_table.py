conversions = {
    "km_to_mi": lambda x: x * 0.621371,
    "kg_to_lb": lambda x: x * 2.20462,
    "c_to_f": lambda x: x * 9 / 5 + 32,
}

table = {}
for name, fn in conversions.items():
    table[name] = [round(fn(v), 2) for v in (0, 10, 25, 100)]
table
