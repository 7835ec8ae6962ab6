"""Effects: what is said to stay the same does, whenever the program runs; what may change is never said to stay."""

from __future__ import annotations

import ast
import contextlib
import io
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cambrian.source.analysis import Module


def loop_and_call(text: str) -> tuple[Module, ast.For | ast.While, ast.expr]:
    """A file, its first loop, and the argument of its first ``print(…)`` in a loop."""
    module = Module(text)
    shown = [call for call in module.of(ast.Call) if isinstance(call.func, ast.Name) and call.func.id == "print"]
    calls = [call for call in shown if module.loops(call)]
    return module, module.of(ast.For, ast.While)[0], calls[0].args[0]


@pytest.mark.parametrize(
    "text",
    [
        "def f():\n    x = [1]\n    for i in range(3):\n        print(len(x))\n        print(i)",
        "def f():\n    x = sorted([1])\n    for i in x:\n        print(max(x))",
        "import math\ndef f():\n    n = 5\n    for i in range(n):\n        print(math.sqrt(n))",
        "def g(n):\n    return n\ndef f():\n    n = 5\n    for i in range(n):\n        print(g(n))",
        "def f(s):\n    s = str(s)\n    for i in range(3):\n        print(s.lower())",
        "def f():\n    x = [1]\n    y = []\n    while len(y) < 3:\n        y.append(sum(x))\n        print(x + x)",
    ],
)
def test_what_stays_the_same_is_found(text: str) -> None:
    module, loop, node = loop_and_call(text)
    assert module.invariant(node, loop)


@pytest.mark.parametrize(
    "text",
    [
        "def f():\n    x = [1]\n    for i in range(3):\n        x.append(i)\n        print(len(x))",
        "def f():\n    x = [1]\n    y = x\n    for i in range(3):\n        y.append(i)\n        print(len(x))",
        "def f(x, y):\n    for i in range(3):\n        y.append(i)\n        print(len(x))",
        "def f(x):\n    for i in range(3):\n        g()\n        print(len(x))",
        "def f():\n    x = [1]\n    def g():\n        x.append(1)\n    for i in range(3):\n        g()"
        "\n        print(len(x))",
        "def f():\n    x = 1\n    def g():\n        nonlocal x\n        x += 1\n    for i in range(3):"
        "\n        g()\n        print(x)",
        "x = 1\ndef g():\n    global x\n    x += 1\nfor i in range(3):\n    g()\n    print(x)",
        "def f():\n    x = [[1]]\n    for row in x:\n        row.append(1)\n        print(max(x))",
        "def f():\n    x = [[1]]\n    for i in range(2):\n        x[0].append(i)\n        print(sum(x[0]))",
        "def f(x):\n    for i in range(3):\n        print(next(x))",
        "def f():\n    x = iter([1, 2])\n    for i in range(2):\n        print(list(x))",
        "def f():\n    x = (c for c in 'ab')\n    for i in range(2):\n        print(sum(x))",
        "import random\ndef f():\n    for i in range(2):\n        print(random.random())",
        "def f():\n    for i in range(2):\n        print(input())",
        "def f(self):\n    for i in range(2):\n        self.n += 1\n        print(self.n)",
        "def f(self):\n    for i in range(2):\n        self.step()\n        print(self.n)",
        "def f():\n    x = 1\n    for i in range(2):\n        exec('x = 2')\n        print(x)",
        "def f():\n    x = {}\n    for i in range(2):\n        x.setdefault(i, 1)\n        print(len(x))",
        "def f():\n    x = [1]\n    for x[0] in range(3):\n        print(x[0])",
        "def f():\n    x = [3]\n    for i in range(3):\n        print(len(x))\n        del x[:]",
        "async def f():\n    x = [3]\n    k(x)\n    for i in range(3):\n        await g()\n        print(len(x))",
        "import collections\ndef f():\n    d = collections.defaultdict(list)\n    for i in range(3):"
        "\n        print(d[i])",
        "calls = []\ndef g(n):\n    calls.append(n)\n    return n\ndef f():\n    n = 1"
        "\n    for i in range(3):\n        print(g(n))",
        "def g(n):\n    print(n)\n    return n\ndef f():\n    n = 1\n    for i in range(3):\n        print(g(n))",
        "k = 1\ndef g(n):\n    return n + k\ndef h():\n    global k\n    k = 2\ndef f():"
        "\n    for i in range(3):\n        print(g(1))",
        "def g(x):\n    x.append(1)\n    return 1\ndef f():\n    x = []\n    for i in range(3):\n        print(g(x))",
        "def f():\n    x = [1]\n    y = [x]\n    for i in range(3):\n        y[0].append(1)\n        print(len(x))",
        "def f():\n    x = y = [1]\n    for i in range(3):\n        y.append(1)\n        print(len(x))",
        "def f():\n    x = [1]\n    a = x.append\n    for i in range(3):\n        a(1)\n        print(len(x))",
        "def f():\n    x = [2, 1]\n    d = {'k': x}\n    for i in range(3):\n        d['k'].pop()"
        "\n        print(len(x))",
        "class C:\n    n = 0\ndef f():\n    for i in range(3):\n        C.n += 1\n        print(C.n)",
        "def f():\n    x = 3\n    for i in range(3):\n        print((lambda: x)())\n        x = i",
        "def f():\n    x = [1]\n    for i in range(3):\n        x += [i]\n        print(len(x))",
        "def f():\n    x = [1]\n    for i in range(3):\n        [x.append(j) for j in range(2)]\n        print(len(x))",
    ],
)
def test_what_may_change_is_never_said_to_stay(text: str) -> None:
    module, loop, node = loop_and_call(text)
    assert not module.invariant(node, loop)


