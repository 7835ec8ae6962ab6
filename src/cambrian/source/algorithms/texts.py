"""Algorithms that compare texts and other sequences: distances, palindromes. Each function stands for itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence


def longest_common_subsequence(first: Sequence[object], second: Sequence[object]) -> int:
    """Bits of one row of the table in a number (Hyyrö, 2004); O(n m / word) for items that can be hashed."""
    places: dict[object, int] = {}
    for place, item in enumerate(first):
        places[item] = places.get(item, 0) | 1 << place
    full = (1 << len(first)) - 1
    row = full
    for item in second:
        matched = row & places.get(item, 0)
        row = (row + matched | row - matched) & full
    return len(first) - row.bit_count()


def shortest_common_supersequence(first: Sequence[object], second: Sequence[object]) -> int:
    """Both lengths less the common subsequence, a row of bits in a number (Hyyrö, 2004); O(n m / word)."""
    places: dict[object, int] = {}
    for place, item in enumerate(first):
        places[item] = places.get(item, 0) | 1 << place
    full = (1 << len(first)) - 1
    row = full
    for item in second:
        matched = row & places.get(item, 0)
        row = (row + matched | row - matched) & full
    return len(second) + row.bit_count()


def indel_distance(first: Sequence[object], second: Sequence[object]) -> int:
    """Both lengths less twice the common subsequence, a row of bits in a number (Hyyrö, 2004); O(n m / word)."""
    places: dict[object, int] = {}
    for place, item in enumerate(first):
        places[item] = places.get(item, 0) | 1 << place
    full = (1 << len(first)) - 1
    row = full
    for item in second:
        matched = row & places.get(item, 0)
        row = (row + matched | row - matched) & full
    return len(second) - len(first) + 2 * row.bit_count()


def longest_common_substring(first: Sequence[object], second: Sequence[object]) -> int:
    """Lengths of common ends, only where items are equal; O(n m) at worst."""
    places: dict[object, list[int]] = {}
    for place, item in enumerate(second):
        places.setdefault(item, []).append(place)
    best = 0
    ends: dict[int, int] = {}
    for item in first:
        after: dict[int, int] = {}
        for place in places.get(item, ()):
            after[place] = ends.get(place - 1, 0) + 1
        best = max(best, max(after.values(), default=0))
        ends = after
    return best


def edit_distance(first: Sequence[object], second: Sequence[object]) -> int:
    """Bits of one column of Levenshtein's table (Myers, 1999; Hyyrö, 2003); O(n m / word)."""
    if not first:
        return len(second)
    places: dict[object, int] = {}
    for place, item in enumerate(first):
        places[item] = places.get(item, 0) | 1 << place
    full, last = (1 << len(first)) - 1, 1 << (len(first) - 1)
    up, down, distance = full, 0, len(first)
    for item in second:
        equal = places.get(item, 0)
        diagonal = (((equal & up) + up) ^ up) | equal | down
        right, left = down | ~(diagonal | up) & full, up & diagonal
        distance += (right & last > 0) - (left & last > 0)
        right = (right << 1 | 1) & full
        up, down = (left << 1 | ~(diagonal | right)) & full, right & diagonal
    return distance


def longest_palindromic_subsequence(items: Sequence[object]) -> int:
    """The common subsequence with its reverse, a row of bits in a number (Hyyrö, 2004); O(n² / word)."""
    places: dict[object, int] = {}
    for place, item in enumerate(items):
        places[item] = places.get(item, 0) | 1 << place
    full = (1 << len(items)) - 1
    row = full
    for item in reversed(items):
        matched = row & places.get(item, 0)
        row = (row + matched | row - matched) & full
    return len(items) - row.bit_count()


def insertions_to_palindrome(items: Sequence[object]) -> int:
    """What is not in the common subsequence with its reverse, a row of bits in a number (Hyyrö, 2004); O(n² / word)."""
    places: dict[object, int] = {}
    for place, item in enumerate(items):
        places[item] = places.get(item, 0) | 1 << place
    full = (1 << len(items)) - 1
    row = full
    for item in reversed(items):
        matched = row & places.get(item, 0)
        row = (row + matched | row - matched) & full
    return row.bit_count()


