def missing(numbers, paid):
    result = []
    for number in numbers:
        known = [int(key) for key in paid.keys()]
        if number not in known:
            result.append(number)
    return result
