"""Kinds: what is said of a value is what it has, whenever the program runs."""

from __future__ import annotations

import ast
import contextlib
import io
import random
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cambrian.source.analysis import Kind, Module
from cambrian.source.edit import Splice, apply

SCRIPTS = Path(__file__).parents[3] / "benchmarks" / "workload" / "scripts"


def shown(text: str) -> dict[str, Kind | None]:
    """Kind of each variable that the last ``print(…)`` of a text is given."""
    module = Module(text)
    call = [call for call in module.of(ast.Call) if isinstance(call.func, ast.Name) and call.func.id == "print"][-1]
    return {ast.unparse(argument): module.kind(argument) for argument in call.args}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("x = []\nfor i in range(3):\n    x.append(i)\nprint(x)", "list"),
        ("def f(x):\n    x = sorted(x)\n    x += [1]\n    print(x)", "list"),
        ("def f(x):\n    n = 0\n    while n < 3:\n        n += 1\n    print(n)", "int"),
        ("import collections as c\nx = c.deque()\nprint(x)", "deque"),
        ("def f(a, b):\n    x = a in b\n    print(x)", "bool"),
        ("x = 'a' % y\nprint(x)", "str"),
        ("x = 1\ndel x\nx = 'b'\nprint(x)", "str"),
    ],
)
def test_a_kind_is_found(text: str, name: str) -> None:
    (kind,) = shown(text).values()
    assert kind is not None
    assert kind.name == name


@pytest.mark.parametrize(
    "text",
    [
        "def f(x):\n    print(x)",
        "def f(x: int):\n    print(x)",
        "def f(c):\n    x = 1\n    if c:\n        x = 'a'\n    print(x)",
        "from m import *\nx = list()\nprint(x)",
        "def list(): return g()\nx = list()\nprint(x)",
        "x = []\ndef f():\n    global x\n    x = g()\nprint(x)",
        "def f():\n    x = []\n    def g():\n        nonlocal x\n        x = h()\n    g()\n    print(x)",
        "def f():\n    x = 1\n    exec('x = 2')\n    print(x)",
        "def f(n):\n    x = 2 ** n\n    print(x)",
        "def f():\n    for x in g():\n        x = 1\n    print(x)",
        "try:\n    x = 1\nexcept E as x:\n    pass\nprint(x)",
        "class C:\n    def f(self):\n        __x = 1\n        print(__x)",
        "x = 1\nfor i in range(2):\n    print(x)\n    x = 'a'",
    ],
)
def test_what_is_not_certain_has_no_kind(text: str) -> None:
    assert list(shown(text).values()) == [None]


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("x = ['a']\nx.append('b')\nprint(x)", "str"),
        ("x = ['a']\nx[0] = 1\nprint(x)", None),
        ("x = ['a']\ny = x\ny.append(1)\nprint(x)", None),
        ("x = ['a']\ng(x)\nprint(x)", None),
        ("x = ['a']\nx.extend(g())\nprint(x)", None),
        ("x = 'a b'.split()\nprint(x)", "str"),
        ("x = {}\nx['a'] = 1\nprint(x)", "str"),
        ("x = {}\nx['a'] = 1\nx[2] = 1\nprint(x)", None),
        ("x = []\nx += ['a']\nprint(x)", "str"),
        ("x = []\nx += g()\nprint(x)", None),
        ("def f():\n    x = ['a']\n    def g():\n        x.append(1)\n    g()\n    print(x)", None),
        ("x = ['a']\nx.sort()\nx.pop()\nprint(x)", "str"),
    ],
)
def test_items_are_all_that_is_put_in(text: str, item: str | None) -> None:
    (kind,) = shown(text).values()
    assert kind is not None
    assert (kind.item and kind.item.name) == item


def test_what_an_item_holds_is_not_known_since_others_may_change_it() -> None:
    (kind,) = shown("x = [[0]]\nfor row in x:\n    row.append('a')\nprint(x)").values()
    assert kind == Kind("list", Kind("list"))


def test_hints_are_told() -> None:
    module = Module("def f(names: list[str], n: 'int'):\n    for name in names:\n        print(name, n)\n")
    call = next(call for call in module.of(ast.Call))
    assert [module.kind(argument) for argument in call.args] == [None, None]
    assumes: set[str] = set()
    assert [module.is_kind(argument, "str", assumes=assumes) for argument in call.args] == [True, False]
    assert assumes == {"'names' is what its type hint says"}


_ERRORS = (TypeError, AttributeError, LookupError, ValueError, NameError)

# --- the oracle: programs are run, and each value is looked at


