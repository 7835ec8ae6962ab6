import csv
import io

DATA = """region,product,amount
north,apples,10
south,apples,4
north,pears,7
south,pears,
"""


def read(text):
    return list(csv.DictReader(io.StringIO(text)))


def totals(rows, key):
    result = {}
    for row in rows:
        amount = int(row["amount"] or 0)
        result[row[key]] = result.get(row[key], 0) + amount
    return result


def write(table, header):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    for name, amount in sorted(table.items()):
        writer.writerow([name, amount])
    return out.getvalue()


rows = read(DATA)
print(len(rows), "rows")
print(write(totals(rows, "region"), ["region", "amount"]), end="")
print(write(totals(rows, key="product"), header=["product", "amount"]), end="")
