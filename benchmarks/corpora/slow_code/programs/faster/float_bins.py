def bins(values, count):
    """A histogram over [0, 1): the keys are the lower edges."""
    table = {}
    for number in range(count):
        table[number / count] = 0
    for value in values:
        for number in range(count):
            low, high = number / count, (number + 1) / count
            if low <= value < high:
                table[low] += 1
    return [[key, table[key]] for key in sorted(table)]
