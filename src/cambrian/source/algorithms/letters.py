"""Algorithms for texts: brackets, letters, words, searching, decoding. Each function stands for itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby


def is_balanced(text: str) -> bool:
    """A stack of what has to close; O(n)."""
    pairs = {"(": ")", "[": "]", "{": "}"}
    expected: list[str] = []
    for letter in text:
        if letter in pairs:
            expected.append(pairs[letter])
        elif letter in ")]}" and (not expected or expected.pop() != letter):
            return False
    return not expected


def longest_valid_parentheses(text: str) -> int:
    """A stack of places that are not closed; O(n)."""
    best = 0
    stack = [-1]
    for place, letter in enumerate(text):
        if letter == "(":
            stack.append(place)
            continue
        stack.pop()
        if stack:
            best = max(best, place - stack[-1])
        else:
            stack.append(place)
    return best


def deepest_nesting(text: str) -> int:
    """A running count; O(n)."""
    depth = best = 0
    for letter in text:
        if letter == "(":
            depth += 1
            best = max(best, depth)
        elif letter == ")":
            depth -= 1
    return best


def count_bracket_fixes(text: str) -> int:
    """A running count, and what could not be closed; O(n)."""
    opened = missing = 0
    for letter in text:
        if letter == "(":
            opened += 1
        elif opened:
            opened -= 1
        else:
            missing += 1
    return opened + missing


def first_unrepeated(text: str) -> str | None:
    """Counts in one pass, None where all repeat; O(n)."""
    counts = Counter(text)
    return next((letter for letter in text if counts[letter] == 1), None)


def first_unrepeated_place(text: str) -> int:
    """Counts in one pass, -1 where all repeat; O(n)."""
    counts = Counter(text)
    return next((place for place, letter in enumerate(text) if counts[letter] == 1), -1)


def first_repeated_letter(text: str) -> str | None:
    """A set of what has been seen, None where nothing repeats; O(n)."""
    seen: set[str] = set()
    for letter in text:
        if letter in seen:
            return letter
        seen.add(letter)
    return None


def without_repeated_letters(text: str) -> str:
    """Keys of a dict, in order of first appearance; O(n)."""
    return "".join(dict.fromkeys(text))


def letter_counts(text: str) -> dict[str, int]:
    """Counts in one pass, in order of first appearance; O(n)."""
    return dict(Counter(text))


def word_counts(text: str) -> dict[str, int]:
    """Counts of words in one pass, in order of first appearance; O(n)."""
    return dict(Counter(text.split()))


def most_common_letter(text: str) -> str:
    """Counts in one pass, the first of the greatest; O(n)."""
    counts = Counter(text)
    return max(counts, key=counts.__getitem__)


def reversed_words(text: str) -> str:
    """Words from the last; O(n)."""
    return " ".join(text.split()[::-1])


def reversed_text(text: str) -> str:
    """A slice from the end; O(n)."""
    return text[::-1]


def longest_common_prefix(words: list[str]) -> str:
    """The least and the greatest word alone; O(n k)."""
    first, last = min(words), max(words)
    size = 0
    while size < min(len(first), len(last)) and first[size] == last[size]:
        size += 1
    return first[:size]


def run_lengths(items: Sequence[object]) -> list[tuple[object, int]]:
    """Groups of equal neighbours, built in; O(n)."""
    return [(item, len(list(run))) for item, run in groupby(items)]


def run_length_lists(items: Sequence[object]) -> list[list[object]]:
    """Groups of equal neighbours, built in; O(n)."""
    return [[len(list(run)), item] for item, run in groupby(items)]


def longest_run(items: Sequence[object]) -> int:
    """Groups of equal neighbours, built in; O(n)."""
    return max((len(list(run)) for _, run in groupby(items)), default=0)


def without_equal_neighbours(items: list[object]) -> list[object]:
    """Groups of equal neighbours, built in; O(n)."""
    return [item for item, _ in groupby(items)]


def is_subsequence(first: str, second: str) -> bool:
    """Each letter is found behind the one before; O(n)."""
    rest = iter(second)
    return all(letter in rest for letter in first)


def count_occurrences(text: str, part: str) -> int:
    """Search from behind the start of the one before, built in; O(n)."""
    count, place = 0, text.find(part)
    while place >= 0:
        count += 1
        place = text.find(part, place + 1)
    return count


def is_rotation(first: str, second: str) -> bool:
    """A search in the doubled text; O(n)."""
    return len(first) == len(second) and second in first + first


def smallest_period(text: str) -> int:
    """Where the doubled text holds it again; O(n)."""
    return (text + text).find(text, 1)


def least_rotation(text: str) -> str:
    """Two candidates that are compared on (Shiloach, 1981); O(n)."""
    one, other, size, n = 0, 1, 0, len(text)
    while one < n and other < n and size < n:
        a, b = text[(one + size) % n], text[(other + size) % n]
        if a == b:
            size += 1
            continue
        if a > b:
            one += size + 1
        else:
            other += size + 1
        if one == other:
            other += 1
        size = 0
    start = min(one, other)
    return text[start:] + text[:start]


def longest_prefix_suffix(text: str) -> int:
    """The failure function of Knuth, Morris and Pratt; O(n)."""
    table = [0]
    for letter in text[1:]:
        size = table[-1]
        while size and text[size] != letter:
            size = table[size - 1]
        table.append(size + (text[size] == letter))
    return table[-1]


def count_distinct_subsequences(text: str) -> int:
    """Twice as many with each letter, less those that it ended before; O(n)."""
    count = 1
    ended: dict[str, int] = {}
    for letter in text:
        count, ended[letter] = 2 * count - ended.get(letter, 0), count
    return count


def count_as_subsequence(text: str, part: str) -> int:
    """Counts for each beginning of the part, one row; O(n m)."""
    counts = [1] + [0] * len(part)
    places: dict[str, list[int]] = {}
    for place in range(len(part) - 1, -1, -1):
        places.setdefault(part[place], []).append(place)
    for letter in text:
        for place in places.get(letter, ()):
            counts[place + 1] += counts[place]
    return counts[-1]


def is_interleaving(first: str, second: str, whole: str) -> bool:
    """What of both is used up, one row; O(n m)."""
    if len(first) + len(second) != len(whole):
        return False
    reached = {0}
    for size in range(len(whole)):
        after: set[int] = set()
        for used in reached:
            if used < len(first) and first[used] == whole[size]:
                after.add(used + 1)
            if size - used < len(second) and second[size - used] == whole[size]:
                after.add(used)
        reached = after
    return bool(reached)


def can_be_split_into_words(text: str, words: list[str]) -> bool:
    """Ends in reach, with words in a set; O(n k)."""
    known = set(words)
    sizes = {len(word) for word in known if word}
    reached = [True] + [False] * len(text)
    for end in range(1, len(text) + 1):
        reached[end] = any(size <= end and reached[end - size] and text[end - size : end] in known for size in sizes)
    return reached[-1]


def count_decodings(text: str) -> int:
    """Ways to read the digits so far, letters from 1 to 26; O(n)."""
    if not text:
        return 0
    before, ways = 0, 1
    for place, digit in enumerate(text):
        two = place > 0 and "10" <= text[place - 1 : place + 1] <= "26"
        before, ways = ways, (ways if digit != "0" else 0) + (before if two else 0)
    return ways


def longest_chain_of_equal_letters_after_changes(text: str, k: int) -> int:
    """Two ends that move on, counts of what is between; O(n)."""
    counts: dict[str, int] = {}
    start = most = 0
    for place, letter in enumerate(text):
        counts[letter] = counts.get(letter, 0) + 1
        most = max(most, counts[letter])
        if place - start + 1 - most > k:
            counts[text[start]] -= 1
            start += 1
    return len(text) - start


def roman_value(text: str) -> int:
    """Values of letters, less where a greater one follows; O(n)."""
    values = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
    total = before = 0
    for letter in reversed(text):
        value = values[letter]
        total += -value if value < before else value
        before = value
    return total


def roman_text(n: int) -> str:
    """Digits looked up place by place; O(1) below 4000."""
    units = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
    tens = ("", "X", "XX", "X" * 3, "XL", "L", "LX", "LXX", "LXXX", "XC")
    hundreds = ("", "C", "CC", "CCC", "CD", "D", "DC", "DCC", "DCCC", "CM")
    return "M" * (n // 1000) + hundreds[n // 100 % 10] + tens[n // 10 % 10] + units[n % 10]
