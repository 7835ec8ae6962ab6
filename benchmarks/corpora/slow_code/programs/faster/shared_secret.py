def secret(base: int, exponent: int, prime: int) -> int:
    return base**exponent % prime
