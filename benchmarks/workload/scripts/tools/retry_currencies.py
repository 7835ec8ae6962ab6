async def first_working(amount, currencies):
    """Try currencies in order of preference until one is known."""
    tried = []
    for currency in currencies:
        try:
            value = await convert(amount, currency)
        except Exception as error:
            tried.append(currency)
            continue
        return {"currency": currency, "value": value, "failed": tried}
    raise RuntimeError("no currency works")


await first_working(100.0, ["XAU", "BTC", "GBP", "EUR"])
