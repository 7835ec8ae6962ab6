"""Algorithms of counting: how many ways there are, and digits and bits of numbers. Each function stands for itself."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from math import comb, factorial, perm, prod


def factorial_of(n: int) -> int:
    """A product in halves, built in; O(n) multiplications of growing numbers."""
    return factorial(n)


def double_factorial(n: int) -> int:
    """A product of every other number, built in; O(n) multiplications of growing numbers."""
    return prod(range(n, 1, -2))


def product_of_factorials(n: int) -> int:
    """One running factorial; O(n) multiplications of growing numbers."""
    product = running = 1
    for k in range(2, n + 1):
        running *= k
        product *= running
    return product


def sum_of_factorials(n: int) -> int:
    """One running factorial; O(n) multiplications of growing numbers."""
    total, running = 0, 1
    for k in range(1, n + 1):
        running *= k
        total += running
    return total


def binomial(n: int, k: int) -> int:
    """A product of k ratios, built in; O(min(k, n - k))."""
    return comb(n, k)


def falling_factorial(n: int, k: int) -> int:
    """A product of k numbers, built in; O(k)."""
    return perm(n, k)


def central_binomial(n: int) -> int:
    """A product of n ratios, built in; O(n)."""
    return comb(2 * n, n)


def catalan(n: int) -> int:
    """The central binomial by n + 1; O(n)."""
    return comb(2 * n, n) // (n + 1)


def pascal_row(n: int) -> list[int]:
    """Each entry from its left neighbour; O(n)."""
    row = [1]
    for k in range(n):
        row.append(row[-1] * (n - k) // (k + 1))
    return row


def pascal_triangle(n: int) -> list[list[int]]:
    """Each row from the one above it; O(n²)."""
    rows: list[list[int]] = []
    for k in range(n):
        above = rows[-1] if k else []
        rows.append([1, *map(sum, pairwise(above)), 1][: k + 1])
    return rows


def derangements(n: int) -> int:
    """D(n) = n D(n - 1) + (-1)ⁿ; O(n)."""
    count = 1
    for k in range(1, n + 1):
        count = k * count + (-1 if k % 2 else 1)
    return count


def bell_number(n: int) -> int:
    """The Bell triangle, a row at a time; O(n²)."""
    row = [1]
    for _ in range(n):
        below = [row[-1]]
        for left in row:
            below.append(below[-1] + left)
        row = below
    return row[0]


def stirling_second(n: int, k: int) -> int:
    """S(n, k) = k S(n - 1, k) + S(n - 1, k - 1), a row at a time; O(n k)."""
    row = [1] + [0] * k
    for _ in range(n):
        for j in range(k, 0, -1):
            row[j] = j * row[j] + row[j - 1]
        row[0] = 0
    return row[k]


def stirling_first(n: int, k: int) -> int:
    """c(n, k) = (n - 1) c(n - 1, k) + c(n - 1, k - 1), a row at a time; O(n k)."""
    row = [1] + [0] * k
    for m in range(n):
        for j in range(k, 0, -1):
            row[j] = m * row[j] + row[j - 1]
        row[0] *= m
    return row[k]


def eulerian(n: int, k: int) -> int:
    """A(n, k) = (n - k) A(n - 1, k - 1) + (k + 1) A(n - 1, k), a row at a time; O(n k)."""
    row = [1] + [0] * k
    for m in range(2, n + 1):
        for j in range(k, 0, -1):
            row[j] = (m - j) * row[j - 1] + (j + 1) * row[j]
    return row[k]


def delannoy(m: int, n: int) -> int:
    """A sum of products of binomials; O(min(m, n)) terms."""
    return sum(comb(m, k) * comb(n, k) << k for k in range(min(m, n) + 1))


def motzkin(n: int) -> int:
    """(2 n + 1) M(n - 1) + (3 n - 3) M(n - 2), by n + 2; O(n)."""
    a, b = 1, 1
    for k in range(2, n + 1):
        a, b = b, ((2 * k + 1) * b + (3 * k - 3) * a) // (k + 2)
    return b


def schroeder(n: int) -> int:
    """3 (2 n - 1) S(n - 1) - (n - 2) S(n - 2), by n + 1; O(n)."""
    a, b = 1, 2
    for k in range(2, n + 1):
        a, b = b, (3 * (2 * k - 1) * b - (k - 2) * a) // (k + 1)
    return b if n else a


def lobb(n: int, m: int) -> int:
    """(2 m + 1) / (m + n + 1) of a binomial; O(n)."""
    return (2 * m + 1) * comb(2 * n, m + n) // (m + n + 1)


def narayana(n: int, k: int) -> int:
    """A product of two binomials by n; O(n)."""
    return comb(n, k) * comb(n, k - 1) // n


def rencontres(n: int, k: int) -> int:
    """A binomial of derangements; O(n)."""
    count = 1
    for j in range(1, n - k + 1):
        count = j * count + (-1 if j % 2 else 1)
    return comb(n, k) * count


def partitions(n: int) -> int:
    """Euler's recurrence over pentagonal numbers; O(n √n)."""
    counts = [1] + [0] * n
    for total in range(1, n + 1):
        k = found = 0
        while (pentagonal := (k := k + 1) * (3 * k - 1) // 2) <= total:
            term = counts[total - pentagonal]
            if pentagonal + k <= total:
                term += counts[total - pentagonal - k]
            found += term if k % 2 else -term
        counts[total] = found
    return counts[n]


def lattice_paths(rows: int, columns: int) -> int:
    """A binomial: which of all steps go down; O(min(rows, columns))."""
    return comb(rows + columns - 2, rows - 1)


def lattice_paths_of_steps(rows: int, columns: int) -> int:
    """A binomial: which of all steps go down; O(min(rows, columns))."""
    return comb(rows + columns, rows)


def count_arrangements(text: str) -> int:
    """A multinomial of the counts of letters; O(n)."""
    return factorial(len(text)) // prod(map(factorial, Counter(text).values()))


def binary_strings_without_neighbouring_ones(n: int) -> int:
    """Two counts by the last digit; O(n)."""
    zero, one = 1, 0
    for _ in range(n):
        zero, one = zero + one, zero
    return zero + one


def fence_colourings(n: int, k: int) -> int:
    """Two counts: the last two posts alike, or not; O(n)."""
    same, different = 0, k
    for _ in range(n - 1):
        same, different = different, (same + different) * (k - 1)
    return same + different


def pairings_of_friends(n: int) -> int:
    """f(n) = f(n - 1) + (n - 1) f(n - 2); O(n)."""
    a, b = 1, 1
    for k in range(2, n + 1):
        a, b = b, b + (k - 1) * a
    return b


def domino_tilings_of_three_rows(n: int) -> int:
    """f(n) = 4 f(n - 2) - f(n - 4); O(n)."""
    if n % 2:
        return 0
    a, b = 1, 1
    for _ in range(n // 2):
        a, b = b, 4 * b - a
    return b


def queens(n: int) -> int:
    """Rows of bits: columns and both diagonals under attack; O(n!) at worst, far less by what is cut off."""
    full = (1 << n) - 1

    def count(columns: int, left: int, right: int) -> int:
        if columns == full:
            return 1
        found, free = 0, full & ~(columns | left | right)
        while free:
            spot = free & -free
            free ^= spot
            found += count(columns | spot, (left | spot) << 1, (right | spot) >> 1)
        return found

    return count(0, 0, 0)


def digit_sum(n: int) -> int:
    """Digits as bytes of the decimal text, summed up; O(d)."""
    return sum(str(abs(n)).encode()) - 48 * len(str(abs(n)))


def digit_product(n: int) -> int:
    """A product over the decimal text; O(d)."""
    return prod(map(int, str(abs(n))))


def count_digits(n: int) -> int:
    """The length of the decimal text; O(d)."""
    return len(str(abs(n)))


def reversed_number(n: int) -> int:
    """The decimal text from its end; O(d)."""
    return int(str(n)[::-1]) if n >= 0 else -int(str(-n)[::-1])


def digital_root(n: int) -> int:
    """The remainder by nine; O(1)."""
    return 1 + (n - 1) % 9 if n else 0


def is_palindrome_number(n: int) -> bool:
    """The decimal text from both ends; O(d)."""
    return str(n) == str(n)[::-1]


def is_armstrong_number(n: int) -> bool:
    """Powers of the ten digits, looked up; O(d)."""
    text = str(n)
    return sum(int(digit) ** len(text) * text.count(digit) for digit in set(text)) == n


def binary_text(n: int) -> str:
    """Digits in base two, built in; O(d)."""
    return f"{n:b}"


def binary_value(text: str) -> int:
    """A number read in base two, built in; O(d)."""
    return int(text, 2)


def decimal_of_binary(n: int) -> int:
    """Decimal digits read in base two, built in; O(d)."""
    return int(str(n), 2)


def binary_as_decimal(n: int) -> int:
    """Digits in base two, read in base ten; O(d)."""
    return int(f"{n:b}")


def octal_as_decimal(n: int) -> int:
    """Digits in base eight, read in base ten; O(d)."""
    return int(f"{n:o}")


def count_set_bits(n: int) -> int:
    """Bits counted by the processor; O(d)."""
    return n.bit_count()


def count_set_bits_up_to(n: int) -> int:
    """Full cycles of each bit, and the rest; O(log n)."""
    count, bit = 0, 1
    while bit <= n:
        cycles, rest = divmod(n + 1, 2 * bit)
        count += cycles * bit + max(0, rest - bit)
        bit *= 2
    return count


def is_odd_parity(n: int) -> bool:
    """Bits counted by the processor; O(d)."""
    return n.bit_count() % 2 == 1


def hamming_distance_of_numbers(a: int, b: int) -> int:
    """Bits of the difference, counted by the processor; O(d)."""
    return (a ^ b).bit_count()


def highest_power_of_two(n: int) -> int:
    """By the length in bits; O(1)."""
    return 1 << (n.bit_length() - 1)


def next_power_of_two(n: int) -> int:
    """By the length in bits; O(1)."""
    return 1 << (n - 1).bit_length()


def first_set_bit_position(n: int) -> int:
    """The lowest bit, by its length; O(1)."""
    return (n & -n).bit_length()


def highest_set_bit_position(n: int) -> int:
    """The length in bits; O(1)."""
    return n.bit_length()


def xor_up_to(n: int) -> int:
    """A cycle of four; O(1)."""
    return (n, 1, n + 1, 0)[n % 4]


def count_numbers_with_equal_sum_and_xor(n: int) -> int:
    """A power of two for the zero bits; O(d)."""
    return 1 << (n.bit_length() - n.bit_count())


def gray_code(n: int) -> list[int]:
    """Each number xor its half; O(2ⁿ)."""
    return [k ^ (k >> 1) for k in range(1 << n)]


def count_digit_one_up_to(n: int) -> int:
    """Full cycles at each decimal place, and the rest; O(log n)."""
    count, place = 0, 1
    while place <= n:
        above, rest = divmod(n, place * 10)
        count += above * place + min(max(rest - place + 1, 0), place)
        place *= 10
    return count


def sum_of_all_digits_up_to(n: int) -> int:
    """Full cycles at each decimal place, and the rest; O(log n)."""
    total, place = 0, 1
    while place <= n:
        above, rest = divmod(n, place * 10)
        digit, lower = divmod(rest, place)
        total += above * 45 * place + digit * (digit - 1) // 2 * place + digit * (lower + 1)
        place *= 10
    return total
