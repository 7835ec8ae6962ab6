level = 0


def price(depth):
    global level
    level += 1
    if depth <= 0:
        return level
    return price(depth - 1) + price(depth - 2)


def prices(depth):
    global level
    level = 0
    return price(depth)