def longest_palindrome(text: str) -> str:
    """Manacher's algorithm, the first of the longest; O(n)."""
    padded = "\0".join(f"\1{text}\2")
    reach = [0] * len(padded)
    center = right = 0
    for place in range(1, len(padded) - 1):
        size = min(right - place, reach[2 * center - place]) if place < right else 0
        while padded[place - size - 1] == padded[place + size + 1]:
            size += 1
        reach[place] = size
        if place + size > right:
            center, right = place, place + size
    size = max(reach)
    start = (reach.index(size) - size) // 2
    return text[start : start + size]


def longest_palindrome_length(text: str) -> int:
    """Manacher's algorithm; O(n)."""
    padded = "\0".join(f"\1{text}\2")
    reach = [0] * len(padded)
    center = right = 0
    for place in range(1, len(padded) - 1):
        size = min(right - place, reach[2 * center - place]) if place < right else 0
        while padded[place - size - 1] == padded[place + size + 1]:
            size += 1
        reach[place] = size
        if place + size > right:
            center, right = place, place + size
    return max(reach)


def count_palindromic_substrings(text: str) -> int:
    """Manacher's algorithm: half of each reach; O(n)."""
    padded = "\0".join(f"\1{text}\2")
    reach = [0] * len(padded)
    center = right = 0
    for place in range(1, len(padded) - 1):
        size = min(right - place, reach[2 * center - place]) if place < right else 0
        while padded[place - size - 1] == padded[place + size + 1]:
            size += 1
        reach[place] = size
        if place + size > right:
            center, right = place, place + size
    return sum((size + 1) // 2 for size in reach)


def is_palindrome(items: Sequence[object]) -> bool:
    """The sequence from both ends; O(n)."""
    return items == items[::-1]


def are_anagrams(first: Sequence[object], second: Sequence[object]) -> bool:
    """Counts of both; O(n)."""
    return len(first) == len(second) and Counter(first) == Counter(second)


def fewest_changes_to_anagram(first: Sequence[object], second: Sequence[object]) -> int:
    """What one has more of; O(n)."""
    return (Counter(first) - Counter(second)).total()


def grouped_anagrams(words: list[str]) -> list[list[str]]:
    """Sorted letters as keys, in order of first appearance; O(n k log k)."""
    groups: dict[str, list[str]] = {}
    for word in words:
        groups.setdefault("".join(sorted(word)), []).append(word)
    return list(groups.values())


def longest_without_repeats(items: Sequence[object]) -> int:
    """Where each item stood last; O(n)."""
    last: dict[object, int] = {}
    start = best = 0
    for place, item in enumerate(items):
        start = max(start, last.get(item, -1) + 1)
        last[item] = place
        best = max(best, place - start + 1)
    return best


def longest_with_distinct(items: Sequence[object], k: int) -> int:
    """Two ends that move on, counts of what is between; O(n)."""
    counts: dict[object, int] = {}
    start = best = 0
    for place, item in enumerate(items):
        counts[item] = counts.get(item, 0) + 1
        while len(counts) > k:
            first = items[start]
            counts[first] -= 1
            if not counts[first]:
                del counts[first]
            start += 1
        best = max(best, place - start + 1)
    return best


def count_distinct_substrings(text: str) -> int:
    """A suffix automaton (Blumer et al., 1985); O(n)."""
    follows: list[dict[str, int]] = [{}]
    links, lengths = [-1], [0]
    last = 0
    for letter in text:
        new, state = len(follows), last
        follows.append({})
        links.append(0)
        lengths.append(lengths[last] + 1)
        while state >= 0 and letter not in follows[state]:
            follows[state][letter] = new
            state = links[state]
        if state >= 0:
            found = follows[state][letter]
            if lengths[state] + 1 < lengths[found]:
                clone = len(follows)
                follows.append(dict(follows[found]))
                links.append(links[found])
                lengths.append(lengths[state] + 1)
                links[found] = clone
                while state >= 0 and follows[state].get(letter) == found:
                    follows[state][letter] = clone
                    state = links[state]
                found = clone
            links[new] = found
        last = new
    return sum(lengths[state] - lengths[links[state]] for state in range(1, len(lengths)))


def count_substrings_of_equal_ends(text: str) -> int:
    """Pairs within each count, and single letters; O(n)."""
    return sum(count * (count + 1) // 2 for count in Counter(text).values())
