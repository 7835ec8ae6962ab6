"""Functions that a target is made of: found by text, run alone, and known by what they do."""

from __future__ import annotations

from pathlib import Path

from cambrian.improvement.callees import callees, made_up
from cambrian.improvement.targets import target_of
from cambrian.source.analysis import Module

TEXT = '''"""Numbers."""


def whole(n):
    return all(n % k for k in range(2, n))


def unused(n):
    return sum(range(n))


def answer(limit, step):
    import math

    def near(p):
        for k in range(2, math.isqrt(p) + 1):
            if p % k == 0:
                return False
        return p > 1

    def bound(p):
        return [p + step for _ in range(p)]

    def given(p, q=3):
        return sum(range(p, q))

    return [n for n in range(limit) if near(n) and whole(n)]
'''


def test_inner_ones_that_stand_alone_and_those_that_are_called(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text(TEXT, encoding="utf-8")
    target = target_of(tmp_path / "m.py", "answer")
    found = list(callees(target, Module(target.text)))
    assert [each.node.name for each in found] == ["near", "whole"]
    inner, outer = (each.program for each in found)
    assert inner.entry == "m.py:near"
    names: dict[str, object] = {}
    exec(inner.files["m.py"], names)
    near = names["near"]
    assert callable(near)
    assert [n for n in range(12) if near(n)] == [2, 3, 5, 7, 11]
    assert outer.files["m.py"] == TEXT


def test_calls_are_made_up_kind_by_kind(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text("def f(n):\n    return g(n, 2)\n\n\ndef g(a, b):\n    return sum(a[:b])\n")
    target = target_of(tmp_path / "m.py", "f")
    [callee] = callees(target, Module(target.text))
    kinds = [tuple(type(value).__name__ for value in calls[0].arguments) for calls in made_up(callee, 1)]
    assert kinds == [("int", "int"), ("list", "list"), ("list", "int"), ("str", "str"), ("str", "int")]
    assert [list(each) for each in made_up(callee, 1)] == [list(each) for each in made_up(callee, 1)]
