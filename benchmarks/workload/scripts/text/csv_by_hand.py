raw = """name,age,city
Ann,34,Oslo
Bob,27,Lima
Cleo,45,Oslo
Dan,,Paris"""

lines = raw.split("\n")
header = lines[0].split(",")
rows = [dict(zip(header, line.split(","))) for line in lines[1:]]

for row in rows:
    row["age"] = int(row["age"]) if row["age"] else None

known = [row["age"] for row in rows if row["age"] is not None]
{"rows": rows, "mean_age": sum(known) / len(known), "cities": sorted({r["city"] for r in rows})}
