def brackets(incomes, limits):
    """For each income the number of the bracket; limits are in ascending order."""
    result = []
    for income in incomes:
        bracket = 0
        for limit in limits:
            if income >= limit:
                bracket += 1
            else:
                break
        result.append(bracket)
    return result
