"""Algorithms for sequences of whole numbers: recurrences, sums in closed form. Each function stands for itself."""

from __future__ import annotations

from math import comb, isqrt


def fibonacci(n: int) -> int:
    """Fast doubling from F(0) = 0, F(1) = 1; O(log n) multiplications."""
    a, b = 0, 1
    for bit in f"{n:b}":
        a, b = a * (2 * b - a), a * a + b * b
        if bit == "1":
            a, b = b, a + b
    return a


def fibonacci_from_one(n: int) -> int:
    """Fast doubling from F(0) = F(1) = 1; O(log n) multiplications."""
    a, b = 0, 1
    for bit in f"{n + 1:b}":
        a, b = a * (2 * b - a), a * a + b * b
        if bit == "1":
            a, b = b, a + b
    return a


def fibonacci_from_zero_at_one(n: int) -> int:
    """Fast doubling from F(1) = 0, F(2) = 1; O(log n) multiplications."""
    a, b = 0, 1
    for bit in f"{n - 1:b}":
        a, b = a * (2 * b - a), a * a + b * b
        if bit == "1":
            a, b = b, a + b
    return a


def fibonacci_stairs(n: int) -> int:
    """Fast doubling from F(0) = 1, F(1) = 2; O(log n) multiplications."""
    a, b = 0, 1
    for bit in f"{n + 2:b}":
        a, b = a * (2 * b - a), a * a + b * b
        if bit == "1":
            a, b = b, a + b
    return a


def first_fibonacci(n: int) -> list[int]:
    """One addition a number, from 0 and 1; O(n)."""
    numbers: list[int] = []
    a, b = 0, 1
    for _ in range(n):
        numbers.append(a)
        a, b = b, a + b
    return numbers


def sum_of_fibonacci(n: int) -> int:
    """F(n + 2) - 1, by fast doubling; O(log n) multiplications."""
    a, b = 0, 1
    for bit in f"{n + 2:b}":
        a, b = a * (2 * b - a), a * a + b * b
        if bit == "1":
            a, b = b, a + b
    return a - 1


def lucas(n: int) -> int:
    """2 F(n + 1) - F(n), by fast doubling; O(log n) multiplications."""
    a, b = 0, 1
    for bit in f"{n:b}":
        a, b = a * (2 * b - a), a * a + b * b
        if bit == "1":
            a, b = b, a + b
    return 2 * b - a


def tribonacci(n: int) -> int:
    """One addition of three a step, from 0, 0, 1; O(n)."""
    a, b, c = 0, 0, 1
    for _ in range(n):
        a, b, c = b, c, a + b + c
    return a


def tribonacci_from_ones(n: int) -> int:
    """One addition of three a step, from 0, 1, 1; O(n)."""
    a, b, c = 0, 1, 1
    for _ in range(n):
        a, b, c = b, c, a + b + c
    return a


def three_step_stairs(n: int) -> int:
    """One addition of three a step, from 1, 1, 2; O(n)."""
    a, b, c = 1, 1, 2
    for _ in range(n):
        a, b, c = b, c, a + b + c
    return a


def pell(n: int) -> int:
    """One step 2 P(n - 1) + P(n - 2) a number; O(n)."""
    a, b = 0, 1
    for _ in range(n):
        a, b = b, 2 * b + a
    return a


def jacobsthal(n: int) -> int:
    """(2ⁿ - (-1)ⁿ) / 3; O(1)."""
    return ((1 << n) + (1 if n % 2 else -1)) // 3


def jacobsthal_lucas(n: int) -> int:
    """2ⁿ + (-1)ⁿ; O(1)."""
    return (1 << n) + (-1 if n % 2 else 1)


def padovan(n: int) -> int:
    """One step P(n - 2) + P(n - 3) a number, from 1, 1, 1; O(n)."""
    a, b, c = 1, 1, 1
    for _ in range(n):
        a, b, c = b, c, a + b
    return a


def perrin(n: int) -> int:
    """One step P(n - 2) + P(n - 3) a number, from 3, 0, 2; O(n)."""
    a, b, c = 3, 0, 2
    for _ in range(n):
        a, b, c = b, c, a + b
    return a


def polygonal_number(sides: int, n: int) -> int:
    """((s - 2) n² - (s - 4) n) / 2; O(1)."""
    return ((sides - 2) * n * n - (sides - 4) * n) // 2


def tetrahedral_number(n: int) -> int:
    """By formula: n (n + 1) (n + 2) / 6; O(1)."""
    return n * (n + 1) * (n + 2) // 6


def sum_up_to(n: int) -> int:
    """By formula: n (n + 1) / 2; O(1)."""
    return n * (n + 1) // 2


def sum_of_squares(n: int) -> int:
    """By formula: n (n + 1) (2 n + 1) / 6; O(1)."""
    return n * (n + 1) * (2 * n + 1) // 6


