records = [
    {"dept": "eng", "quarter": "Q1", "cost": 120}, {"dept": "eng", "quarter": "Q2", "cost": 135},
    {"dept": "ops", "quarter": "Q1", "cost": 80}, {"dept": "ops", "quarter": "Q2", "cost": 75},
    {"dept": "hr", "quarter": "Q1", "cost": 40}, {"dept": "eng", "quarter": "Q1", "cost": 15},
    {"dept": "hr", "quarter": "Q3", "cost": 44},
]

quarters = sorted({r["quarter"] for r in records})
depts = sorted({r["dept"] for r in records})
pivot = {d: {q: 0 for q in quarters} for d in depts}
for r in records:
    pivot[r["dept"]][r["quarter"]] += r["cost"]

row_totals = {d: sum(pivot[d].values()) for d in depts}
column_totals = {q: sum(pivot[d][q] for d in depts) for q in quarters}

assert sum(row_totals.values()) == sum(column_totals.values())
{"pivot": pivot, "rows": row_totals, "columns": column_totals}
