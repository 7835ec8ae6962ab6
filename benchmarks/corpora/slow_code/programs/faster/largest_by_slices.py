def largest(values):
    if len(values) == 1:
        return values[0]
    rest = largest(values[1:])
    return values[0] if values[0] > rest else rest
