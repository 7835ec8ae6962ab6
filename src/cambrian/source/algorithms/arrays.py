"""Algorithms for lists of numbers: stretches, windows, subsequences, running values. Each stands for itself."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import deque
from heapq import nlargest, nsmallest
from itertools import accumulate, pairwise
from math import prod


def maximum_subarray(items: list[int]) -> int:
    """Kadane's algorithm; O(n)."""
    best = current = items[0]
    for item in items[1:]:
        current = current + item if current > 0 else item
        best = max(best, current)
    return best


def maximum_subarray_or_none(items: list[int]) -> int:
    """Kadane's algorithm, the empty stretch allowed; O(n)."""
    best = current = 0
    for item in items:
        current = max(0, current + item)
        best = max(best, current)
    return best


def minimum_subarray(items: list[int]) -> int:
    """Kadane's algorithm; O(n)."""
    best = current = items[0]
    for item in items[1:]:
        current = current + item if current < 0 else item
        best = min(best, current)
    return best


def minimum_subarray_or_none(items: list[int]) -> int:
    """Kadane's algorithm, the empty stretch allowed; O(n)."""
    best = current = 0
    for item in items:
        current = min(0, current + item)
        best = min(best, current)
    return best


def maximum_product_subarray(items: list[int]) -> int:
    """Largest and least product that end at each place; O(n)."""
    best = high = low = items[0]
    for item in items[1:]:
        ends = (item, high * item, low * item)
        high, low = max(ends), min(ends)
        best = max(best, high)
    return best


def maximum_circular_subarray(items: list[int]) -> int:
    """Kadane's algorithm, for the best stretch and for the worst to be left out; O(n)."""
    best = worst = high = low = items[0]
    for item in items[1:]:
        high, low = max(item, high + item), min(item, low + item)
        best, worst = max(best, high), min(worst, low)
    return max(best, sum(items) - worst) if best > 0 else best


def longest_increasing_subsequence(items: list[int]) -> int:
    """Least last items by length, found by bisection (Fredman, 1975); O(n log n)."""
    tails: list[int] = []
    for item in items:
        place = bisect_left(tails, item)
        tails[place : place + 1] = [item]
    return len(tails)


def longest_nondecreasing_subsequence(items: list[int]) -> int:
    """Least last items by length, found by bisection (Fredman, 1975); O(n log n)."""
    tails: list[int] = []
    for item in items:
        place = bisect_right(tails, item)
        tails[place : place + 1] = [item]
    return len(tails)


def longest_decreasing_subsequence(items: list[int]) -> int:
    """Least last items by length of the reversed list, found by bisection (Fredman, 1975); O(n log n)."""
    tails: list[int] = []
    for item in reversed(items):
        place = bisect_left(tails, item)
        tails[place : place + 1] = [item]
    return len(tails)


def longest_bitonic_subsequence(items: list[int]) -> int:
    """Lengths of increasing subsequences from both ends, by bisection; O(n log n)."""
    lengths: list[list[int]] = []
    for row in (items, items[::-1]):
        tails: list[int] = []
        lengths.append([])
        for item in row:
            place = bisect_left(tails, item)
            tails[place : place + 1] = [item]
            lengths[-1].append(place)
    return 1 + max(map(sum, zip(lengths[0], reversed(lengths[1]), strict=True)), default=-1)


def longest_increasing_run(items: list[int]) -> int:
    """One pass; O(n)."""
    best = run = min(1, len(items))
    for item, after in pairwise(items):
        run = run + 1 if after > item else 1
        best = max(best, run)
    return best


def longest_zigzag_subsequence(items: list[int]) -> int:
    """Lengths that end going up and going down; O(n)."""
    up = down = min(1, len(items))
    for item, after in pairwise(items):
        if after > item:
            up = down + 1
        elif after < item:
            down = up + 1
    return max(up, down)


def longest_consecutive_sequence(items: list[int]) -> int:
    """Chains of a set, each from its first; O(n)."""
    present = set(items)
    best = 0
    for item in present:
        if item - 1 not in present:
            end = item + 1
            while end in present:
                end += 1
            best = max(best, end - item)
    return best


def count_inversions(items: list[int]) -> int:
    """How many larger items stand in a sorted list of those before; O(n log n) comparisons."""
    seen: list[int] = []
    count = 0
    for item in items:
        place = bisect_right(seen, item)
        count += len(seen) - place
        seen.insert(place, item)
    return count