def checked(text: str) -> Iterator[tuple[str, object, Kind]]:
    """Run a program with every name that has a kind wrapped in a check; gives what was seen."""
    module = Module(text)
    kinds: list[Kind] = []
    splices: list[Splice] = []
    for node in module.of(ast.Name):
        kind = module.kind(node) if isinstance(node.ctx, ast.Load) else None
        plain = not any(isinstance(above, ast.JoinedStr | ast.Delete | ast.Global) for above in module.ancestors(node))
        if kind is not None and plain:
            start, stop = module.locator.range(node)
            splices += [Splice(start, start, f"__see__({len(kinds)}, "), Splice(stop, stop, ")")]
            kinds.append(kind)
    seen: dict[tuple[int, str], tuple[int, object]] = {}

    def see(number: int, value: object) -> object:
        seen.setdefault((number, _shape(value)), (number, value))
        return value

    code = compile(apply(text, splices), "checked.py", "exec")
    with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(*_ERRORS):
        exec(code, {"__see__": see, "__name__": "__main__"})
    for number, value in list(seen.values()):
        yield splices[2 * number].text, value, kinds[number]


def _shape(value: object) -> str:
    return type(value).__name__ + str(sorted({type(item).__name__ for item in _items(value)}))


def _items(value: object) -> list[object]:
    return [*cast("Iterable[object]", value)] if type(value) in {list, tuple, set, frozenset, dict} else []


def fits(value: object, kind: Kind) -> bool:
    name = type(value).__name__
    names = {"number": {"int", "float", "bool"}, "iterator": {"enumerate", "zip", "map", "filter", "list_iterator"}}
    if kind.name == "view":
        return name in {"dict_keys", "dict_values", "dict_items"}
    if name not in names.get(kind.name, {kind.name, "list_reverseiterator", "Pattern", "TextIOWrapper"}):
        return False
    items = kind.item is None or all(fits(item, kind.item) for item in _items(value))
    values = list(cast("dict[object, object]", value).values()) if isinstance(value, dict) else []
    return items and (kind.value is None or all(fits(one, kind.value) for one in values))


@pytest.mark.parametrize(
    "path",
    [
        path
        for folder in ("text", "library", "structure", "arithmetic")
        for path in sorted((SCRIPTS / folder).glob("*.py"))
        if "async " not in path.read_text(encoding="utf-8")  # such scripts run on a loop
    ],
    ids=lambda path: path.stem,
)
def test_kinds_of_real_scripts_are_what_their_values_have(path: Path) -> None:
    for place, value, kind in checked(path.read_text(encoding="utf-8")):
        assert fits(value, kind), f"{place} is said to be {kind}, and is {value!r}"


_VALUES = [
    "0",
    "1.5",
    "'a'",
    "[]",
    "[1]",
    "{}",
    "(1, 2)",
    "x",
    "y",
    "x + y",
    "[x]",
    "sorted([1, 2])",
    "x * 2",
    "{'a': y}",
]
_HEAD = "import itertools\nc = itertools.count().__next__\n"
_LINES = [
    "x = {0}", "y = {0}", "x += {0}", "y = x", "x = y\nx *= 2", "x.append({0})", "y[0] = {0}", "x, y = y, x",
    "for x in {0}:\n    y = x", "if not y:\n    x = {0}", "while y and c() < 3:\n    y = {0}\n    x = y",
    "try:\n    x = {0}\nfinally:\n    y = x", "y = [x for x in {0}]", "y = (x := {0})", "y.extend({0})", "del x[0]",
    "def f(y):\n    global x\n    x = y\nf({0})", "y = x.pop()", "for i, x in enumerate({0}):\n    y = i",
]  # fmt: skip


@given(st.integers(0, 10**9))
@settings(max_examples=200, deadline=None)
def test_kinds_of_made_up_programs_are_what_their_values_have(seed: int) -> None:
    rng = random.Random(seed)
    body = "\n".join(rng.choice(_LINES).format(rng.choice(_VALUES)) for _ in range(rng.randint(2, 8)))
    if "global" in body or rng.random() < 0.5:
        text = f"{_HEAD}x = {rng.choice(_VALUES[:7])}\ny = 0\n{body}\nprint(x, y)\n"
    else:
        whole = f"x = 1\ny = {rng.choice(_VALUES[:7])}\n{body}\nprint(x, y)"
        inner = "\n".join(f"    {line}" for line in whole.split("\n"))
        text = f"{_HEAD}def main():\n{inner}\nmain()\n"
    for place, value, kind in checked(text):
        assert fits(value, kind), f"{place} is said to be {kind}, and is {value!r}:\n{text}"
