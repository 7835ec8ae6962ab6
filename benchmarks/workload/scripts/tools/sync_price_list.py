skus = ["A-100", "A-200", "C-010"]
prices = {sku: price(sku) for sku in skus}
cheapest = min(prices, key=prices.get)
{"prices": prices, "cheapest": cheapest}
