"""Lists, and what is in them, by their plain meaning: all stretches, all pairs, all choices."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from itertools import combinations, pairwise, permutations
from random import Random
from statistics import median_low
from typing import Any

from .drawing import Definition, One, Two, all_of, exclusive, most, numbers, one, picks, runs, two, whole


def total(values: Any) -> int:
    return reduce(lambda a, b: a * b, values, 1)


def rising(items: list[int]) -> bool:
    return all(a < b for a, b in pairwise(items))


def bitonic(items: list[int]) -> bool:
    return any(rising(items[: k + 1]) and rising(items[k:][::-1]) for k in range(len(items)))


def zigzag(items: list[int]) -> bool:
    steps = [b - a for a, b in pairwise(items)]
    return all(steps) and all(a * b < 0 for a, b in pairwise(steps))


def longest(kind: One, items: list[int]) -> int:
    return max((len(each) for each in picks(items) if kind(each)), default=0)


def pair(items: list[Any], good: Two) -> list[tuple[int, int]]:
    """Places of pairs that are good."""
    return [(i, j) for i, j in combinations(range(len(items)), 2) if good(items[i], items[j])]


def index(items: Any, good: Two, other: Any = -1) -> Any:
    return next((place for place, item in enumerate(items) if good(place, item)), other)


def water(heights: list[int]) -> int:
    return sum(min(max(heights[: k + 1]), max(heights[k:])) - height for k, height in enumerate(heights))


def reachable(items: list[int], place: int = 0) -> bool:
    return place >= len(items) - 1 or any(reachable(items, place + k) for k in range(1, items[place] + 1))


def jumps(items: list[int], place: int = 0) -> int:
    if place >= len(items) - 1:
        return 0
    return 1 + min((jumps(items, place + k) for k in range(1, items[place] + 1)), default=99)


def fewest_swaps(items: list[int]) -> int:
    seen, rows, steps = {tuple(items)}, [list(items)], 0
    while not any(row == sorted(row) for row in rows):
        after: list[list[int]] = []
        for row in rows:
            for i, j in combinations(range(len(row)), 2):
                other = list(row)
                other[i], other[j] = other[j], other[i]
                if tuple(other) not in seen:
                    seen.add(tuple(other))
                    after.append(other)
        rows, steps = after, steps + 1
    return steps


def chained(pairs: list[list[int]]) -> int:
    orders = (each for k in range(len(pairs) + 1) for each in permutations(pairs, k))
    return max(len(each) for each in orders if all(a[1] < b[0] for a, b in pairwise(each)))


def merged(intervals: list[list[int]]) -> list[list[int]]:
    halves = {half for a, b in intervals for half in range(2 * a, 2 * b + 1)}
    found: list[list[int]] = []
    for half in sorted(halves):
        if half - 1 not in halves:
            found.append([half // 2, half // 2])
        found[-1][1] = half // 2
    return found


def sorted_numbers(low: int, high: int, most: int = 12) -> Callable[[Random], Any]:
    draw = numbers(low, high, most)
    return lambda rng: sorted(draw(rng))


def window(low: int = -9, high: int = 9) -> Callable[[Random], Any]:
    def draw(rng: Random) -> tuple[list[int], int]:
        items = numbers(low, high, 10, 1)(rng)
        return items, rng.randint(1, len(items))

    return draw


def spans(most: int = 5) -> Callable[[Random], Any]:
    """Intervals."""
    return lambda rng: [sorted((rng.randint(0, 20), rng.randint(0, 20))) for _ in range(rng.randint(0, most))]


def shuffled(start: int, gap: int) -> Callable[[Random], Any]:
    """Consecutive numbers in any order, with one missing if there is a gap."""

    def draw(rng: Random) -> list[int]:
        items = list(range(start, start + rng.randint(1, 9)))
        rng.shuffle(items)
        return items[gap:]

    return draw


def best_trades(prices: list[int], held: int | None = None) -> int:
    """Best of all ways to buy and sell, one piece at a time."""
    if not prices:
        return 0
    price, rest = prices[0], prices[1:]
    wait = best_trades(rest, held)
    return max(wait, best_trades(rest, price) if held is None else price - held + best_trades(prices))


any_items, some, few = all_of(numbers(-9, 9)), all_of(numbers(-9, 9, 12, 1)), all_of(numbers(-5, 9, 8, 1))
natural = all_of(numbers(0, 9))
bits = all_of(numbers(0, 1))
with_target = all_of(numbers(-5, 9), whole(-6, 12))
both = all_of(numbers(0, 9, 8), numbers(0, 9, 8))
in_order = all_of(sorted_numbers(0, 9), whole(-1, 10))

DEFINITIONS: list[Definition] = [
    *one(some, {
        "maximum_subarray": lambda items: max(map(sum, runs(items))),
        "minimum_subarray": lambda items: min(map(sum, runs(items))),
        "maximum_product_subarray": lambda items: max(map(total, runs(items))),
        "maximum_circular_subarray": lambda items: max(sum(each) for k in range(len(items))
            for each in runs(items[k:] + items[:k])),
        "best_single_sale": lambda items: max([0, *(b - a for a, b in combinations(items, 2))]),
        "count_rotations": lambda items: index(items, lambda _, item: all(item <= other for other in items)),
        "products_of_others": lambda items: [total(items[:k] + items[k + 1 :]) for k in range(len(items))],
        "largest_difference": lambda items: max(abs(a - b) for a in items for b in items),
        "largest_sum_of_extremes": lambda items: next(a for a in range(-9, 10) if a in items) + next(a
            for a in range(9, -10, -1) if a in items),
    }, 500),
    *one(any_items, {
        "maximum_subarray_or_none": lambda items: max([0, *map(sum, runs(items))]),
        "minimum_subarray_or_none": lambda items: min([0, *map(sum, runs(items))]),
        "longest_increasing_run": lambda items: max((len(each) for each in runs(items) if rising(each)), default=0),
        "longest_consecutive_sequence": lambda items: max((k for k in range(20) for a in items
            if set(range(a, a + k)) <= set(items)), default=0),
        "count_inversions": lambda items: len(pair(items, lambda a, b: a > b)),
        "count_inversion_pairs_twice": lambda items: len(pair(items, lambda a, b: a > 2 * b)),
        "count_smaller_after": lambda items: [sum(b < a for b in items[k:]) for k, a in enumerate(items)],
        "next_greater": lambda items: [next((b for b in items[k:] if b > a), -1) for k, a in enumerate(items)],
        "next_smaller": lambda items: [next((b for b in items[k:] if b < a), -1) for k, a in enumerate(items)],
        "days_until_greater": lambda items: [index(items[k:], lambda _, b, a=a: b > a, 0) for k, a in enumerate(items)],
        "running_sums": lambda items: [sum(items[: k + 1]) for k in range(len(items))],
        "running_maxima": lambda items: [max(items[: k + 1]) for k in range(len(items))],
        "running_minima": lambda items: [min(items[: k + 1]) for k in range(len(items))],
        "equilibrium_index": lambda items: index(items, lambda k, _: sum(items[:k]) == sum(items[k + 1 :])),
        "sum_of_all_subarrays": lambda items: sum(map(sum, runs(items))),
        "sum_of_odd_length_subarrays": lambda items: sum(sum(each) for each in runs(items) if len(each) % 2),
        "sum_of_subarray_minima": lambda items: sum(map(min, runs(items))),
        "leaders": lambda items: [a for k, a in enumerate(items) if all(a >= b for b in items[k:])],
        "is_sorted": lambda items: not pair(items, lambda a, b: a > b),
        "first_missing_positive": lambda items: next(k for k in range(1, 99) if k not in items),
        "smallest_missing": lambda items: next(k for k in range(99) if k not in items),
        "odd_one_out": exclusive,
        "first_with_odd_count": lambda items: next((a for a in items if items.count(a) % 2), -1),
        "first_repeated": lambda items: next((a for k, a in enumerate(items) if a in items[:k]), None),
        "has_duplicates": lambda items: any(items.count(a) > 1 for a in items),
        "repeated_items": lambda items: [a for k, a in enumerate(items) if a not in items[:k] and items.count(a) > 1],
        "unrepeated_items": lambda items: [a for a in items if items.count(a) == 1],
        "without_repeats": lambda items: [a for k, a in enumerate(items) if a not in items[:k]],
        "frequencies": lambda items: {a: items.count(a) for a in items},
        "highest_frequency": most,
        "majority_element": lambda items: next((a for a in items if items.count(a) > len(items) / 2), -1),
        "sorted_items": lambda items: [b for a in range(-9, 10) for b in items if a == b],
        "sorted_backwards": lambda items: [b for a in range(9, -10, -1) for b in items if a == b],
        "running_medians": lambda items: [median_low(items[: k + 1]) for k in range(len(items))],
        "count_equal_pairs": lambda items: len(pair(items, lambda a, b: a == b)),
        "count_unequal_pairs": lambda items: len(pair(items, lambda a, b: a != b)),
        "count_pairs_with_odd_xor": lambda items: len(pair(items, lambda a, b: (a ^ b) % 2)),
        "count_pairs_with_even_xor": lambda items: len(pair(items, lambda a, b: (a ^ b) % 2 == 0)),
        "count_pairs_with_sum_zero": lambda items: len(pair(items, lambda a, b: a + b == 0)),
        "has_pair_with_sum_zero": lambda items: bool(pair(items, lambda a, b: a + b == 0)),
        "has_triple_with_sum_zero": lambda items: any(sum(each) == 0 for each in combinations(items, 3)),
        "sum_of_pairwise_differences": lambda items: sum(abs(a - b) for a, b in combinations(items, 2)),
        "sum_of_pairwise_products": lambda items: sum(a * b for a, b in combinations(items, 2)),
        "has_subarray_with_sum_zero": lambda items: any(sum(each) == 0 for each in runs(items)),
        "largest_sum_without_neighbours": lambda items: max(sum(items[k] for k in each)
            for each in picks(range(len(items))) if all(b - a > 1 for a, b in pairwise(each))),
    }, 250),
    *one(all_of(numbers(-9, 9, 8)), {
        "longest_increasing_subsequence": lambda items: longest(rising, items),
        "longest_nondecreasing_subsequence": lambda items: longest(lambda each: each == sorted(each), items),
        "longest_decreasing_subsequence": lambda items: longest(lambda each: rising(each[::-1]), items),
        "longest_bitonic_subsequence": lambda items: longest(bitonic, items),
        "longest_zigzag_subsequence": lambda items: longest(zigzag, items),
    }, 150),
    *one(few, {
        "largest_increasing_sum": lambda items: max(sum(each) for each in picks(items) if each and rising(each)),
        "most_frequent": lambda items: next(a for a in items if items.count(a) == most(items)),
    }, 300),
    *one(all_of(numbers(0, 9, 12, 1)), {
        "trapped_water": water,
        "most_water": lambda items: max([0, *((j - i) * min(items[i], items[j]) for i,
            j in combinations(range(len(items)), 2))]),
        "largest_rectangle": lambda items: max([0, *(min(each) * len(each) for each in runs(items))]),
    }, 400),
    *one(natural, {
        "sum_of_pairwise_xors": lambda items: sum(a ^ b for a, b in combinations(items, 2)),
        "total_hamming_distance": lambda items: sum(f"{a ^ b:b}".count("1") for a, b in combinations(items, 2)),
    }),
    *one(all_of(numbers(0, 9, 6)), {"best_sales": best_trades}, 150),
    *one(all_of(numbers(0, 3, 7)), {"can_jump_to_end": reachable}, 300),
    *one(all_of(numbers(1, 3, 7, 1)), {"fewest_jumps": jumps}, 300),
    *one(lambda rng: (shuffled(0, 0)(rng)[:5],), {"fewest_swaps_to_sort": fewest_swaps}, 100),
    *one(all_of(shuffled(0, 1)), {"missing_number_from_zero": lambda items: next(k for k in range(10)
        if k not in items)}),
    *one(all_of(shuffled(1, 1)), {"missing_number_from_one": lambda items: next(k for k in range(1, 11)
        if k not in items)}),
    *one(all_of(numbers(-9, 9, 10, 3)), {
        "largest_later_difference": lambda items: max(b - a for a, b in combinations(items, 2)),
        "largest_product_of_two": lambda items: max(a * b for a, b in combinations(items, 2)),
        "largest_product_of_three": lambda items: max(map(total, combinations(items, 3))),
        "smallest_difference": lambda items: min(abs(a - b) for a, b in combinations(items, 2)),
    }, 400),
    *two(window(), {
        "window_maxima": lambda items, k: [max(items[i : i + k]) for i in range(len(items) - k + 1)],
        "window_minima": lambda items, k: [min(items[i : i + k]) for i in range(len(items) - k + 1)],
        "window_sums": lambda items, k: [sum(items[i : i + k]) for i in range(len(items) - k + 1)],
        "largest_window_sum": lambda items, k: max(sum(items[i : i + k]) for i in range(len(items) - k + 1)),
        "rotated_left": lambda items, k: [items[(i + k) % len(items)] for i in range(len(items))],
        "rotated_right": lambda items, k: [items[(i - k) % len(items)] for i in range(len(items))],
        "kth_smallest": lambda items, k: max(sorted(items)[:k]), "kth_largest": lambda items,
            k: min(sorted(items)[-k:]),
        "k_largest": lambda items, k: [a for a in range(9, -10, -1) for b in items if a == b][:k],
        "k_smallest": lambda items, k: [a for a in range(-9, 10) for b in items if a == b][:k],
        "count_subarrays_divisible": lambda items, k: sum(sum(each) % k == 0 for each in runs(items)),
    }, 500),
    *two(in_order, {
        "is_majority_in_sorted": lambda items, item: items.count(item) > len(items) // 2,
        "place_in_sorted": lambda items, item: index(items, lambda _, a: a == item),
        "last_place_in_sorted": lambda items, item: max((k for k, a in enumerate(items) if a == item), default=-1),
        "insertion_place": lambda items, item: sum(a < item for a in items),
        "insertion_place_behind": lambda items, item: sum(a <= item for a in items),
        "count_in_sorted": lambda items, item: items.count(item),
    }),
    *two(all_of(sorted_numbers(0, 9), sorted_numbers(0, 9)), {
        "merged": lambda a, b: [k for n in range(10) for k in a + b if k == n],
        "sorted_together": lambda a, b: [k for n in range(10) for k in a + b if k == n],
    }),
    *two(with_target, {
        "two_sum": lambda items, s: list(min(pair(items, lambda a, b: a + b == s), default=(), key=lambda p: (p[1],
            -p[0]))),
        "two_sum_in_order": lambda items, s: list(min(pair(items, lambda a, b: a + b == s), default=())),
        "has_pair_with_sum": lambda items, s: bool(pair(items, lambda a, b: a + b == s)),
        "count_pairs_with_sum": lambda items, s: len(pair(items, lambda a, b: a + b == s)),
        "count_pairs_with_xor": lambda items, s: len(pair(items, lambda a, b: a ^ b == s)),
        "count_triples_with_sum": lambda items, s: sum(sum(each) == s for each in combinations(items, 3)),
        "count_pairs_with_sum_below": lambda items, s: len(pair(items, lambda a, b: a + b < s)),
        "count_subarrays_with_sum": lambda items, s: sum(sum(each) == s for each in runs(items)),
        "count_subarrays_with_xor": lambda items, s: sum(exclusive(each) == s for each in runs(items)),
        "longest_subarray_with_sum": lambda items, s: max((len(each) for each in runs(items) if sum(each) == s),
            default=0),
    }, 300),
    *two(all_of(numbers(0, 9), whole(0, 9)), {
        "count_pairs_with_difference": lambda items, d: len(pair(items, lambda a, b: abs(a - b) == d)),
        "count_distinct_pairs_with_difference": lambda items, d: len({(min(a, b), max(a, b))
            for a, b in combinations(items, 2) if abs(a - b) == d}),
        "has_close_pair": lambda items, d: bool(pair(items, lambda a, b: abs(a - b) < d)),
    }, 500),
    *one(all_of(numbers(0, 99, 8, 2)), {
        "closest_pair": lambda items: min(((min(p), max(p)) for p in combinations(items, 2)),
            key=lambda p: (p[1] - p[0], p)),
    }),
    *one(all_of(numbers(1, 9, 9)), {"count_triangles": lambda items: sum(a + b > c for a, b,
        c in combinations(sorted(items), 3))}),
    *one(bits, {
        "longest_subarray_of_as_many_ones": lambda items: max((len(each) for each in runs(items)
            if 2 * sum(each) == len(each)), default=0),
    }, 400),
    *two(all_of(numbers(1, 9), whole(1, 40)), {
        "shortest_subarray_of_at_least": lambda items, s: min((len(each) for each in runs(items) if sum(each) >= s),
            default=0),
    }, 400),
    *two(both, {
        "common_items": lambda a, b: [k for k in a if k in b],
        "distinct_common_items": lambda a, b: [k for i, k in enumerate(a) if k in b and k not in a[:i]],
        "items_not_in_other": lambda a, b: [k for k in a if k not in b],
        "items_of_either": lambda a, b: [k for i, k in enumerate(a + b) if k not in (a + b)[:i]],
        "items_of_one_alone": lambda a, b: [k for k in a if k not in b] + [k for k in b if k not in a],
        "has_common_item": lambda a, b: any(k in b for k in a),
        "count_common_items": lambda a, b: sum(k in a and k in b for k in range(10)),
        "is_subset": lambda a, b: all(k in a for k in b),
        "is_subsequence_of": lambda a, b: any(a == each for each in picks(b)),
        "is_sublist": lambda a, b: b == [] or b in runs(a),
    }, 300),
    *two(all_of(numbers(0, 99, 6, 1), numbers(0, 99, 6, 1)), {
        "smallest_difference_between": lambda a, b: min(abs(x - y) for x in a for y in b),
    }),
    *one(all_of(spans()), {
        "largest_pair_chain": chained, "merged_intervals": merged,
    }, 200),
    *one(lambda rng: ([each for each in spans()(rng) if each[0] < each[1]],), {
        "most_overlapping": lambda spans: max(sum(2 * a < k < 2 * b for a, b in spans) for k in range(41)),
    }),
]  # fmt: skip
