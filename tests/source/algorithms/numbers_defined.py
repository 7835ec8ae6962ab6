"""Numbers by their plain meaning: primes, divisors, recurrences, sums, ways, digits and bits."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, reduce
from itertools import combinations, count, islice, pairwise, permutations, product
from math import gcd
from random import Random
from typing import Any

from .drawing import Definition, all_of, exclusive, numbers, one, text, three, two, whole


@cache
def prime(n: int) -> bool:
    return n > 1 and all(n % k for k in range(2, n))


def primes(n: int) -> list[int]:
    return [k for k in range(2, n + 1) if prime(k)]


def divs(n: int) -> list[int]:
    return [k for k in range(1, n + 1) if n % k == 0]


def factors(n: int) -> list[int]:
    first = next((k for k in range(2, n + 1) if n % k == 0), None)
    return [] if first is None else [first, *factors(n // first)]


def times(values: Any) -> int:
    return reduce(lambda a, b: a * b, values, 1)


def fact(n: int) -> int:
    return times(range(1, n + 1))


def choose(n: int, k: int) -> int:
    return fact(n) // (fact(k) * fact(n - k)) if 0 <= k <= n else 0


@cache
def recur(weights: tuple[int, ...], start: tuple[int, ...], n: int) -> int:
    """A recurrence with constant weights, the latest first."""
    if n < len(start):
        return start[n]
    return sum(weight * recur(weights, start, n - 1 - k) for k, weight in enumerate(weights))


def fib(n: int) -> int:
    return recur((1, 1), (0, 1), n)


def female(n: int) -> int:
    return n - male(female(n - 1)) if n else 1


def male(n: int) -> int:
    return n - female(male(n - 1)) if n else 0


@cache
def conway(n: int) -> int:
    return 1 if n < 3 else conway(conway(n - 1)) + conway(n - conway(n - 1))


@cache
def golomb(n: int) -> int:
    return 1 if n == 1 else 1 + golomb(n - golomb(golomb(n - 1)))


def chain(n: int) -> int:
    return 1 if n == 1 else 1 + chain(3 * n + 1 if n % 2 else n // 2)


@cache
def parts(n: int, largest: int) -> int:
    return 1 if n == 0 else sum(parts(n - k, k) for k in range(1, min(n, largest) + 1))


@cache
def second(n: int, k: int) -> int:
    return int(n == k) if n == 0 or k == 0 else k * second(n - 1, k) + second(n - 1, k - 1)


def cycles(order: tuple[int, ...]) -> int:
    left, found = set(order), 0
    while left:
        found, here = found + 1, left.pop()
        while order[here] in left:
            here = order[here]
            left.remove(here)
    return found


def fixed(order: tuple[int, ...]) -> int:
    return sum(place == item for place, item in enumerate(order))


def paths(m: int, n: int, steps: tuple[tuple[int, int], ...]) -> int:
    """Ways from (0, 0) to (m, n)."""
    if (m, n) == (0, 0):
        return 1
    return sum(paths(m - a, n - b, steps) for a, b in steps if m >= a and n >= b)


@cache
def level(n: int, height: int, limit: tuple[int, ...]) -> int:
    """Walks of n steps by these amounts from a height down to nothing, never below."""
    if n == 0:
        return int(height == 0)
    return sum(level(n - 1, height + step, limit) for step in limit if height + step >= 0)


@cache
def great(n: int) -> int:
    """Large Schröder numbers, by first return."""
    return 1 if n == 0 else great(n - 1) + sum(great(k) * great(n - 1 - k) for k in range(n))


def tilings(width: int, filled: int = 0, row: int = 0) -> int:
    """Of three rows by dominoes: `filled` has a bit for each cell of this column that is covered."""
    if width == 0:
        return int(filled == 0 and row == 0)
    if filled & 7 == 7:
        return tilings(width - 1, filled >> 3)
    row = next(k for k in range(3) if not filled >> k & 1)
    across = tilings(width, filled | 1 << row | 8 << row) if width > 1 else 0
    down = tilings(width, filled | 3 << row) if row < 2 and not filled >> (row + 1) & 1 else 0
    return across + down


def placings(n: int) -> int:
    return sum(
        all(abs(a - b) != j - i for (i, a), (j, b) in combinations(enumerate(order), 2))
        for order in permutations(range(n))
    )


@cache
def matchings(n: int) -> int:
    return 1 if n < 2 else matchings(n - 1) + sum(matchings(n - 2) for _ in range(n - 1))


def split(n: int) -> list[int]:
    return [int(digit) for digit in str(abs(n))]


def pos(n: int, k: int, m: int) -> bool:
    return any(n % d == 0 and k % d == 0 for d in range(2, m + 1))


def circle(n: int, k: int) -> int:
    people, place = list(range(n)), 0
    while len(people) > 1:
        place = (place + k - 1) % len(people)
        people.pop(place)
    return people[0]


def nth_ugly(n: int) -> int:
    return sorted(2**a * 3**b * 5**c for a in range(20) for b in range(13) for c in range(9))[n - 1]


def peaks(n: int, k: int) -> int:
    """Paths of n steps up and n down, never below the ground, with k peaks."""
    return sum(word.count("ud") == k for word in dyck(n))


@cache
def dyck(n: int) -> frozenset[str]:
    """All such paths, by first return."""
    if n == 0:
        return frozenset({""})
    return frozenset(f"u{a}d{b}" for k in range(n) for a in dyck(k) for b in dyck(n - 1 - k))


small, middle, nat = all_of(whole(-5, 200)), all_of(whole(1, 300)), all_of(whole(0, 60))
both = all_of(whole(1, 60), whole(1, 60))


def in_order(low: int, high: int) -> Callable[[Random], Any]:
    def draw(rng: Random) -> tuple[int, int]:
        a, b = sorted((rng.randint(low, high), rng.randint(low, high)))
        return a, b

    return draw


def under(low: int, high: int) -> Callable[[Random], Any]:
    def draw(rng: Random) -> tuple[int, int]:
        n = rng.randint(low, high)
        return n, rng.randint(low, n)

    return draw


DEFINITIONS: list[Definition] = [
    *one(small, {
        "is_prime": prime, "primes_up_to": primes, "primes_below": lambda n: primes(n - 1),
        "count_primes_up_to": lambda n: len(primes(n)), "count_primes_below": lambda n: len(primes(n - 1)),
        "sum_primes_up_to": lambda n: sum(primes(n)), "sum_primes_below": lambda n: sum(primes(n - 1)),
        "is_perfect_number": lambda n: n > 1 and sum(divs(n)[:-1]) == n,
        "is_perfect_square": lambda n: any(k * k == n for k in range(n + 1)),
        "is_power_of_two": lambda n: any(2**k == n for k in range(9)),
        "count_digits": lambda n: len(split(n)), "digit_sum": lambda n: sum(split(n)),
        "digit_product": lambda n: times(split(n)),
        "reversed_number": lambda n: (-1 if n < 0 else 1) * sum(d * 10**k for k, d in enumerate(split(n))),
    }),
    *one(all_of(whole(0, 40)), {
        "first_primes": lambda n: list(islice(filter(prime, count()), n)),
        "nth_prime": lambda n: next(islice(filter(prime, count()), n - 1, None)) if n else 0,
    }, 300),
    *one(middle, {
        "prime_factors": factors, "distinct_prime_factors": lambda n: sorted(set(factors(n))),
        "prime_factorization": lambda n: {p: factors(n).count(p) for p in sorted(set(factors(n)))},
        "largest_prime_factor": lambda n: max([1, *factors(n)]),
        "count_prime_factors": lambda n: len(factors(n)), "divisors": divs, "proper_divisors": lambda n: divs(n)[:-1],
        "count_divisors": lambda n: len(divs(n)), "sum_divisors": lambda n: sum(divs(n)),
        "sum_proper_divisors": lambda n: sum(divs(n)[:-1]),
        "totient": lambda n: sum(gcd(n, k) == 1 for k in range(1, n + 1)),
        "nth_ugly_number": lambda n: next(islice((k for k in count(1) if not set(factors(k)) - {2, 3, 5}), n - 1, None))
        if n < 40 else nth_ugly(n),
        "integer_root": lambda n: max(k for k in range(n + 1) if k * k <= n),
        "integer_cube_root": lambda n: max(k for k in range(n + 1) if k**3 <= n),
        "highest_power_of_two": lambda n: max(2**k for k in range(10) if 2**k <= n),
        "next_power_of_two": lambda n: min(2**k for k in range(10) if 2**k >= n),
        "first_set_bit_position": lambda n: min(k for k in range(1, 10) if n >> (k - 1) & 1),
        "highest_set_bit_position": lambda n: max(k for k in range(1, 10) if n >> (k - 1) & 1),
        "count_numbers_with_equal_sum_and_xor": lambda n: sum(n + k == n ^ k for k in range(n + 1)),
    }, 400),
    *one(all_of(whole(2, 300)), {
        "smallest_divisor": lambda n: divs(n)[1], "largest_proper_divisor": lambda n: divs(n)[-2],
    }),
    *one(all_of(whole(-300, 300)), {
        "is_perfect_cube": lambda n: any(k**3 == abs(n) for k in range(8)),
    }),
    *two(all_of(whole(-40, 40), whole(-40, 40)), {
        "greatest_common_divisor": lambda a, b: max((k for k in range(1, 41) if a % k == b % k == 0), default=0)
        if a or b else 0,
        "are_coprime": lambda a, b: abs(a) + abs(b) > 0 and not pos(a, b, 40),
    }),
    *two(both, {
        "least_common_multiple": lambda a, b: next(k for k in count(1) if k % a == 0 and k % b == 0),
        "count_common_divisors": lambda a, b: len(set(divs(a)) & set(divs(b))),
        "sum_common_divisors": lambda a, b: sum(set(divs(a)) & set(divs(b))),
        "hamming_distance_of_numbers": lambda a, b: f"{a ^ b:b}".count("1"),
    }),
    *one(all_of(numbers(1, 30, 5, 1)), {
        "gcd_of_all": lambda items: max(k for k in range(1, 31) if all(item % k == 0 for item in items)),
        "lcm_of_all": lambda items: reduce(lambda a, b: next(k for k in count(a, a) if k % b == 0), items, 1),
        "product_of_all": times,
    }),
    *one(all_of(whole(1, 12)), {
        "lcm_up_to": lambda n: next(k for k in count(1) if all(k % d == 0 for d in range(1, n + 1))),
    }, 40),
    *three(all_of(whole(-20, 60), whole(0, 20), whole(1, 40)), {"modular_power": lambda b, e, m: times([b] * e) % m}),
    *two(all_of(whole(-20, 60), whole(0, 20)), {"power": lambda b, e: times([b] * e)}),
    *two(all_of(whole(1, 40), whole(41, 41)), {"modular_inverse": lambda a, m: next(k for k in range(m)
        if a * k % m == 1)
        if a % m else 0}, 1),
    *two(all_of(whole(1, 300), whole(2, 7)), {"is_power_of": lambda n, b: any(b**k == n for k in range(10))}),
    *one(all_of(whole(0, 130)), {
        "trailing_zeros_of_factorial": lambda n: len(str(fact(n))) - len(str(fact(n)).rstrip("0")),
    }, 200),
    *two(all_of(whole(0, 40), whole(2, 2)), {"exponent_in_factorial": lambda n, p: max(k for k in range(60)
        if fact(n) % p**k == 0)}, 100),
    *two(in_order(0, 200), {
        "count_squares_between": lambda a, b: sum(k * k in range(a, b + 1) for k in range(20)),
        "sum_between": lambda a, b: sum(range(a, b + 1)),
        "sum_of_odd_between": lambda a, b: sum(k for k in range(a, b + 1) if k % 2),
    }),
    *three(all_of(whole(1, 9), whole(1, 9), whole(1, 90)), {
        "least_multiple_above": lambda a, b, n: next(k for k in count(n) if k % a == 0 and k % b == 0),
    }),
    *two(both, {"josephus": circle}, 300),
    *three(all_of(whole(0, 30), whole(0, 30), whole(2, 50)), {"binomial_modulo": lambda n, k, p: choose(n, k) % p}),
    *one(nat, {
        "fibonacci": fib, "fibonacci_from_one": lambda n: fib(n + 1), "fibonacci_stairs": lambda n: fib(n + 2),
        "first_fibonacci": lambda n: [fib(k) for k in range(n)],
        "sum_of_fibonacci": lambda n: sum(fib(k) for k in range(n + 1)),
        "lucas": lambda n: recur((1, 1), (2, 1), n), "tribonacci": lambda n: recur((1, 1, 1), (0, 0, 1), n),
        "tribonacci_from_ones": lambda n: recur((1, 1, 1), (0, 1, 1), n),
        "three_step_stairs": lambda n: recur((1, 1, 1), (1, 1, 2), n), "pell": lambda n: recur((2, 1), (0, 1), n),
        "jacobsthal": lambda n: recur((1, 2), (0, 1), n), "jacobsthal_lucas": lambda n: recur((1, 2), (2, 1), n),
        "padovan": lambda n: recur((0, 1, 1), (1, 1, 1), n), "perrin": lambda n: recur((0, 1, 1), (3, 0, 2), n),
        "tetrahedral_number": lambda n: sum(sum(range(k + 1)) for k in range(n + 1)),
        "sum_up_to": lambda n: sum(range(n + 1)), "sum_of_squares": lambda n: sum(k**2 for k in range(n + 1)),
        "sum_of_cubes": lambda n: sum(k**3 for k in range(n + 1)),
        "sum_of_fourth_powers": lambda n: sum(k**4 for k in range(n + 1)),
        "sum_of_first_even": lambda n: sum(2 * k for k in range(n + 1)),
        "sum_of_even_up_to": lambda n: sum(range(0, n + 1, 2)), "sum_of_odd_up_to": lambda n: sum(range(1, n + 1, 2)),
        "sum_of_odd_squares": lambda n: sum((2 * k + 1) ** 2 for k in range(n)),
        "sum_of_even_squares": lambda n: sum((2 * k) ** 2 for k in range(n + 1)),
        "sum_of_odd_cubes": lambda n: sum((2 * k + 1) ** 3 for k in range(n)),
        "sum_of_even_cubes": lambda n: sum((2 * k) ** 3 for k in range(n + 1)),
        "sum_of_odd_fourth_powers": lambda n: sum((2 * k + 1) ** 4 for k in range(n)),
        "sum_of_even_fourth_powers": lambda n: sum((2 * k) ** 4 for k in range(n + 1)),
        "sum_of_powers_of_two": lambda n: sum(2**k for k in range(n)),
        "square_of_sum_less_sum_of_squares": lambda n: sum(range(n + 1)) ** 2 - sum(k * k for k in range(n + 1)),
        "sum_of_triangular": lambda n: sum(k * (k + 1) // 2 for k in range(n + 1)),
        "sum_of_products_of_neighbours": lambda n: sum(k * (k + 1) for k in range(n + 1)),
        "sum_of_binomial_products": lambda n: sum(choose(n, k) * choose(n, k + 1) for k in range(n)),
        "sum_of_all_divisors_up_to": lambda n: sum(sum(divs(k)) for k in range(n + 1)),
        "count_divisor_pairs_up_to": lambda n: sum(len(divs(k)) for k in range(n + 1)),
        "divisors_summed_for_each": lambda n: [sum(divs(k)) for k in range(n + 1)],
        "moser_de_bruijn": lambda n: sum(4**k for k in range(7) if n >> k & 1),
        "magic_constant": lambda n: sum(range(n * n + 1)) // n if n else 0,
        "factorial_of": fact, "double_factorial": lambda n: times(k for k in range(n, 0, -2)),
        "product_of_factorials": lambda n: times(fact(k) for k in range(n + 1)),
        "sum_of_factorials": lambda n: sum(fact(k) for k in range(1, n + 1)),
        "central_binomial": lambda n: choose(2 * n, n), "pascal_row": lambda n: [choose(n, k) for k in range(n + 1)],
        "pascal_triangle": lambda n: [[choose(k, j) for j in range(k + 1)] for k in range(n)],
        "catalan": lambda n: choose(2 * n, n) - choose(2 * n, n + 1), "partitions": lambda n: parts(n, n),
        "motzkin": lambda n: level(n, 0, (-1, 0, 1)), "is_palindrome_number": lambda n: split(n) == split(n)[::-1],
        "xor_up_to": lambda n: exclusive(range(n + 1)),
        "digital_root": lambda n: n if n < 10 else sum(split(n)) if sum(split(n)) < 10 else sum(split(sum(split(n)))),
        "count_set_bits": lambda n: sum(n >> k & 1 for k in range(9)),
        "count_set_bits_up_to": lambda n: sum(f"{k:b}".count("1") for k in range(n + 1)),
        "is_odd_parity": lambda n: f"{n:b}".count("1") % 2 == 1,
        "binary_text": lambda n: ("" if n < 2 else format(n // 2, "b")) + str(n % 2),
        "binary_as_decimal": lambda n: int("".join(str(n >> k & 1) for k in range(8, -1, -1))),
            "octal_as_decimal": lambda n: sum(n // 8**k % 8 * 10**k for k in range(4)),
        "pairings_of_friends": matchings,
    }, 150),
    *one(all_of(whole(1, 60)), {"fibonacci_from_zero_at_one": lambda n: fib(n - 1)}),
    *one(all_of(whole(1, 40)), {
        "newman_conway": conway, "golomb": golomb,
        "collatz_longest_start": lambda n: max(range(1, n + 1), key=chain),
        "hypotenuse_triples": lambda n: sum(a * a + b * b == c * c for c in range(n + 1) for b in range(1, c)
            for a in range(1, b + 1)),
    }, 60),
    *one(all_of(whole(0, 12)), {"hofstadter_female": female}, 30),
    *two(all_of(whole(3, 9), whole(0, 30)), {"polygonal_number": lambda s, n: sum(1 + (s - 2) * k for k in range(n))}),
    *three(all_of(whole(1, 1), whole(1, 12), whole(1, 200)), {
        "sum_of_multiples_below": lambda a, b, n: sum(k for k in range(n) if k % a == 0 or k % b == 0),
    }),
    *one(all_of(whole(1, 200)), {
        "sum_of_three_or_five_below": lambda n: sum(k for k in range(n) if k % 3 == 0 or k % 5 == 0),
        "sum_of_three_or_five_up_to": lambda n: sum(k for k in range(n + 1) if k % 3 == 0 or k % 5 == 0),
    }),
    *two(all_of(whole(0, 20), whole(0, 20)), {
        "binomial": choose, "falling_factorial": lambda n, k: times(range(n, n - k, -1)) if k <= n else 0,
    }),
    *one(all_of(whole(0, 7)), {
        "derangements": lambda n: sum(fixed(order) == 0 for order in permutations(range(n))),
        "bell_number": lambda n: sum(second(n, k) for k in range(n + 1)),
        "schroeder": great, "gray_code": lambda n: [k ^ k // 2 for k in range(2**n)],
        "binary_strings_without_neighbouring_ones": lambda n: sum("11" not in "".join(each)
            for each in product("01", repeat=n)),
        "domino_tilings_of_three_rows": tilings, "queens": lambda n: placings(n % 7),
    }, 12),
    *two(under(0, 6), {
        "stirling_first": lambda n, k: sum(cycles(order) == k for order in permutations(range(n))),
        "stirling_second": second, "rencontres": lambda n, k: sum(fixed(order) == k
            for order in permutations(range(n))),
        "lobb": lambda n, m: (2 * m + 1) * choose(2 * n, m + n) // (m + n + 1),
    }, 60),
    *two(under(1, 6), {
        "eulerian": lambda n, k: sum(sum(a < b for a, b in pairwise(order)) == k
            for order in permutations(range(n))),
        "narayana": peaks,
    }, 60),
    *two(all_of(whole(0, 5), whole(0, 5)), {
        "delannoy": lambda m, n: paths(m, n, ((1, 0), (0, 1), (1, 1))),
        "lattice_paths_of_steps": lambda m, n: paths(m, n, ((1, 0), (0, 1))),
    }, 80),
    *two(all_of(whole(1, 6), whole(1, 6)), {"lattice_paths": lambda m, n: paths(m - 1, n - 1, ((1, 0), (0, 1)))}, 80),
    *one(all_of(text("abc", 6)), {"count_arrangements": lambda word: len(set(permutations(word)))}, 200),
    *two(all_of(whole(1, 5), whole(1, 4)), {
        "fence_colourings": lambda n, k: sum(all(len(set(row[i : i + 3])) > 1 for i in range(n - 2))
            for row in product(range(k), repeat=n)),
    }, 60),
    *one(all_of(whole(0, 10_000)), {
        "is_armstrong_number": lambda n: sum(d ** len(split(n)) for d in split(n)) == n,
    }),
    *one(all_of(text("01", 9, 1)), {
        "binary_value": lambda word: sum(2**k for k, bit in enumerate(reversed(word)) if bit == "1"),
    }),
    *one(lambda rng: (int(f"1{rng.getrandbits(8):b}"),), {
        "decimal_of_binary": lambda n: sum(2**k for k, bit in enumerate(reversed(str(n))) if bit == "1"),
    }),
    *one(all_of(whole(0, 1300)), {
        "count_digit_one_up_to": lambda n: sum(str(k).count("1") for k in range(n + 1)),
        "sum_of_all_digits_up_to": lambda n: sum(sum(split(k)) for k in range(n + 1)),
    }, 100),
]  # fmt: skip
