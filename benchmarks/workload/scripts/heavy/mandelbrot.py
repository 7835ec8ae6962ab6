def escape(cx, cy, limit):
    x = y = 0.0
    for i in range(limit):
        x2, y2 = x * x, y * y
        if x2 + y2 > 4:
            return i
        y = 2 * x * y + cy
        x = x2 - y2 + cx
    return limit

total = 0
rows = []
for j in range(40):
    row = 0
    for i in range(80):
        row += escape(-2.2 + i * 0.04, -1.2 + j * 0.06, 100)
    rows.append(row)
    total += row
{"total": total, "middle": rows[20]}