def sum_of_cubes(n: int) -> int:
    """The square of n (n + 1) / 2; O(1)."""
    return (n * (n + 1) // 2) ** 2


def sum_of_fourth_powers(n: int) -> int:
    """Faulhaber's formula; O(1)."""
    return n * (n + 1) * (2 * n + 1) * (3 * n * n + 3 * n - 1) // 30


def sum_of_first_even(n: int) -> int:
    """By formula: n (n + 1); O(1)."""
    return n * (n + 1)


def sum_of_even_up_to(n: int) -> int:
    """By formula: k (k + 1) for k = n // 2; O(1)."""
    return (n // 2) * (n // 2 + 1)


def sum_of_odd_up_to(n: int) -> int:
    """The square of how many there are; O(1)."""
    return ((n + 1) // 2) ** 2


def sum_of_odd_squares(n: int) -> int:
    """By formula: n (4 n² - 1) / 3; O(1)."""
    return n * (4 * n * n - 1) // 3


def sum_of_even_squares(n: int) -> int:
    """By formula: 2 n (n + 1) (2 n + 1) / 3; O(1)."""
    return 2 * n * (n + 1) * (2 * n + 1) // 3


def sum_of_odd_cubes(n: int) -> int:
    """By formula: n² (2 n² - 1); O(1)."""
    return n * n * (2 * n * n - 1)


def sum_of_even_cubes(n: int) -> int:
    """By formula: 2 n² (n + 1)²; O(1)."""
    return 2 * n * n * (n + 1) ** 2


def sum_of_odd_fourth_powers(n: int) -> int:
    """Faulhaber's formula for odd numbers; O(1)."""
    return n * (2 * n - 1) * (2 * n + 1) * (12 * n * n - 7) // 15


def sum_of_even_fourth_powers(n: int) -> int:
    """Sixteen times the sum of all fourth powers; O(1)."""
    return 8 * n * (n + 1) * (2 * n + 1) * (3 * n * n + 3 * n - 1) // 15


def sum_between(low: int, high: int) -> int:
    """An arithmetic series; O(1)."""
    return (low + high) * (high - low + 1) // 2 if low <= high else 0


def sum_of_odd_between(low: int, high: int) -> int:
    """The difference of two squares; O(1)."""
    return ((high + 1) // 2) ** 2 - (low // 2) ** 2


def sum_of_multiples_below(a: int, b: int, n: int) -> int:
    """Three arithmetic series; O(1)."""
    one, other, both = (n - 1) // a, (n - 1) // b, (n - 1) // (a * b)
    return (a * one * (one + 1) + b * other * (other + 1) - a * b * both * (both + 1)) // 2


def sum_of_three_or_five_below(n: int) -> int:
    """Three arithmetic series; O(1)."""
    threes, fives, both = (n - 1) // 3, (n - 1) // 5, (n - 1) // 15
    return (3 * threes * (threes + 1) + 5 * fives * (fives + 1) - 15 * both * (both + 1)) // 2


def sum_of_three_or_five_up_to(n: int) -> int:
    """Three arithmetic series; O(1)."""
    threes, fives, both = n // 3, n // 5, n // 15
    return (3 * threes * (threes + 1) + 5 * fives * (fives + 1) - 15 * both * (both + 1)) // 2


def sum_of_powers_of_two(n: int) -> int:
    """A geometric series; O(1)."""
    return (1 << n) - 1


def square_of_sum_less_sum_of_squares(n: int) -> int:
    """Both sums in closed form; O(1)."""
    return (n * (n + 1) // 2) ** 2 - n * (n + 1) * (2 * n + 1) // 6


def sum_of_triangular(n: int) -> int:
    """By formula: n (n + 1) (n + 2) / 6; O(1)."""
    return n * (n + 1) * (n + 2) // 6


def sum_of_products_of_neighbours(n: int) -> int:
    """By formula: n (n + 1) (n + 2) / 3; O(1)."""
    return n * (n + 1) * (n + 2) // 3


def sum_of_binomial_products(n: int) -> int:
    """Vandermonde's identity; O(n) steps of growing numbers."""
    return comb(2 * n, n - 1) if n else 0


def sum_of_all_divisors_up_to(n: int) -> int:
    """Each divisor as often as it divides, in blocks of equal quotients; O(√n)."""
    total, low = 0, 1
    while low <= n:
        times = n // low
        high = n // times
        total += times * (low + high) * (high - low + 1) // 2
        low = high + 1
    return total


def count_divisor_pairs_up_to(n: int) -> int:
    """Dirichlet's hyperbola: pairs with product at most n; O(√n)."""
    root = isqrt(n)
    return 2 * sum(n // k for k in range(1, root + 1)) - root * root


def divisors_summed_for_each(n: int) -> list[int]:
    """A sieve of divisors; O(n log n)."""
    sums = [0] * (n + 1)
    for k in range(1, n + 1):
        for multiple in range(k, n + 1, k):
            sums[multiple] += k
    return sums


def newman_conway(n: int) -> int:
    """The recurrence in a table; O(n)."""
    table = [0, 1, 1]
    for k in range(3, n + 1):
        last = table[-1]
        table.append(table[last] + table[k - last])
    return table[n]


def hofstadter_female(n: int) -> int:
    """The two recurrences in tables; O(n)."""
    female, male = [1], [0]
    for k in range(1, n + 1):
        male.append(k - female[male[k - 1]])
        female.append(k - male[female[k - 1]])
    return female[n]


def golomb(n: int) -> int:
    """The recurrence in a table; O(n)."""
    table = [0, 1]
    for k in range(2, n + 1):
        table.append(1 + table[k - table[table[k - 1]]])
    return table[n]


def moser_de_bruijn(n: int) -> int:
    """Binary digits read in base four; O(log n)."""
    return int(f"{n:b}", 4)


def magic_constant(n: int) -> int:
    """By formula: n (n² + 1) / 2; O(1)."""
    return n * (n * n + 1) // 2


def hypotenuse_triples(n: int) -> int:
    """Squares below a square, looked up in a set; O(n²) for numbers up to n."""
    squares = {k * k for k in range(1, n + 1)}
    return sum((a * a + b * b) in squares for a in range(1, n + 1) for b in range(a, n + 1))


def collatz_longest_start(n: int) -> int:
    """Lengths of chains, remembered for all starts; O(n log n) about."""
    length = [0, 1] + [0] * max(0, n - 1)
    for start in range(2, n + 1):
        steps, k = 0, start
        while k >= start:
            k = 3 * k + 1 if k % 2 else k // 2
            steps += 1
        length[start] = steps + length[k]
    return max(range(1, n + 1), key=length.__getitem__)
