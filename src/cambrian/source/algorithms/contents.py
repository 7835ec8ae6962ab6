"""Algorithms for what lists hold: frequencies, repeats, order, bisection. Each function stands for itself."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import Counter
from heapq import merge, nlargest, nsmallest


def first_missing_positive(items: list[int]) -> int:
    """A set of what is there; O(n)."""
    present = set(items)
    least = 1
    while least in present:
        least += 1
    return least


def smallest_missing(items: list[int]) -> int:
    """A set of what is there; O(n)."""
    present = set(items)
    least = 0
    while least in present:
        least += 1
    return least


def odd_one_out(items: list[int]) -> int:
    """Exclusive or of all; O(n)."""
    result = 0
    for item in items:
        result ^= item
    return result


def first_with_odd_count(items: list[int]) -> int:
    """Counts in one pass, -1 where none is odd; O(n)."""
    for item, count in Counter(items).items():
        if count % 2:
            return item
    return -1


def first_repeated(items: list[object]) -> object:
    """A set of what has been seen, None where nothing repeats; O(n)."""
    seen: set[object] = set()
    for item in items:
        if item in seen:
            return item
        seen.add(item)
    return None


def has_duplicates(items: list[object]) -> bool:
    """A set of what has been seen; O(n)."""
    return len(set(items)) < len(items)


def repeated_items(items: list[object]) -> list[object]:
    """Counts in one pass, in order of first appearance; O(n)."""
    return [item for item, count in Counter(items).items() if count > 1]


def unrepeated_items(items: list[object]) -> list[object]:
    """Counts in one pass; O(n)."""
    return [item for item, count in Counter(items).items() if count == 1]


def without_repeats(items: list[object]) -> list[object]:
    """Keys of a dict, in order of first appearance; O(n)."""
    return list(dict.fromkeys(items))


def frequencies(items: list[object]) -> dict[object, int]:
    """Counts in one pass, in order of first appearance; O(n)."""
    return dict(Counter(items))


def most_frequent(items: list[object]) -> object:
    """Counts in one pass, the first of the greatest; O(n)."""
    counts = Counter(items)
    return max(counts, key=counts.__getitem__)


def highest_frequency(items: list[object]) -> int:
    """Counts in one pass; O(n)."""
    return max(Counter(items).values(), default=0)


def majority_element(items: list[int]) -> int:
    """Boyer and Moore's vote, checked, -1 where there is none; O(n)."""
    candidate, votes = -1, 0
    for item in items:
        if not votes:
            candidate = item
        votes += 1 if item == candidate else -1
    return candidate if 2 * items.count(candidate) > len(items) else -1


def is_majority_in_sorted(items: list[int], item: int) -> bool:
    """Two bisections; O(log n)."""
    return bisect_right(items, item) - bisect_left(items, item) > len(items) // 2


def kth_smallest(items: list[int], k: int) -> int:
    """A sorted copy; O(n log n)."""
    return sorted(items)[k - 1]


def kth_largest(items: list[int], k: int) -> int:
    """A sorted copy; O(n log n)."""
    return sorted(items)[-k]


def k_largest(items: list[int], k: int) -> list[int]:
    """A heap of k; O(n log k)."""
    return nlargest(k, items)


def k_smallest(items: list[int], k: int) -> list[int]:
    """A heap of k; O(n log k)."""
    return nsmallest(k, items)


def sorted_items(items: list[int]) -> list[int]:
    """Timsort, built in; O(n log n)."""
    return sorted(items)


def sorted_backwards(items: list[int]) -> list[int]:
    """Timsort, built in; O(n log n)."""
    return sorted(items, reverse=True)


def merged(first: list[int], second: list[int]) -> list[int]:
    """A merge of two rows, built in; O(n)."""
    return list(merge(first, second))


def sorted_together(first: list[int], second: list[int]) -> list[int]:
    """Timsort, which finds sorted runs; O(n log n), O(n) for sorted lists."""
    return sorted(first + second)


def running_medians(items: list[int]) -> list[int]:
    """A sorted list of those so far, the lower middle one; O(n log n) comparisons."""
    seen: list[int] = []
    medians: list[int] = []
    for item in items:
        insort(seen, item)
        medians.append(seen[(len(seen) - 1) // 2])
    return medians


def place_in_sorted(items: list[int], item: int) -> int:
    """Bisection, -1 where it is not; O(log n)."""
    place = bisect_left(items, item)
    return place if place < len(items) and items[place] == item else -1


def last_place_in_sorted(items: list[int], item: int) -> int:
    """Bisection, -1 where it is not; O(log n)."""
    place = bisect_right(items, item) - 1
    return place if place >= 0 and items[place] == item else -1


def insertion_place(items: list[int], item: int) -> int:
    """Bisection; O(log n)."""
    return bisect_left(items, item)


def insertion_place_behind(items: list[int], item: int) -> int:
    """Bisection; O(log n)."""
    return bisect_right(items, item)


def count_in_sorted(items: list[int], item: int) -> int:
    """Two bisections; O(log n)."""
    return bisect_right(items, item) - bisect_left(items, item)
