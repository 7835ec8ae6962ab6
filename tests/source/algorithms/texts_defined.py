"""Texts and other sequences by their plain meaning: all substrings, all subsequences, all ways to read."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import groupby
from random import Random
from typing import Any

from .drawing import Definition, all_of, most, numbers, one, picks, runs, text, three, two, whole

_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"),
    (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))  # fmt: skip


def common(a: Any, b: Any) -> int:
    there = [tuple(each) for each in picks(b)]
    return max(len(each) for each in picks(a) if tuple(each) in there)


@cache
def edits(a: Any, b: Any) -> int:
    if not a or not b:
        return len(a) + len(b)
    if a[0] == b[0]:
        return edits(a[1:], b[1:])
    return 1 + min(edits(a[1:], b), edits(a, b[1:]), edits(a[1:], b[1:]))


def mirrored(items: Any) -> bool:
    return all(items[k] == items[-1 - k] for k in range(len(items)))


def first_longest(found: list[str]) -> str:
    return next((each for each in found if len(each) == max(map(len, found))), "")


def balanced(word: str) -> bool:
    before = None
    while before != word:
        before = word
        word = word.replace("()", "").replace("[]", "").replace("{}", "")
    return not word


def depth(word: str) -> int:
    return max(word[:k].count("(") - word[:k].count(")") for k in range(len(word) + 1))


def cheapest_fix(word: str) -> int:
    left = word
    while "()" in left:
        left = left.replace("()", "")
    return len(left)


def neighbours(items: Any) -> list[list[Any]]:
    """Runs of equal items."""
    found: list[list[Any]] = []
    for item in items:
        if found and found[-1][0] == item:
            found[-1].append(item)
        else:
            found.append([item])
    return found


def woven(a: str, b: str, whole: str) -> bool:
    if not whole:
        return not a and not b
    first = bool(a) and a[0] == whole[0] and woven(a[1:], b, whole[1:])
    return first or (bool(b) and b[0] == whole[0] and woven(a, b[1:], whole[1:]))


def split(word: str, known: list[str]) -> bool:
    return not word or any(each and word.startswith(each) and split(word[len(each) :], known) for each in known)


def decodings(word: str) -> int:
    if not word:
        return 1
    return sum(decodings(word[k:]) for k in (1, 2) if len(word) >= k and word[0] != "0" and int(word[:k]) < 27)


def roman(n: int) -> str:
    for value, letters in _ROMAN:
        if n >= value:
            return letters + roman(n - value)
    return ""


@cache
def numeral(n: int) -> str:
    return roman(n)


def changed(word: str, k: int) -> int:
    return max((len(each) for each in runs(word) if any(len(each) - each.count(c) <= k for c in each)), default=0)


def anagrams(words: list[str]) -> list[list[str]]:
    firsts = [word for k, word in enumerate(words) if not any(sorted(word) == sorted(each) for each in words[:k])]
    return [[word for word in words if sorted(word) == sorted(first)] for first in firsts]


def prefix(words: list[str]) -> str:
    starts = [words[0][:k] for k in range(len(words[0]) + 1)]
    return max((each for each in starts if all(word.startswith(each) for word in words)), key=len)


def sequences(most: int = 7) -> Callable[[Random], Any]:
    """Texts, or lists."""
    return lambda rng: (text("abc", most) if rng.random() < 0.6 else numbers(0, 3, most))(rng)


def alike(most: int = 7) -> Callable[[Random], Any]:
    """Two texts, or two lists."""

    def draw(rng: Random) -> tuple[Any, Any]:
        kind = text("abc", most) if rng.random() < 0.6 else numbers(0, 3, most)
        return kind(rng), kind(rng)

    return draw


def turned(rng: Random) -> tuple[str, str]:
    word = text("ab", 7)(rng)
    place = rng.randint(0, len(word))
    return word, word[place:] + word[:place] if rng.random() < 0.7 else text("ab", 7)(rng)


def mixed(rng: Random) -> tuple[str, str, str]:
    a, b = text("ab", 4)(rng), text("ab", 4)(rng)
    letters = list(a + b)
    if rng.random() < 0.5:
        rng.shuffle(letters)
    return a, b, "".join(letters)


def words_of(letters: str, most: int, least: int = 0) -> Callable[[Random], Any]:
    return lambda rng: [text(letters, 4)(rng) for _ in range(rng.randint(least, most))]


letters, sentence = all_of(text("abc")), all_of(text("ab c \t", 16))
brackets, round_ones = all_of(text("()[]{}", 8)), all_of(text("()", 12))

DEFINITIONS: list[Definition] = [
    *two(alike(), {
        "longest_common_subsequence": common, "indel_distance": lambda a, b: len(a) + len(b) - 2 * common(a, b),
        "shortest_common_supersequence": lambda a, b: len(a) + len(b) - common(a, b),
    }, 100),
    *two(alike(), {
        "longest_common_substring": lambda a, b: max((len(x) for x in runs(a) if x in runs(b)), default=0),
        "edit_distance": lambda a, b: edits(tuple(a), tuple(b)),
        "are_anagrams": lambda a, b: sorted(a) == sorted(b),
        "fewest_changes_to_anagram": lambda a, b: sum(max(0, a.count(k) - b.count(k)) for k in {*a}),
    }),
    *one(all_of(sequences()), {
        "longest_palindromic_subsequence": lambda items: max(len(each) for each in picks(items) if mirrored(each)),
        "insertions_to_palindrome": lambda items: len(items) - max(len(each) for each in picks(items)
            if mirrored(each)),
        "is_palindrome": mirrored,
        "longest_without_repeats": lambda items: max((len(x) for x in runs(items) if len({*x}) == len(x)), default=0),
        "run_lengths": lambda items: [(run[0], len(run)) for run in neighbours(items)],
        "run_length_lists": lambda items: [[len(run), run[0]] for run in neighbours(items)],
        "longest_run": lambda items: max(map(len, neighbours(items)), default=0),
    }, 300),
    *one(all_of(numbers(0, 3)), {"without_equal_neighbours": lambda items: [run[0] for run in neighbours(items)]}),
    *two(all_of(sequences(), whole(1, 3)), {
        "longest_with_distinct": lambda items, k: max((len(x) for x in runs(items) if len({*x}) <= k), default=0),
    }),
    *one(letters, {
        "longest_palindrome": lambda word: first_longest([each for each in runs(word) if mirrored(each)]),
        "longest_palindrome_length": lambda word: max((len(each) for each in runs(word) if mirrored(each)), default=0),
        "count_palindromic_substrings": lambda word: sum(map(mirrored, runs(word))),
        "count_distinct_substrings": lambda word: len(set(runs(word))),
        "count_substrings_of_equal_ends": lambda word: sum(each[0] == each[-1] for each in runs(word)),
        "first_unrepeated": lambda word: next((c for c in word if word.count(c) == 1), None),
        "first_unrepeated_place": lambda word: next((k for k, c in enumerate(word) if word.count(c) == 1), -1),
        "first_repeated_letter": lambda word: next((c for k, c in enumerate(word) if c in word[:k]), None),
        "without_repeated_letters": lambda word: "".join(c for k, c in enumerate(word) if c not in word[:k]),
        "letter_counts": lambda word: {c: word.count(c) for c in word},
        "reversed_text": lambda word: "".join(word[len(word) - 1 - k] for k in range(len(word))),
    }, 500),
    *one(all_of(text("abc", 12, 1)), {
        "most_common_letter": lambda word: next(c for c in word if word.count(c) == most(word)),
        "smallest_period": lambda word: next(k for k in range(1, 13) if word[k:] + word[:k] == word),
        "least_rotation": lambda word: min(word[k:] + word[:k] for k in range(len(word))),
        "longest_prefix_suffix": lambda word: max(k for k in range(len(word)) if word.endswith(word[:k])),
    }),
    *one(all_of(text("abc", 8)), {"count_distinct_subsequences": lambda word: len({tuple(each)
        for each in picks(word)})}, 100),
    *one(all_of(words_of("ab", 8)), {"grouped_anagrams": anagrams}),
    *one(all_of(words_of("ab", 5, 1)), {"longest_common_prefix": prefix}),
    *one(sentence, {
        "word_counts": lambda words: {each: words.split().count(each) for each in words.split()},
        "reversed_words": lambda words: " ".join(reversed(["".join(g) for k, g in groupby(words, str.isspace)
            if not k])),
    }),
    *one(brackets, {"is_balanced": balanced}),
    *one(all_of(text("ab()", 8)), {"deepest_nesting": depth}, 300),
    *one(round_ones, {
        "longest_valid_parentheses": lambda word: max((len(each) for each in runs(word) if balanced(each)), default=0),
        "count_bracket_fixes": cheapest_fix,
    }, 400),
    *two(all_of(text("ab", 4), text("ab", 7)), {
        "is_subsequence": lambda a, b: list(a) in picks(b),
    }, 300),
    *two(all_of(text("ab", 9), text("ab", 3, 1)), {
        "count_occurrences": lambda word, part: sum(word[k:].startswith(part) for k in range(len(word))),
        "count_as_subsequence": lambda word, part: picks(word).count(list(part)),
    }, 200),
    *two(turned, {"is_rotation": lambda a, b: a == b == "" or any(a[k:] + a[:k] == b for k in range(len(a)))}),
    *three(mixed, {"is_interleaving": woven}),
    *two(all_of(text("ab", 7), words_of("ab", 3)), {"can_be_split_into_words": split}),
    *one(all_of(text("0123", 8, 1)), {"count_decodings": decodings}),
    *two(all_of(text("abc", 9), whole(0, 3)), {"longest_chain_of_equal_letters_after_changes": changed}, 400),
    *one(all_of(whole(0, 3999)), {"roman_text": roman}),
    *one(lambda rng: (roman(rng.randint(0, 3999)),), {"roman_value": lambda word: next(n for n in range(4000)
        if numeral(n) == word)}, 60),
]  # fmt: skip
