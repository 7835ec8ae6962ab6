"""What a rule says is the same, is: made-up programs are run before and after, with all that they print and raise."""

from __future__ import annotations

import contextlib
import io
import random
import sys
from collections.abc import Callable
from types import FrameType
from typing import TypeAlias

from hypothesis import given, settings
from hypothesis import strategies as st

from cambrian.source.rules.catalogue import find, rules
from cambrian.source.rules.rule import applied

LINES = 2_000
"""That a program may run before it is given up."""
_MADE = [
    "[]", "[1, 2]", "['b', 'a']", "(1, 2)", "'ab'", "{1: 2}", "[0, 1.0, True]", "sorted([2, 1])", "[[1], [2]]", "x",
    "y", "0",
]  # fmt: skip
_LINES = [
    "x = {0}", "y = {0}", "x.append(i)", "y.append(i)", "if i not in x:\n    x.append(i)", "if i in y:\n    print(i)",
    "print(x.pop(0))", "x.insert(0, i)", "x = x + [i]", "y = y + [i, 3]", "s += str(i)", "s = str(i) + s",
    "s = s + 'c'", "print(len(x), max(x))", "print(x.count(i))", "print(sorted(x)[0])",
    "print(sorted(y)[-1], sorted(y)[:2])", "print(any([a == i for a in x]))", "print(all([a for a in y]))",
    "for a in x:\n    for b in y:\n        if a == b:\n            print(a, b)", "for k in d:\n    print(k, d[k])",
    "d[i] = x", "d[i] = i", "print(i in d.keys())", "y = x", "x = [a for a in y if a in x]",
    "print([a for a in x if y.count(a) > 1])", "if i > 1:\n    break", "if not x:\n    continue",
    "z = x\nz.append(5)", "x += y", "while x:\n    print(x.pop(0))", "print(s)", "print(x, y)", "k(x)",
    "x = list(k(y))", "print(sum(x), min(y))", "del x[0]", "print(i in [1, 2, 3, 4, 5, 6])",
    "for a in x:\n    y.insert(0, a)", "for a in y:\n    x = x + [a]", "print(k(y))",
]  # fmt: skip
_ERRORS = (TypeError, AttributeError, LookupError, ValueError, NameError, RuntimeError)


def program(rng: random.Random) -> str:
    """A function with a loop in which all sorts of things are done, called; or the same at the top of a file."""

    def lines(count: int) -> str:
        return "\n".join(rng.choice(_LINES[2:]).format(rng.choice(_MADE)) for _ in range(count))

    begin = f"x = {rng.choice(_MADE[:9])}\ny = {rng.choice(_MADE[:10])}\ns = ''\nd = {{2: 3}}\n"
    loop = f"for i in range(4):\n{indented(lines(rng.randint(1, 4)))}\n"
    if rng.random() < 0.3:
        loop = f"try:\n{indented(loop)}\nexcept Exception:\n    print('failed')\n"
    body = f"{begin}{loop}{rng.choice(['', 'print(x)', 'print(s)'])}\n"
    ending = rng.choice(["print(x, y, s, d)", "pass"])
    head = f"def k(v):\n    print('k')\n{indented(rng.choice(['return v', 'v.append(9)', 'return sorted(v)']))}\n"
    if rng.random() < 0.6:
        return f"{head}def f():\n{indented(body + ending)}\nf()\n"
    return f"{head}{body}{ending}\n"


def indented(text: str) -> str:
    return "\n".join(f"    {line}" if line else line for line in text.split("\n"))


Count: TypeAlias = "Callable[[FrameType, str, object], Count]"


class Endless(BaseException):
    """A program that runs for too long to be looked at."""


def outcome(text: str) -> tuple[str, str] | None:
    """What a program prints, and the type of the error that ends it; ``None`` if it goes on and on."""
    printed = io.StringIO()
    left = LINES

    def count(frame: FrameType, event: str, argument: object) -> Count:
        nonlocal left
        left -= event == "line"
        if left < 0:
            raise Endless
        return count

    code = compile(text, "program.py", "exec", dont_inherit=True)
    before = sys.gettrace()
    with contextlib.redirect_stdout(printed):
        sys.settrace(count)
        try:
            exec(code, {"__name__": "program"})
        except _ERRORS as error:
            return printed.getvalue(), type(error).__name__
        except Endless:
            return None
        finally:
            sys.settrace(before)
    return printed.getvalue(), ""


def test_a_difference_would_be_seen() -> None:
    assert outcome("print(1)") != outcome("print(2)")
    assert outcome("print(1)\n[][0]") != outcome("print(1)\n{}[0]")
    assert outcome("while True:\n    pass") is None


@given(st.integers(0, 10**9))
@settings(max_examples=300, deadline=None)
def test_what_is_said_to_be_the_same_is(seed: int) -> None:
    text = program(random.Random(seed))
    for one in find(text, "program.py", rules("speed", "python")):
        if one.ground == "same" and one.splices:
            after = applied(text, [one])
            expected, got = outcome(text), outcome(after)
            assert None in {expected, got} or got == expected, f"{one.rule}:\n{text}\n--- becomes\n{after}"
