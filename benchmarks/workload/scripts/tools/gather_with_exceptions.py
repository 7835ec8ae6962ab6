import asyncio

skus = ["A-100", "Z-999", "D-500", "Q-1", "E-042"]
answers = await asyncio.gather(*[price(s) for s in skus], return_exceptions=True)

ok = {}
failed = []
for sku, answer in zip(skus, answers):
    if isinstance(answer, Exception):
        failed.append(sku)
    else:
        ok[sku] = answer

{"ok": ok, "failed": failed}
