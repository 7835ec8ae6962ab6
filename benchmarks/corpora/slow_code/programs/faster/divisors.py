def divisors(number):
    return [d for d in range(1, number) if number % d == 0]


def perfect(limit):
    """Numbers up to the limit that are the sum of their divisors."""
    return [number for number in range(2, limit + 1) if sum(divisors(number)) == number]
