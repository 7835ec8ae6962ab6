import re

text = "Order #1001: 3 x Apple @ $0.50; Order #1002: 12 x Pear @ $0.35; Order #1003: 1 x Melon @ $2.99"
pattern = re.compile(r"#(?P<id>\d+): (?P<qty>\d+) x (?P<item>\w+) @ \$(?P<price>[\d.]+)")
orders = [m.groupdict() for m in pattern.finditer(text)]
total = sum(int(o["qty"]) * float(o["price"]) for o in orders)
{"orders": orders, "total": round(total, 2), "split": re.split(r";\s*", text)[1]}
