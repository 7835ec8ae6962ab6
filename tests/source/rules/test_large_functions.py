"""Functions of thousands of lines: time grows with their length, not with its square."""

from __future__ import annotations

import time

import pytest

from cambrian.source.rules.catalogue import find, rules

LOOPS = 300
SECONDS = 20.0
"""CPU time for a function of a thousand lines: some ten times what it takes."""
BODIES = {
    "index": "    for i in range(len(a)):\n        out.append(a[i] + {number})\n        b += a[i]\n",
    "fold": "    total = 0\n    for item in a:\n        total += item\n    out.append(total)\n",
    "while": "    i = 0\n    while i < len(a):\n        out.append(a[i])\n        i += 1\n",
}


@pytest.mark.parametrize("body", BODIES)
def test_a_long_function_is_looked_through_in_seconds(body: str) -> None:
    loops = "".join(BODIES[body].format(number=number) for number in range(LOOPS))
    text = f"def many(a, b):\n    out = []\n{loops}    return out, b\n"
    begun = time.process_time()
    find(text, "program.py", rules("speed", "python"))
    assert time.process_time() - begun < SECONDS
