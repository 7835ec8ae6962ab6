cache = {}
calls = 0

async def cached_price(sku):
    global calls
    if sku not in cache:
        calls += 1
        cache[sku] = await price(sku)
    return cache[sku]

total = 0
for uid in range(1, 13):
    for o in await list_orders(uid):
        total += o["quantity"] * await cached_price(o["sku"])

[round(total, 2), calls]