def count_smaller_after(items: list[int]) -> list[int]:
    """How many smaller items stand in a sorted list of those behind; O(n log n) comparisons."""
    seen: list[int] = []
    counts: list[int] = []
    for item in reversed(items):
        place = bisect_left(seen, item)
        counts.append(place)
        seen.insert(place, item)
    return counts[::-1]


def next_greater(items: list[int]) -> list[int]:
    """A stack of those that still wait, -1 where none comes; O(n)."""
    found = [-1] * len(items)
    waiting: list[int] = []
    for place, item in enumerate(items):
        while waiting and items[waiting[-1]] < item:
            found[waiting.pop()] = item
        waiting.append(place)
    return found


def next_smaller(items: list[int]) -> list[int]:
    """A stack of those that still wait, -1 where none comes; O(n)."""
    found = [-1] * len(items)
    waiting: list[int] = []
    for place, item in enumerate(items):
        while waiting and items[waiting[-1]] > item:
            found[waiting.pop()] = item
        waiting.append(place)
    return found


def days_until_greater(items: list[int]) -> list[int]:
    """A stack of those that still wait, 0 where none comes; O(n)."""
    found = [0] * len(items)
    waiting: list[int] = []
    for place, item in enumerate(items):
        while waiting and items[waiting[-1]] < item:
            start = waiting.pop()
            found[start] = place - start
        waiting.append(place)
    return found


def window_maxima(items: list[int], k: int) -> list[int]:
    """A queue of falling candidates; O(n)."""
    maxima: list[int] = []
    queue: deque[int] = deque()
    for place, item in enumerate(items):
        while queue and items[queue[-1]] <= item:
            queue.pop()
        queue.append(place)
        if queue[0] <= place - k:
            queue.popleft()
        if place >= k - 1:
            maxima.append(items[queue[0]])
    return maxima


def window_minima(items: list[int], k: int) -> list[int]:
    """A queue of rising candidates; O(n)."""
    minima: list[int] = []
    queue: deque[int] = deque()
    for place, item in enumerate(items):
        while queue and items[queue[-1]] >= item:
            queue.pop()
        queue.append(place)
        if queue[0] <= place - k:
            queue.popleft()
        if place >= k - 1:
            minima.append(items[queue[0]])
    return minima


def window_sums(items: list[int], k: int) -> list[int]:
    """Differences of running sums; O(n)."""
    sums = [0, *accumulate(items)]
    return [high - low for low, high in zip(sums, sums[k:], strict=False)]


def largest_window_sum(items: list[int], k: int) -> int:
    """Differences of running sums; O(n)."""
    sums = [0, *accumulate(items)]
    return max(high - low for low, high in zip(sums, sums[k:], strict=False))


def running_sums(items: list[int]) -> list[int]:
    """Running sums, built in; O(n)."""
    return list(accumulate(items))


def running_maxima(items: list[int]) -> list[int]:
    """Running maxima, built in; O(n)."""
    return list(accumulate(items, max))


def running_minima(items: list[int]) -> list[int]:
    """Running minima, built in; O(n)."""
    return list(accumulate(items, min))


def products_of_others(items: list[int]) -> list[int]:
    """Products of all before and of all behind; O(n)."""
    before: list[int] = [1, *items[:-1]]
    for place in range(1, len(before)):
        before[place] *= before[place - 1]
    behind = 1
    for place in range(len(items) - 1, -1, -1):
        before[place] *= behind
        behind *= items[place]
    return before


def equilibrium_index(items: list[int]) -> int:
    """One running sum, -1 where none is; O(n)."""
    total, left = sum(items), 0
    for place, item in enumerate(items):
        if 2 * left + item == total:
            return place
        left += item
    return -1


def trapped_water(heights: list[int]) -> int:
    """Two ends that move inwards, the lower one first; O(n)."""
    left, right = 0, len(heights) - 1
    low = water = 0
    while left < right:
        if heights[left] < heights[right]:
            low = max(low, heights[left])
            water += low - heights[left]
            left += 1
        else:
            low = max(low, heights[right])
            water += low - heights[right]
            right -= 1
    return water


def most_water(heights: list[int]) -> int:
    """Two ends that move inwards, the lower one first; O(n)."""
    left, right, best = 0, len(heights) - 1, 0
    while left < right:
        best = max(best, (right - left) * min(heights[left], heights[right]))
        if heights[left] < heights[right]:
            left += 1
        else:
            right -= 1
    return best


