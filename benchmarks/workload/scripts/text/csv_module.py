import csv
import io

source = '''id,title,price
1,"Cable, USB",4.50
2,"Monitor 24""",129.00
3,Keyboard,39.90
'''

reader = csv.DictReader(io.StringIO(source))
rows = list(reader)

out = io.StringIO()
writer = csv.writer(out, lineterminator="\n")
writer.writerow(["title", "with_tax"])
for row in rows:
    writer.writerow([row["title"], f"{float(row['price']) * 1.25:.2f}"])
out.getvalue()
