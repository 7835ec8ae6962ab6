"""What is remembered: answers stay what they were, how deep it goes stays, and nothing is kept behind the call."""

from __future__ import annotations

import pytest
from tests.source.rules.test_examples import outcome

from cambrian.source.rules.catalogue import find, rules
from cambrian.source.rules.rule import applied

RULES = [rule for rule in rules("speed", "python") if rule.id == "recursion-cache"]
PROGRAMS = {
    "def f(n):\n    return n if n < 2 else f(n - 1) + f(n - 2)\n": "[f(n) for n in range(-3, 18)]",
    (
        "def f(n, k=2):\n    if n <= 0 or k == 0: return k\n    return f(n - 1) - f(n - k, k) * k\n"
    ): "[f(n, 3) for n in range(12)]",
    (
        "def f(n):\n    if n <= 1:\n        return 1\n    total = 0\n    for i in range(n):\n"
        "        total += f(i) * f(n - i - 1)\n    return total\n"
    ): "[f(n) for n in range(9)]",
    (
        "def g(a, b):\n    def f(i, j):\n        if i == 0 or j == 0:\n            return i + j\n"
        "        if a[i - 1] == b[j - 1]:\n            return f(i - 1, j - 1)\n"
        "        return 1 + min(f(i - 1, j), f(i, j - 1), f(i - 1, j - 1))\n    return f(len(a), len(b))\n"
    ): "[g(*pair) for pair in (('abc', 'acd'), ('', 'x'), ('kitten', 'sitting'))]",
    "def f(n):\n    if n < 0:\n        raise ValueError(n)\n    return 1 if n == 0 else f(n - 1) + f(n - 2)\n": "f(3)",
    "def f(n):\n    return n if n < 2 else 'x' + f(n - 1) + f(n - 2)\n": "f(4)",
}


@pytest.mark.parametrize("text", PROGRAMS)
def test_answers_and_errors_stay(text: str) -> None:
    found = find(text, "program.py", RULES)
    assert found
    assert outcome(applied(text, found), PROGRAMS[text]) == outcome(text, PROGRAMS[text])


def test_it_goes_as_deep_as_before() -> None:
    text = "def f(n, k):\n    if k == 0 or n == k:\n        return 1\n    return f(n - 1, k - 1) + f(n - 1, k)\n"
    new = applied(text, find(text, "program.py", RULES))
    deepest = [n for n in range(0, 1000, 10) if outcome(text, f"f({n}, 1)")[0] == "value"][-1]
    assert deepest > 500
    assert outcome(new, f"f({deepest - 10}, 1)") == ("value", deepest - 10)


def test_time_no_longer_doubles() -> None:
    text = next(iter(PROGRAMS))
    assert outcome(applied(text, find(text, "program.py", RULES)), "f(300) % 1000") == ("value", 600 % 1000)


@pytest.mark.parametrize(
    "text",
    [
        "def f(n, seen={}):\n    return n if n < 2 else f(n - 1) + f(n - 2)\n",
        "def f(n):\n    global calls\n    calls += 1\n    return n if n < 2 else f(n - 1) + f(n - 2)\n",
        "def f(n):\n    n -= 1\n    return n if n < 2 else f(n - 1) + f(n - 2)\n",
        "from random import random\n\n\ndef f(n):\n    return random() if n < 2 else f(n - 1) + f(n - 2)\n",
        "def f(n):\n    return [n] if n < 2 else f(n - 1) + f(n - 2)\n",
        "def f(n):\n    return n if n < 2 else f(n - 1) + map(f, [n - 2])\n",
        "async def f(n):\n    return n if n < 2 else await f(n - 1) + await f(n - 2)\n",
        "def f(n):\n    return n if n < 2 else f(*[n - 1]) + f(n - 2)\n",
        "def twice(g):\n    return g\n\n\n@twice\ndef f(n):\n    return n if n < 2 else f(n - 1) + f(n - 2)\n",
        "def f(n):\n    text = '''\n'''\n    return n if n < 2 else f(n - 1) + f(n - 2)\n",
        "def f(items):\n    return 0 if items == 3 else f(items[1:]) + f(items[:-1])\n",
    ],
)
def test_left_alone(text: str) -> None:
    assert not find(text, "program.py", RULES)
