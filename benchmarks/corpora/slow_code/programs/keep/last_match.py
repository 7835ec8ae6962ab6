def last_price(changes, name):
    price = None
    for changed, value in changes:
        if changed == name:
            price = value
    return price
