def report(orders, customers):
    lines = []
    for order in orders:
        name = "unknown"
        for customer in customers:
            if customer["id"] == order["customer"]:
                name = customer["name"]
                break
        lines.append(f"{name}: {order['total']}")
    return lines
