def primes(limit):
    found = []
    for number in range(2, limit + 1):
        divisors = 0
        for candidate in range(2, number):
            if number % candidate == 0:
                divisors += 1
                break
        if divisors == 0:
            found.append(number)
    return found
