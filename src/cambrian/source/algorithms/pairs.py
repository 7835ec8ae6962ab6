"""Algorithms for pairs, triples and sums within lists, and for two lists. Each function stands for itself."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from itertools import pairwise


def two_sum(items: list[int], target: int) -> list[int]:
    """Places of what has been seen, in a dict; the pair that ends first; O(n)."""
    places: dict[int, int] = {}
    for place, item in enumerate(items):
        if target - item in places:
            return [places[target - item], place]
        places[item] = place
    return []


def two_sum_in_order(items: list[int], target: int) -> list[int]:
    """Places of all items, in a dict; the pair that begins first; O(n)."""
    places: dict[int, list[int]] = {}
    for place in range(len(items) - 1, -1, -1):
        places.setdefault(items[place], []).append(place)
    for place, item in enumerate(items):
        places[item].pop()
        if places.get(target - item):
            return [place, places[target - item][-1]]
    return []


def has_pair_with_sum(items: list[int], target: int) -> bool:
    """A set of what has been seen; O(n)."""
    seen: set[int] = set()
    for item in items:
        if target - item in seen:
            return True
        seen.add(item)
    return False


def count_pairs_with_sum(items: list[int], target: int) -> int:
    """Counts of what has been seen; O(n)."""
    seen: dict[int, int] = {}
    count = 0
    for item in items:
        count += seen.get(target - item, 0)
        seen[item] = seen.get(item, 0) + 1
    return count


def count_pairs_with_difference(items: list[int], difference: int) -> int:
    """Counts of what has been seen; O(n)."""
    seen: dict[int, int] = {}
    count = 0
    for item in items:
        count += seen.get(item - difference, 0)
        if difference:
            count += seen.get(item + difference, 0)
        seen[item] = seen.get(item, 0) + 1
    return count


def count_distinct_pairs_with_difference(items: list[int], difference: int) -> int:
    """A look into the counts for each different item; O(n)."""
    counts = Counter(items)
    if difference == 0:
        return sum(count > 1 for count in counts.values())
    return sum(item + difference in counts for item in counts)


def count_pairs_with_xor(items: list[int], target: int) -> int:
    """Counts of what has been seen; O(n)."""
    seen: dict[int, int] = {}
    count = 0
    for item in items:
        count += seen.get(target ^ item, 0)
        seen[item] = seen.get(item, 0) + 1
    return count


def count_equal_pairs(items: list[object]) -> int:
    """Pairs within each count; O(n)."""
    return sum(count * (count - 1) // 2 for count in Counter(items).values())


def count_unequal_pairs(items: list[object]) -> int:
    """All pairs less those within each count; O(n)."""
    n = len(items)
    return n * (n - 1) // 2 - sum(count * (count - 1) // 2 for count in Counter(items).values())


def count_pairs_with_odd_xor(items: list[int]) -> int:
    """Odd items times even ones; O(n)."""
    odd = sum(item & 1 for item in items)
    return odd * (len(items) - odd)


def count_pairs_with_even_xor(items: list[int]) -> int:
    """Pairs of odd items, and of even ones; O(n)."""
    odd = sum(item & 1 for item in items)
    even = len(items) - odd
    return (odd * (odd - 1) + even * (even - 1)) // 2


def count_pairs_with_sum_zero(items: list[int]) -> int:
    """Counts of what has been seen; O(n)."""
    seen: dict[int, int] = {}
    count = 0
    for item in items:
        count += seen.get(-item, 0)
        seen[item] = seen.get(item, 0) + 1
    return count


def has_pair_with_sum_zero(items: list[int]) -> bool:
    """A set of what has been seen; O(n)."""
    seen: set[int] = set()
    for item in items:
        if -item in seen:
            return True
        seen.add(item)
    return False


def has_triple_with_sum_zero(items: list[int]) -> bool:
    """For each first item, a set of what has been seen behind it; O(n²), less where items repeat."""
    counts = Counter(items)
    values = sorted(counts)
    for place, one in enumerate(values):
        for other in values[place if counts[one] > 1 else place + 1 :]:
            third = -one - other
            if third >= other and counts[third] > (third == one) + (third == other):
                return True
    return False


def count_triples_with_sum(items: list[int], target: int) -> int:
    """Counts of sums of pairs before each item; O(n²)."""
    pairs: dict[int, int] = {}
    count = 0
    for place, item in enumerate(items):
        count += pairs.get(target - item, 0)
        for before in items[:place]:
            pairs[before + item] = pairs.get(before + item, 0) + 1
    return count


def sum_of_pairwise_differences(items: list[int]) -> int:
    """Each item of the sorted list as often as it is the larger or the smaller one; O(n log n)."""
    last = len(items) - 1
    return sum(item * (2 * place - last) for place, item in enumerate(sorted(items)))


def sum_of_pairwise_xors(items: list[int]) -> int:
    """Ones times zeros of each bit; O(n log m)."""
    total = 0
    for bit in range(max(items, default=0).bit_length()):
        ones = sum(item >> bit & 1 for item in items)
        total += ones * (len(items) - ones) << bit
    return total


def sum_of_pairwise_products(items: list[int]) -> int:
    """Half of the square of the sum less the sum of squares; O(n)."""
    return (sum(items) ** 2 - sum(item * item for item in items)) // 2


def total_hamming_distance(items: list[int]) -> int:
    """Ones times zeros of each bit; O(n log m)."""
    total = 0
    for bit in range(max(items, default=0).bit_length()):
        ones = sum(item >> bit & 1 for item in items)
        total += ones * (len(items) - ones)
    return total


def largest_difference(items: list[int]) -> int:
    """The greatest less the least; O(n)."""
    return max(items) - min(items)


def largest_sum_of_extremes(items: list[int]) -> int:
    """The greatest and the least; O(n)."""
    return max(items) + min(items)


def smallest_difference(items: list[int]) -> int:
    """Neighbours in the sorted list; O(n log n)."""
    return min(after - item for item, after in pairwise(sorted(items)))


def has_close_pair(items: list[float], distance: float) -> bool:
    """Neighbours in the sorted list; O(n log n)."""
    return any(after - item < distance for item, after in pairwise(sorted(items)))


def closest_pair(items: list[float]) -> tuple[float, float]:
    """Neighbours in the sorted list; O(n log n)."""
    return min(pairwise(sorted(items)), key=lambda pair: pair[1] - pair[0])


def smallest_difference_between(first: list[int], second: list[int]) -> int:
    """Two sorted lists, gone through side by side; O(n log n)."""
    one, other = sorted(first), sorted(second)
    i = j = 0
    best = abs(one[0] - other[0])
    while i < len(one) and j < len(other):
        best = min(best, abs(one[i] - other[j]))
        if one[i] < other[j]:
            i += 1
        else:
            j += 1
    return best


def count_pairs_with_sum_below(items: list[int], limit: int) -> int:
    """Two ends of the sorted list that move inwards; O(n log n)."""
    ordered = sorted(items)
    left, right, count = 0, len(ordered) - 1, 0
    while left < right:
        if ordered[left] + ordered[right] < limit:
            count += right - left
            left += 1
        else:
            right -= 1
    return count


def count_triangles(items: list[int]) -> int:
    """For each longest side, two ends that move inwards; O(n²)."""
    ordered = sorted(items)
    count = 0
    for longest in range(2, len(ordered)):
        left, right = 0, longest - 1
        while left < right:
            if ordered[left] + ordered[right] > ordered[longest]:
                count += right - left
                right -= 1
            else:
                left += 1
    return count


def count_subarrays_with_sum(items: list[int], target: int) -> int:
    """Counts of running sums; O(n)."""
    seen = {0: 1}
    running = count = 0
    for item in items:
        running += item
        count += seen.get(running - target, 0)
        seen[running] = seen.get(running, 0) + 1
    return count


def count_subarrays_divisible(items: list[int], k: int) -> int:
    """Counts of remainders of running sums; O(n)."""
    seen = {0: 1}
    running = count = 0
    for item in items:
        running = (running + item) % k
        count += seen.get(running, 0)
        seen[running] = seen.get(running, 0) + 1
    return count


def count_subarrays_with_xor(items: list[int], target: int) -> int:
    """Counts of running exclusive ors; O(n)."""
    seen = {0: 1}
    running = count = 0
    for item in items:
        running ^= item
        count += seen.get(running ^ target, 0)
        seen[running] = seen.get(running, 0) + 1
    return count


def has_subarray_with_sum_zero(items: list[int]) -> bool:
    """A set of running sums; O(n)."""
    seen = {0}
    running = 0
    for item in items:
        running += item
        if running in seen:
            return True
        seen.add(running)
    return False


def longest_subarray_with_sum(items: list[int], target: int) -> int:
    """Where each running sum came first; O(n)."""
    first = {0: 0}
    running = best = 0
    for place, item in enumerate(items, 1):
        running += item
        first.setdefault(running, place)
        best = max(best, place - first.get(running - target, place))
    return best


def longest_subarray_of_as_many_ones(items: list[int]) -> int:
    """Where each balance of ones and zeros came first; O(n)."""
    first = {0: 0}
    balance = best = 0
    for place, item in enumerate(items, 1):
        balance += 1 if item == 1 else -1
        best = max(best, place - first.setdefault(balance, place))
    return best


def shortest_subarray_of_at_least(items: list[int], target: int) -> int:
    """Two ends that move on, for items above zero; 0 where there is none; O(n)."""
    best = len(items) + 1
    start = running = 0
    for place, item in enumerate(items):
        running += item
        while start <= place and running >= target:
            best = min(best, place - start + 1)
            running -= items[start]
            start += 1
    return best if best <= len(items) else 0


def count_inversion_pairs_twice(items: list[int]) -> int:
    """How many before each are larger than its double, in a sorted list; O(n log n) comparisons."""
    seen: list[int] = []
    count = 0
    for item in items:
        count += len(seen) - bisect_right(seen, 2 * item)
        seen.insert(bisect_right(seen, item), item)
    return count


def common_items(first: list[object], second: list[object]) -> list[object]:
    """A set to look into, in the order of the first list; O(n)."""
    there = set(second)
    return [item for item in first if item in there]


def distinct_common_items(first: list[object], second: list[object]) -> list[object]:
    """A set to look into, in the order of the first list, each once; O(n)."""
    there = set(second)
    return [item for item in dict.fromkeys(first) if item in there]


def items_not_in_other(first: list[object], second: list[object]) -> list[object]:
    """A set to look into, in the order of the first list; O(n)."""
    there = set(second)
    return [item for item in first if item not in there]


def items_of_either(first: list[object], second: list[object]) -> list[object]:
    """Keys of a dict, in order of first appearance; O(n)."""
    return list(dict.fromkeys([*first, *second]))


def items_of_one_alone(first: list[object], second: list[object]) -> list[object]:
    """Two sets to look into, what is in the first list alone before the others; O(n)."""
    one, other = set(first), set(second)
    return [item for item in first if item not in other] + [item for item in second if item not in one]


def has_common_item(first: list[object], second: list[object]) -> bool:
    """Two sets; O(n)."""
    return not set(first).isdisjoint(second)


def count_common_items(first: list[object], second: list[object]) -> int:
    """Two sets; O(n)."""
    return len(set(first) & set(second))


def is_subset(first: list[object], second: list[object]) -> bool:
    """Whether the second has nothing that the first has not, by sets; O(n)."""
    return set(second) <= set(first)


def is_subsequence_of(first: list[object], second: list[object]) -> bool:
    """One pass through the second list; O(n)."""
    rest = iter(second)
    return all(item in rest for item in first)


def is_sublist(items: list[object], part: list[object]) -> bool:
    """Slices compared from each place; O(n m), in C."""
    width = len(part)
    return any(items[start : start + width] == part for start in range(len(items) - width + 1))


def largest_pair_chain(pairs: list[list[int]]) -> int:
    """The pair that ends first, each time; O(n log n)."""
    end, count = None, 0
    for pair in sorted(pairs, key=lambda pair: pair[1]):
        if end is None or pair[0] > end:
            end = pair[1]
            count += 1
    return count


def most_overlapping(intervals: list[list[int]]) -> int:
    """Starts and ends in order, ends first; O(n log n)."""
    changes = sorted([(pair[0], 1) for pair in intervals] + [(pair[1], -1) for pair in intervals])
    running = best = 0
    for _, change in changes:
        running += change
        best = max(best, running)
    return best


def merged_intervals(intervals: list[list[int]]) -> list[list[int]]:
    """Intervals in order of their starts; O(n log n)."""
    merged: list[list[int]] = []
    for start, end in sorted(intervals):
        if merged and start <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], end)
        else:
            merged.append([start, end])
    return merged
