"""Undefined names: never one that Python would resolve, and the plain cases found."""

from __future__ import annotations

import builtins

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cambrian.source.names import Undefined, undefined

from .corpus import stdlib


def found(text: str) -> list[str]:
    return [item.name for item in undefined({"p.py": text})]


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("x = y\n", ["y"]),
        ("def f(a):\n    return a + b\n", ["b"]),
        ("def f():\n    def g():\n        return lost\n    return g\n", ["lost"]),
        ("r = [i * k for i in range(3)]\n", ["k"]),
        ("class A:\n    x = nothing\n", ["nothing"]),
        ("import math\nmath2.sqrt(2)\n", ["math2"]),
        ("def f():\n    x = 1\ndef g():\n    return x\n", ["x"]),
        ("print([i for i in range(3)], i)\n", ["i"]),
        ("def f():\n    global q\n    return q\n", ["q"]),
        ("class A:\n    v = 1\n    def m(self):\n        return v\n", ["v"]),
    ],
)
def test_certainly_undefined(text: str, missing: list[str]) -> None:
    assert found(text) == missing


@pytest.mark.parametrize(
    "text",
    [
        "def f():\n    global late\n    late = 1\ndef g():\n    return late\n",
        "from math import *\nsqrt(2)\n",
        "globals()['x'] = 1\nx\n",
        "exec('x = 1')\nx\n",
        "try:\n    unicode\nexcept NameError:\n    unicode = str\n",
        "if any((hit := v) for v in [1]):\n    print(hit)\n",
        "def f(x: Unknown) -> Other:\n    y: Third = x\n    return y\n",
        "print(__name__, __file__, __doc__)\n",
        "class A:\n    def f(self):\n        return __class__\n",
        "import sys\nsetattr(sys.modules[__name__], 'dyn', 1)\ndyn\n",
        "def top(a):\n    return a\n",
        "match 1:\n    case {'a': b, **rest}:\n        print(b, rest)\n    case [c, *d] | c:\n        print(c, d)\n",
        "for i in range(3):\n    pass\nprint(i)\n",
        "try:\n    pass\nexcept ValueError as e:\n    print(e)\n",
        "def f():\n    return later()\ndef later():\n    return 1\n",
        "import os.path as p, os.path\nprint(p, os)\n",
        "x = (\n",
    ],
)
def test_in_doubt_a_name_is_defined(text: str) -> None:
    assert not found(text)


def test_a_name_set_on_a_module_from_another_file_is_defined() -> None:
    assert undefined({"a.py": "import b\nb.extra = 1\n", "b.py": "def f():\n    return extra\n"}) == ()


def test_the_first_use_is_named() -> None:
    assert undefined({"p.py": "x = 1\ny = lost\nz = lost\n"}) == (Undefined("p.py", 2, "lost"),)
    assert str(Undefined("p.py", 2, "lost")) == "p.py:2: name 'lost' is not defined"


def test_other_languages_have_none() -> None:
    assert undefined({"a.c": "x = y"}, "c") == ()


def test_no_false_alarm_in_the_standard_library() -> None:
    checked = 0
    for name, text in stdlib(230):
        assert undefined({name: text}) == (), name
        checked += 1
    assert checked >= 200


WORDS = ("a", "b", "c", "d")
EXPRESSIONS = st.recursive(
    st.sampled_from(WORDS).map(lambda w: f"({w})") | st.just("1"),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda p: f"({p[0]}, {p[1]})"),
        st.tuples(st.sampled_from(WORDS), inner, inner).map(lambda p: f"[{p[1]} for {p[0]} in [{p[2]}]]"),
        st.tuples(st.sampled_from(WORDS), inner).map(lambda p: f"(lambda {p[0]}: {p[1]})(0)"),
        st.tuples(st.sampled_from(WORDS), inner).map(lambda p: f"({p[0]} := {p[1]})"),
    ),
    max_leaves=4,
)
SIMPLE = st.one_of(
    st.tuples(st.sampled_from(WORDS), EXPRESSIONS).map(lambda p: [f"{p[0]} = {p[1]}"]),
    EXPRESSIONS.map(lambda e: [e]),
    st.sampled_from(WORDS).map(lambda w: [f"import math as {w}"]),
)


def _function(parts: tuple[str, list[list[str]], bool]) -> list[str]:
    word, body, shared = parts
    lines = [line for part in body for line in part]
    head = [f"    global {word}"] if shared else []
    return ["def run():", *head, *(f"    {line}" for line in lines), "    return 0", "run()"]


def _class(body: list[list[str]]) -> list[str]:
    return ["class K:", *(f"    {line}" for part in body for line in part), "    pass"]


STATEMENTS = st.one_of(
    SIMPLE,
    st.tuples(st.sampled_from(WORDS), st.lists(SIMPLE, max_size=3), st.booleans()).map(_function),
    st.lists(SIMPLE, max_size=3).map(_class),
)


@given(st.lists(STATEMENTS, max_size=5))
def test_what_runs_without_a_name_error_is_never_faulted(parts: list[list[str]]) -> None:
    text = "\n".join(line for part in parts for line in part) + "\n"
    try:
        code = compile(text, "generated", "exec")
    except SyntaxError:
        return
    try:
        exec(code, {"__builtins__": builtins, "__name__": "generated"})
    except NameError:
        return
    assert not found(text)  # every line above ran, so every name resolved


def test_the_generator_reaches_both_outcomes() -> None:
    """A control for the property above: programs of its kind do fail, and are found."""
    assert found("a = 1\n(b)\ndef run():\n    (c)\nrun()\n") == ["b", "c"]
