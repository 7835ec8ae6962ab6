items = [
    {"name": "Widget", "qty": 4, "price": 3.5},
    {"name": "Gadget", "qty": 10, "price": 1.25},
    {"name": "Doohickey", "qty": 1, "price": 99.99},
]

subtotal = sum(item["qty"] * item["price"] for item in items)
tax = subtotal * 0.08
total = round(subtotal + tax, 2)
{"subtotal": subtotal, "tax": round(tax, 2), "total": total}