def largest_rectangle(heights: list[int]) -> int:
    """A stack of rising bars; O(n)."""
    best = 0
    stack = [-1]
    padded = [*heights, 0]
    for place, height in enumerate(padded):
        while stack[-1] >= 0 and padded[stack[-1]] >= height:
            top = padded[stack.pop()]
            best = max(best, top * (place - stack[-1] - 1))
        stack.append(place)
    return best


def best_single_sale(prices: list[int]) -> int:
    """The lowest price so far; O(n)."""
    best = 0
    lowest = prices[0]
    for price in prices:
        lowest = min(lowest, price)
        best = max(best, price - lowest)
    return best


def best_sales(prices: list[int]) -> int:
    """All that goes up, summed up; O(n)."""
    return sum(max(0, after - price) for price, after in pairwise(prices))


def largest_later_difference(items: list[int]) -> int:
    """The lowest item so far; O(n)."""
    best = items[1] - items[0]
    lowest = items[0]
    for item in items[1:]:
        best = max(best, item - lowest)
        lowest = min(lowest, item)
    return best


def rotated_left(items: list[object], k: int) -> list[object]:
    """Two slices; O(n)."""
    return items[k:] + items[:k]


def rotated_right(items: list[object], k: int) -> list[object]:
    """Two slices; O(n)."""
    return items[-k:] + items[:-k]


def count_rotations(items: list[int]) -> int:
    """Where the least item stands; O(n)."""
    return items.index(min(items))


def missing_number_from_zero(items: list[int]) -> int:
    """The sum that would be less the sum that is; O(n)."""
    return len(items) * (len(items) + 1) // 2 - sum(items)


def missing_number_from_one(items: list[int]) -> int:
    """The sum that would be less the sum that is; O(n)."""
    return (len(items) + 1) * (len(items) + 2) // 2 - sum(items)


def largest_product_of_two(items: list[int]) -> int:
    """The two greatest or the two least; O(n)."""
    small, large = nsmallest(2, items), nlargest(2, items)
    return max(prod(small), prod(large))


def largest_product_of_three(items: list[int]) -> int:
    """The three greatest, or the greatest and the two least; O(n)."""
    small, large = nsmallest(2, items), nlargest(3, items)
    return max(prod(large), prod(small) * large[0])


def can_jump_to_end(items: list[int]) -> bool:
    """The farthest place in reach; O(n)."""
    reach = 0
    for place, item in enumerate(items):
        if place > reach:
            return False
        reach = max(reach, place + item)
    return True


def fewest_jumps(items: list[int]) -> int:
    """The farthest places in reach of one jump more; O(n)."""
    jumps = end = reach = 0
    for place in range(len(items) - 1):
        reach = max(reach, place + items[place])
        if place == end:
            jumps += 1
            end = reach
    return jumps


def sum_of_all_subarrays(items: list[int]) -> int:
    """Each item as often as stretches hold it; O(n)."""
    n = len(items)
    return sum(item * (place + 1) * (n - place) for place, item in enumerate(items))


def sum_of_odd_length_subarrays(items: list[int]) -> int:
    """Each item as often as stretches of odd length hold it; O(n)."""
    n = len(items)
    return sum(item * (((place + 1) * (n - place) + 1) // 2) for place, item in enumerate(items))


def sum_of_subarray_minima(items: list[int]) -> int:
    """A stack of rising items, each with the sum that it ends; O(n)."""
    total = current = 0
    stack: list[tuple[int, int]] = []
    for item in items:
        times = 1
        while stack and stack[-1][0] >= item:
            other, width = stack.pop()
            current -= other * width
            times += width
        stack.append((item, times))
        current += item * times
        total += current
    return total


def fewest_swaps_to_sort(items: list[int]) -> int:
    """Cycles of the permutation; O(n log n)."""
    order = sorted(range(len(items)), key=items.__getitem__)
    swaps = 0
    for start in range(len(order)):
        while order[start] != start:
            after = order[start]
            order[start], order[after] = order[after], after
            swaps += 1
    return swaps


def leaders(items: list[int]) -> list[int]:
    """The greatest from the end on; O(n)."""
    found: list[int] = []
    for item in reversed(items):
        if not found or item >= found[-1]:
            found.append(item)
    return found[::-1]


def is_sorted(items: list[int]) -> bool:
    """Neighbours in one pass; O(n)."""
    return all(item <= after for item, after in pairwise(items))
