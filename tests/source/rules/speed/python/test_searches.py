"""Rules that look up, count or sort instead of trying all: the same for whatever they are given."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from hypothesis import given
from hypothesis import strategies as st

from cambrian.source.rules.catalogue import find, rules
from cambrian.source.rules.rule import applied

NUMBERS = st.lists(st.integers(-6, 6), max_size=12)
TEXTS = st.text("ab", max_size=12)


def both(rule: str, text: str) -> list[Callable[..., object]]:
    """The function ``f`` of a program before and after a rule has written it anew."""
    chosen = [one for one in rules("speed", "python") if one.id == rule]
    found = find(text, "program.py", chosen)
    assert found
    made: list[Callable[..., object]] = []
    for program in (text, applied(text, found)):
        names: dict[str, object] = {}
        exec(compile(program, "program.py", "exec", dont_inherit=True), names)
        made.append(cast("Callable[..., object]", names["f"]))
    return made


def outcome(function: Callable[..., object], *given: object) -> tuple[object, ...]:
    """What a call gives, or which error it raises, and what became of the lists it was given."""
    taken = [list(cast("list[object]", one)) if isinstance(one, list) else one for one in given]
    try:
        return function(*taken), taken
    except (ArithmeticError, LookupError, ValueError) as error:
        return type(error), taken


COUNTED = [
    both(
        "pair-count",
        "def f(a: list[int], s: int, n: int):\n    count = 0\n    for i in range(n):\n"
        f"        for j in range({low}, n):\n            if {test}:\n                count += 2\n    return count\n",
    )
    for low in ("0", "i", "i + 1")
    for test in (
        "a[i] + a[j] == s", "a[j] - a[i] != s", "s == a[i] - a[j]", "(a[i] + a[j]) % 3 == 2", "(s - a[j]) % 4 == 1",
        "(a[i] ^ a[j]) % 2 == 1", "a[j] == a[i]", "(a[i] - a[j] - s) % 5 == 0",
    )
]  # fmt: skip
REMOVED = both(
    "removed-items", "def f(a: list[int], n: int):\n    for x in a:\n        if x % n:\n            a.remove(x)\n"
)
FOUND = both(
    "substring-places",
    "def f(s: str, t: str):\n    out = []\n    for i in range(len(s)):\n        if s[i:i + len(t)] == t:\n"
    "            out.append(i)\n    return out\n",
)
FIRST = both(
    "first-place",
    "def f(s: list[int], x: int, n: int):\n    for i in range(n):\n        if s[i] == x:\n            return i\n",
)
LAST = both(
    "first-place",
    "def f(s: str, x: str):\n    for i in range(len(s) - 1, -1, -1):\n        if s[i] == x and i != 3:\n"
    "            return i\n",
)
COMMON = both(
    "common-divisors",
    "def f(a: int, b: int, n: int):\n    out = []\n    for d in range(1, n):\n        if a % d == 0 and b % d == 0:\n"
    "            out.append(d)\n    return out\n",
)
ENDS = both(
    "sorted-ends",
    "def f(a: list[int]):\n    out = []\n    while a:\n        out.append(max(a) if len(a) % 3 else min(a))\n"
    "        a.remove(out[-1])\n    return out\n",
)
PARTS = both(
    "parts-set",
    "def f(s: str, t: str, n: int):\n    count = 0\n    for i in range(len(s)):\n        for j in range(len(t)):\n"
    "            if s[i:i + n] == t[j:j + n]:\n                count += 1\n                break\n    return count\n",
)

SLICES = [
    both(
        "slice-membership",
        f"def f(a: list[int], x: int):\n    return [{what} for i, v in enumerate(a)]\n",
    )
    for what in (
        "v in a[:i]", "x not in a[:i + 2]", "v in a[i + 1:]", "x not in a[i:]", "a[:i].count(v)", "a[i + 1:].count(x)",
        "a[i] in a[:i] or x in a[i:]",
    )
]  # fmt: skip
ORDERED = [
    both(
        "pair-order",
        "def f(a: list[int], n: int):\n    count = 0\n    for i in range(n):\n        for j in range(i + 1, n):\n"
        f"            if a[i] {operator} a[j]:\n                count += 1\n    return count\n",
    )
    for operator in ("<", "<=", ">", ">=")
]


@given(NUMBERS, st.integers(-6, 6))
def test_parts_of_a_list_are_searched_alike(a: list[int], x: int) -> None:
    for old, new in SLICES:
        assert outcome(old, a, x) == outcome(new, a, x)


@given(NUMBERS, st.integers(-1, 13))
def test_pairs_in_and_out_of_order_are_counted_alike(a: list[int], n: int) -> None:
    for old, new in ORDERED:
        assert outcome(old, a, n) == outcome(new, a, n)


@given(NUMBERS, st.integers(-6, 6), st.integers(-2, 13))
def test_pairs_are_counted_alike(a: list[int], s: int, n: int) -> None:
    for old, new in COUNTED:
        if n <= len(a):
            assert outcome(old, a, s, n) == outcome(new, a, s, n)


@given(NUMBERS, st.integers(1, 4))
def test_of_equal_items_the_same_one_goes(a: list[int], n: int) -> None:
    old, new = REMOVED
    assert outcome(old, a, n) == outcome(new, a, n)


@given(TEXTS, st.text("ab", max_size=3), st.integers(0, 3))
def test_parts_of_texts_are_found_alike(s: str, t: str, n: int) -> None:
    for old, new in (FOUND, LAST):
        assert outcome(old, s, t) == outcome(new, s, t)
    assert outcome(PARTS[0], s, t, n) == outcome(PARTS[1], s, t, n)


@given(NUMBERS, st.integers(-6, 6), st.integers(-2, 15))
def test_places_are_found_alike(s: list[int], x: int, n: int) -> None:
    old, new = FIRST
    assert outcome(old, s, x, n) == outcome(new, s, x, n)


@given(st.integers(-60, 60), st.integers(-60, 60), st.integers(-3, 70))
def test_common_divisors_are_the_same(a: int, b: int, n: int) -> None:
    old, new = COMMON
    assert outcome(old, a, b, n) == outcome(new, a, b, n)


@given(NUMBERS)
def test_ends_are_taken_alike(a: list[int]) -> None:
    old, new = ENDS
    assert outcome(old, a) == outcome(new, a)
