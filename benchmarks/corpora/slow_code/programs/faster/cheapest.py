def cheapest(offers):
    ranked = sorted(offers, key=lambda offer: offer[1])
    name, price = ranked[0]
    return f"{name} for {price}"
