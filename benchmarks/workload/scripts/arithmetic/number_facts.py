def is_prime(n):
    if n < 2:
        return False
    for d in range(2, int(n ** 0.5) + 1):
        if n % d == 0:
            return False
    return True

def divisors(n):
    return [d for d in range(1, n + 1) if n % d == 0]

facts = {}
for n in [6, 28, 97, 100]:
    ds = divisors(n)
    facts[str(n)] = {
        "prime": is_prime(n),
        "perfect": sum(ds) - n == n,
        "divisors": len(ds),
        "binary": bin(n)[2:],
        "square": int(n ** 0.5) ** 2 == n,
    }
facts
