def total(amounts):
    """Added from left to right in doubles, as the ledger's specification says."""
    sum_so_far = 0.0
    for i in range(len(amounts)):
        sum_so_far = sum_so_far + amounts[i]
    return sum_so_far
