"""Algorithms of number theory: primes, divisors, powers, roots. Each function stands for itself; see the package."""

from __future__ import annotations

from itertools import compress
from math import ceil, comb, gcd, isqrt, lcm, log, prod


def is_prime(n: int) -> bool:
    """Miller-Rabin test to bases that decide numbers of this size (Sorenson & Webster, 2015); O(log³ n)."""
    if n < 2:
        return False
    for p in (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41):
        if n % p == 0:
            return n == p
    if n >= 3317044064679887385961981:
        return all(n % k for k in range(43, isqrt(n) + 1, 2))
    twos = ((n - 1) & (1 - n)).bit_length() - 1
    for base in (2, 3, 5, 7) if n < 3215031751 else (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41):
        x = pow(base, (n - 1) >> twos, n)
        if x != 1 and all(pow(x, 1 << k, n) != n - 1 for k in range(twos)):
            return False
    return True


def primes_up_to(n: int) -> list[int]:
    """Sieve of Eratosthenes over slices; O(n log log n)."""
    if n < 2:
        return []
    sieve = bytearray(b"\1") * (n + 1)
    sieve[0:2] = b"\0\0"
    for p in range(2, isqrt(n) + 1):
        if sieve[p]:
            sieve[p * p :: p] = bytes(len(range(p * p, n + 1, p)))
    return list(compress(range(n + 1), sieve))


def primes_below(n: int) -> list[int]:
    """Sieve of Eratosthenes over slices; O(n log log n)."""
    if n < 3:
        return []
    sieve = bytearray(b"\1") * n
    sieve[0:2] = b"\0\0"
    for p in range(2, isqrt(n - 1) + 1):
        if sieve[p]:
            sieve[p * p :: p] = bytes(len(range(p * p, n, p)))
    return list(compress(range(n), sieve))


def count_primes_up_to(n: int) -> int:
    """Sieve of Eratosthenes, counted; O(n log log n)."""
    if n < 2:
        return 0
    sieve = bytearray(b"\1") * (n + 1)
    sieve[0:2] = b"\0\0"
    for p in range(2, isqrt(n) + 1):
        if sieve[p]:
            sieve[p * p :: p] = bytes(len(range(p * p, n + 1, p)))
    return sum(sieve)


def count_primes_below(n: int) -> int:
    """Sieve of Eratosthenes, counted; O(n log log n)."""
    if n < 3:
        return 0
    sieve = bytearray(b"\1") * n
    sieve[0:2] = b"\0\0"
    for p in range(2, isqrt(n - 1) + 1):
        if sieve[p]:
            sieve[p * p :: p] = bytes(len(range(p * p, n, p)))
    return sum(sieve)


def sum_primes_up_to(n: int) -> int:
    """Sieve of Eratosthenes, summed up; O(n log log n)."""
    if n < 2:
        return 0
    sieve = bytearray(b"\1") * (n + 1)
    sieve[0:2] = b"\0\0"
    for p in range(2, isqrt(n) + 1):
        if sieve[p]:
            sieve[p * p :: p] = bytes(len(range(p * p, n + 1, p)))
    return sum(compress(range(n + 1), sieve))


def sum_primes_below(n: int) -> int:
    """Sieve of Eratosthenes, summed up; O(n log log n)."""
    if n < 3:
        return 0
    sieve = bytearray(b"\1") * n
    sieve[0:2] = b"\0\0"
    for p in range(2, isqrt(n - 1) + 1):
        if sieve[p]:
            sieve[p * p :: p] = bytes(len(range(p * p, n, p)))
    return sum(compress(range(n), sieve))


def first_primes(n: int) -> list[int]:
    """Sieve of Eratosthenes up to a bound of the n-th prime (Rosser, 1941); O(n log n log log n)."""
    if n < 1:
        return []
    top = 12 if n < 6 else ceil(n * (log(n) + log(log(n))))
    sieve = bytearray(b"\1") * (top + 1)
    sieve[0:2] = b"\0\0"
    for p in range(2, isqrt(top) + 1):
        if sieve[p]:
            sieve[p * p :: p] = bytes(len(range(p * p, top + 1, p)))
    return list(compress(range(top + 1), sieve))[:n]


def nth_prime(n: int) -> int:
    """Sieve of Eratosthenes up to a bound of the n-th prime (Rosser, 1941); O(n log n log log n)."""
    if n < 1:
        return 0
    top = 12 if n < 6 else ceil(n * (log(n) + log(log(n))))
    sieve = bytearray(b"\1") * (top + 1)
    sieve[0:2] = b"\0\0"
    for p in range(2, isqrt(top) + 1):
        if sieve[p]:
            sieve[p * p :: p] = bytes(len(range(p * p, top + 1, p)))
    return list(compress(range(top + 1), sieve))[n - 1]


