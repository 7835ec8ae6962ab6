def odd_parity(limit):
    """Numbers below the limit with an odd number of ones in binary."""
    count = 0
    for number in range(limit):
        ones = 0
        for digit in str(bin(number))[2:]:
            if int(digit) == 1:
                ones += 1
        if ones % 2 == 1:
            count += 1
    return count
