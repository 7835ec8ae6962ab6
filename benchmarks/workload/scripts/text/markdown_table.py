rows = [
    {"task": "Design", "owner": "Kim", "hours": 12},
    {"task": "Implementation", "owner": "Lee", "hours": 40.5},
    {"task": "Test", "owner": "Alexandra", "hours": 8},
]

columns = list(rows[0].keys())
widths = {c: max(len(c), *(len(str(r[c])) for r in rows)) for c in columns}

lines = []
lines.append("| " + " | ".join(c.ljust(widths[c]) for c in columns) + " |")
lines.append("|" + "|".join("-" * (widths[c] + 2) for c in columns) + "|")
for r in rows:
    cells = [str(r[c]).rjust(widths[c]) if isinstance(r[c], (int, float)) else str(r[c]).ljust(widths[c]) for c in columns]
    lines.append("| " + " | ".join(cells) + " |")
"\n".join(lines)
