import asyncio

SKUS = ["A-100", "A-200", "B-100", "B-300", "C-010", "C-020", "D-500", "E-042"]
THRESHOLD = 15


async def check(sku):
    count = await stock(sku)
    return sku, count


async def main():
    levels = await asyncio.gather(*[check(sku) for sku in SKUS])
    low = {sku: count for sku, count in levels if count < THRESHOLD}
    if not low:
        return {"low": [], "sent": 0}
    body = "\n".join(f"{sku}: only {count} left" for sku, count in sorted(low.items()))
    receipt = await send("buyer@example.com", body)
    return {"low": sorted(low), "sent": receipt["length"], "status": receipt["status"]}


await main()