def prime_factors(n: int) -> list[int]:
    """Trial division by 2 and odd numbers up to the root of what is left; O(√n)."""
    factors: list[int] = []
    while n > 0 and n % 2 == 0:
        factors.append(2)
        n //= 2
    p = 3
    while p * p <= n:
        while n % p == 0:
            factors.append(p)
            n //= p
        p += 2
    if n > 1:
        factors.append(n)
    return factors


def distinct_prime_factors(n: int) -> list[int]:
    """Trial division by 2 and odd numbers up to the root of what is left; O(√n)."""
    factors: list[int] = []
    p = 2
    while p * p <= n:
        if n % p == 0:
            factors.append(p)
            while n % p == 0:
                n //= p
        p += 1 if p == 2 else 2
    if n > 1:
        factors.append(n)
    return factors


def prime_factorization(n: int) -> dict[int, int]:
    """Trial division by 2 and odd numbers up to the root of what is left; O(√n)."""
    powers: dict[int, int] = {}
    p = 2
    while p * p <= n:
        while n % p == 0:
            powers[p] = powers.get(p, 0) + 1
            n //= p
        p += 1 if p == 2 else 2
    if n > 1:
        powers[n] = powers.get(n, 0) + 1
    return powers


def largest_prime_factor(n: int) -> int:
    """Trial division by 2 and odd numbers up to the root of what is left; O(√n)."""
    largest = 1
    p = 2
    while p * p <= n:
        while n % p == 0:
            largest = p
            n //= p
        p += 1 if p == 2 else 2
    return n if n > 1 else largest


def smallest_divisor(n: int) -> int:
    """Trial division by 2 and odd numbers up to the root; O(√n)."""
    if n % 2 == 0:
        return 2
    for p in range(3, isqrt(n) + 1, 2):
        if n % p == 0:
            return p
    return n


def largest_proper_divisor(n: int) -> int:
    """The number by its smallest divisor, found up to the root; O(√n)."""
    if n % 2 == 0:
        return n // 2
    for p in range(3, isqrt(n) + 1, 2):
        if n % p == 0:
            return n // p
    return 1


def count_prime_factors(n: int) -> int:
    """Trial division by 2 and odd numbers up to the root of what is left; O(√n)."""
    count = 0
    p = 2
    while p * p <= n:
        while n % p == 0:
            count += 1
            n //= p
        p += 1 if p == 2 else 2
    return count + (n > 1)


