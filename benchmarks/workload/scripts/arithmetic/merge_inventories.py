warehouse_a = {"bolts": 340, "nuts": 120, "gears": 8}
warehouse_b = {"nuts": 200, "gears": 15, "springs": 77}
minimum = {"bolts": 300, "nuts": 350, "gears": 20, "springs": 100, "washers": 50}

combined = {}
for source in (warehouse_a, warehouse_b):
    for part, count in source.items():
        combined[part] = combined.get(part, 0) + count

to_order = {part: need - combined.get(part, 0) for part, need in minimum.items() if combined.get(part, 0) < need}
{"combined": combined, "to_order": to_order, "value": sum(to_order.values())}
