"""Divisors in pairs, for all ranges that people write, also for n at and below 0."""

from __future__ import annotations

import pytest
from tests.source.rules.test_examples import outcome

from cambrian.source.rules.catalogue import find, rules
from cambrian.source.rules.rule import applied

RULES = [rule for rule in rules("speed", "python") if rule.id == "divisor-search"]
STOPS = (
    "n", "n + 1", "n - 1", "n - 3", "n // 2", "n // 2 + 1", "n // 3", "n // 3 + 1", "int(n / 2)", "int(n / 2) + 1",
    "n // 2 + 2", "n + 2", "n // 5",
)  # fmt: skip
_UP = [f"range({ends})" for stop in STOPS for ends in (stop, *(f"{low}, {stop}" for low in (0, 1, 2, 3)))]
_DOWN = [f"range({stop}, {end}, -1)" for stop in STOPS for end in (-1, 0, 1, 2)]
RANGES = [*_UP, *(f"reversed({one})" for one in _UP), *_DOWN]
BODIES = {
    "all": "    out = []\n    for d in {}:\n        if n % d == 0 and d % 3:\n            out.append(d)\n"
    "    return out\n",
    "first": "    for d in {}:\n        if not n % d:\n            return d\n",
    "whether": "    for d in {}:\n        if 0 == n % d:\n            return False\n    return True\n",
    "flag": "    x = 1\n    for d in {}:\n        if n % d == 0:\n            x = 2\n            break\n    else:\n"
    "        x = 5\n    return x\n",
    "sum": "    return sum(d * d for d in {} if n % d == 0)\n",
    "none": "    return all(n % d for d in {})\n",
    "each": "    return all(not n % d for d in {})\n",
}
NUMBERS = (*range(-4, 20), 24, 25, 26, 49, 60)


@pytest.mark.parametrize("body", BODIES)
def test_the_same_for_all_ranges_and_numbers(body: str) -> None:
    rewritten = 0
    for numbers in RANGES:
        text = f"def f(n):\n{BODIES[body].format(numbers)}"
        found = find(text, "program.py", RULES)
        new = applied(text, found)
        assert not find(new, "program.py", RULES)
        rewritten += bool(found)
        call = f"[f(n) for n in {NUMBERS} if n != 1]"
        if found:
            assert outcome(text, call) == outcome(new, call), f"{text}\n{new}"
            assert outcome(text, "f(1)") == outcome(new, "f(1)"), f"{text}\n{new}"
    assert rewritten > 5 or body == "each"