def test_what_has_to_be_trusted_is_told_only_if_that_is_enough() -> None:
    module, loop, node = loop_and_call("def f(x):\n    for i in range(3):\n        g()\n        print(len(x))")
    assumes: set[str] = set()
    assert module.invariant(node, loop, assumes)
    assert assumes == {"nothing else changes 'x' meanwhile"}
    module, loop, node = loop_and_call("def f(x):\n    for i in range(3):\n        x = g()\n        print(len(x.a))")
    assumes = set()
    assert not module.invariant(node, loop, assumes)
    assert assumes == set()


# --- the oracle: programs are run, and what is said to stay the same is looked at on each turn

_START = [
    "x = [1, 2]",
    "x = (1, 2)",
    "x = 'ab'",
    "x = y",
    "x = [y, y]",
    "x = {1: 2}",
    "x = sorted([2, 1])",
    "x = [[1], [2]]",
]
_TURN = [
    "x.append(3)", "y.append(3)", "z = x\nz.append(4)", "y = x", "x = y", "x[0] = 5", "y = [x]", "y[0].append(6)",
    "x += [7]", "g(x)", "h()", "z = [*x]\nz.append(1)", "for q in x:\n    q.append(8)", "x.sort()", "x.pop()",
    "z = x[0]\nz.append(1)", "x, y = y, x", "z = k(x)", "x[0].append(9)", "x.get(1)", "x.setdefault(3, 4)",
    "z = (x, 1)\nz[0].append(1)", "len(x)", "z = {1: x}\nz[1].append(2)", "z = lambda: x.append(1)\nz()",
    "z = x or y\nz.append(1)", "for y in x:\n    pass",
]  # fmt: skip
_ASKED = [
    "len(x)",
    "x",
    "sum(x)",
    "max(x)",
    "x[0]",
    "x + x",
    "k(x)",
    "len(y)",
    "y",
    "len(x[0])",
    "sorted(x)",
    "x == y",
    "1 in x",
]
_HEAD = """
held = []
def g(x):
    held.append(x)
def h():
    for one in held:
        one.append(0)
def k(x):
    total = 0
    for i in x:
        total += 1
    return total
"""


def indented(text: str, width: int) -> str:
    return "\n".join(" " * width + line for line in text.split("\n"))


@given(st.integers(0, 10**9))
@settings(max_examples=250, deadline=None)
def test_what_is_said_to_stay_the_same_does(seed: int) -> None:
    rng = random.Random(seed)
    asked = rng.choice(_ASKED)
    turn = "\n".join(rng.choice(_TURN) for _ in range(rng.randint(1, 3)))
    begin = "\n".join([rng.choice(["y = [1]", "y = [[1]]"]), rng.choice(_START), rng.choice(_TURN)])
    text = (
        f"{_HEAD}def f():\n{indented(begin, 4)}\n    for i in range(3):\n        print({asked})\n{indented(turn, 8)}\n"
    )
    text += f"        print({asked})\nf()\n"
    module = Module(text)
    calls = [call for call in module.of(ast.Call) if isinstance(call.func, ast.Name) and call.func.id == "print"]
    loop = module.loops(calls[0])[0]
    if not all(module.invariant(call.args[0], loop) for call in calls):
        return
    seen: list[str] = []

    def look(value: object) -> None:
        seen.append(repr(value))

    errors = (TypeError, AttributeError, LookupError, ValueError, NameError)
    with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(*errors):
        exec(compile(text, "program.py", "exec"), {"print": look})
    assert len(set(seen)) <= 1, text
