import asyncio


async def user_revenue(user_id):
    user, orders = await asyncio.gather(fetch_user(user_id), list_orders(user_id))
    amount = 0.0
    for order in orders:
        if order["status"] == "returned":
            continue
        amount += order["quantity"] * await price(order["sku"])
    local = await convert(amount, user["currency"])
    return user["currency"], amount, local


async def main():
    totals = {}
    for currency, usd, local in await asyncio.gather(*(user_revenue(i) for i in range(1, 9))):
        entry = totals.setdefault(currency, {"usd": 0.0, "local": 0.0, "users": 0})
        entry["usd"] = round(entry["usd"] + usd, 2)
        entry["local"] = round(entry["local"] + local, 2)
        entry["users"] += 1
    return totals


result = await main()
result