def divisors(n: int) -> list[int]:
    """Divisors in pairs up to the root; O(√n)."""
    small: list[int] = []
    large: list[int] = []
    for k in range(1, isqrt(n) + 1):
        if n % k == 0:
            small.append(k)
            if k != n // k:
                large.append(n // k)
    return small + large[::-1]


def proper_divisors(n: int) -> list[int]:
    """Divisors in pairs up to the root, without the number itself; O(√n)."""
    small: list[int] = []
    large: list[int] = []
    for k in range(1, isqrt(n) + 1):
        if n % k == 0:
            small.append(k)
            if k != n // k:
                large.append(n // k)
    return (small + large[::-1])[:-1]


def count_divisors(n: int) -> int:
    """A product over the powers of primes; O(√n), less where factors are small."""
    count = 1
    p = 2
    while p * p <= n:
        power = 1
        while n % p == 0:
            power += 1
            n //= p
        count *= power
        p += 1 if p == 2 else 2
    return 2 * count if n > 1 else count


def sum_divisors(n: int) -> int:
    """A product over the powers of primes; O(√n), less where factors are small."""
    total = 1
    p = 2
    while p * p <= n:
        power = 1
        while n % p == 0:
            power = power * p + 1
            n //= p
        total *= power
        p += 1 if p == 2 else 2
    return total * (n + 1) if n > 1 else total


def sum_proper_divisors(n: int) -> int:
    """A product over the powers of primes, less the number itself; O(√n), less where factors are small."""
    total, left = 1, n
    p = 2
    while p * p <= left:
        power = 1
        while left % p == 0:
            power = power * p + 1
            left //= p
        total *= power
        p += 1 if p == 2 else 2
    return total * (left + 1) - n if left > 1 else total - n


def is_perfect_number(n: int) -> bool:
    """Divisors in pairs up to the root, summed up; O(√n)."""
    if n < 2:
        return False
    root = isqrt(n)
    total = 1 + sum(k + n // k for k in range(2, root + 1) if n % k == 0)
    return total - (root if root > 1 and root * root == n else 0) == n


def totient(n: int) -> int:
    """Euler's product over the prime factors; O(√n)."""
    result = n
    p = 2
    while p * p <= n:
        if n % p == 0:
            result -= result // p
            while n % p == 0:
                n //= p
        p += 1 if p == 2 else 2
    return result - result // n if n > 1 else result


def greatest_common_divisor(a: int, b: int) -> int:
    """Euclid's algorithm, built in; O(log min(a, b))."""
    return gcd(a, b)


def least_common_multiple(a: int, b: int) -> int:
    """By the greatest common divisor, built in; O(log min(a, b))."""
    return lcm(a, b)


def gcd_of_all(numbers: list[int]) -> int:
    """Euclid's algorithm, built in; O(n log m)."""
    return gcd(*numbers)


def lcm_of_all(numbers: list[int]) -> int:
    """By the greatest common divisors, built in; O(n log m)."""
    return lcm(*numbers)


def lcm_up_to(n: int) -> int:
    """By the greatest common divisors, built in; O(n log n) steps of growing numbers."""
    return lcm(*range(1, n + 1))


def count_common_divisors(a: int, b: int) -> int:
    """Divisors of the greatest common divisor, in pairs up to its root; O(√gcd)."""
    common = gcd(a, b)
    root = isqrt(common)
    return 2 * sum(common % k == 0 for k in range(1, root + 1)) - (root * root == common)


def sum_common_divisors(a: int, b: int) -> int:
    """Divisors of the greatest common divisor, in pairs up to its root; O(√gcd)."""
    common = gcd(a, b)
    root = isqrt(common)
    return sum(k + common // k for k in range(1, root + 1) if common % k == 0) - (root * root == common) * root


def are_coprime(a: int, b: int) -> bool:
    """Euclid's algorithm, built in; O(log min(a, b))."""
    return gcd(a, b) == 1


def modular_power(base: int, exponent: int, modulus: int) -> int:
    """Square and multiply, built in; O(log exponent)."""
    return pow(base, exponent, modulus)


def power(base: int, exponent: int) -> int:
    """Square and multiply, built in; O(log exponent) multiplications."""
    return base**exponent


def modular_inverse(a: int, modulus: int) -> int:
    """Extended Euclid, built in; O(log modulus)."""
    return pow(a, -1, modulus)


def is_perfect_square(n: int) -> bool:
    """Newton's integer root, built in; O(log n) steps."""
    return n >= 0 and isqrt(n) ** 2 == n


def integer_root(n: int) -> int:
    """Newton's integer root, built in; O(log n) steps."""
    return isqrt(n)


def integer_cube_root(n: int) -> int:
    """Newton's method on integers; O(log n) steps."""
    if n <= 0:
        return 0
    root = 1 << -(-n.bit_length() // 3)
    while (better := (2 * root + n // (root * root)) // 3) < root:
        root = better
    return root


def is_perfect_cube(n: int) -> bool:
    """Newton's method on integers; O(log n) steps."""
    size = abs(n)
    if size == 0:
        return True
    root = 1 << -(-size.bit_length() // 3)
    while (better := (2 * root + size // (root * root)) // 3) < root:
        root = better
    return root**3 == size


def is_power_of_two(n: int) -> bool:
    """A single bit is set; O(1)."""
    return n > 0 and n & (n - 1) == 0


def is_power_of(n: int, base: int) -> bool:
    """Powers one after the other; O(log n)."""
    power = 1
    while base > 1 and power < n:
        power *= base
    return power == n


def trailing_zeros_of_factorial(n: int) -> int:
    """Legendre's formula for 5; O(log n)."""
    count = 0
    while n >= 5:
        n //= 5
        count += n
    return count


def exponent_in_factorial(n: int, p: int) -> int:
    """Legendre's formula; O(log n)."""
    count = 0
    while n >= p:
        n //= p
        count += n
    return count


def count_squares_between(low: int, high: int) -> int:
    """By integer roots of both ends; O(1)."""
    return isqrt(high) - isqrt(low - 1) if low > 0 else isqrt(high) + 1


def nth_ugly_number(n: int) -> int:
    """Three merged rows of multiples (Dijkstra's problem of Hamming); O(n)."""
    ugly = [1]
    two = three = five = 0
    while len(ugly) < n:
        least = min(2 * ugly[two], 3 * ugly[three], 5 * ugly[five])
        ugly.append(least)
        two += least == 2 * ugly[two]
        three += least == 3 * ugly[three]
        five += least == 5 * ugly[five]
    return ugly[-1]


def least_multiple_above(a: int, b: int, n: int) -> int:
    """The next multiple of the least common multiple; O(log min(a, b))."""
    step = lcm(a, b)
    return -(-n // step) * step


def josephus(n: int, k: int) -> int:
    """The recurrence of the survivor's place, from 0; O(n)."""
    place = 0
    for size in range(2, n + 1):
        place = (place + k) % size
    return place


def product_of_all(numbers: list[int]) -> int:
    """A product, built in; O(n)."""
    return prod(numbers)


def binomial_modulo(n: int, k: int, p: int) -> int:
    """By the exact binomial, reduced at the end; O(k) multiplications of growing numbers."""
    return comb(n, k) % p
