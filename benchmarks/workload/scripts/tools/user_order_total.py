user = await fetch_user(3)
orders = await list_orders(user["id"])
total = 0
for order in orders:
    total += await price(order["sku"]) * order["quantity"]
{"user": user["name"], "orders": len(orders), "total": round(total, 2)}
