opened = []
for user_id in range(1, 7):
    for order in list_orders(user_id):
        if order["status"] == "returned":
            priority = "high" if price(order["sku"]) > 100 else "normal"
            ticket = create_ticket(f"Return {order['id']}", priority=priority)
            opened.append([ticket["id"], ticket["priority"]])
opened
