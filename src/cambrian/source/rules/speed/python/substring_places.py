"""``if s[i:i + len(t)] == t`` for each place i: `find` goes from one to the next."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from cambrian.source.analysis import Module
from cambrian.source.analysis.shapes import equated, has, only
from cambrian.source.rules.indices import measured
from cambrian.source.rules.loops import constant, counting, moved, names_in, same, stays_inside, unit
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite


class _Walk(NamedTuple):
    """A loop over the places of a text that does something where another text begins."""

    loop: ast.For
    test: ast.If
    text: ast.Name
    part: ast.Name
    whole: bool
    """Whether the loop goes on to the end, where what is left is shorter than the part."""


class SubstringPlaces(PythonRule):
    """`str.find` instead of a slice at each place (Crochemore and Perrin 1991)."""

    id = "substring-places"
    title = "Let find() go from one occurrence of a text to the next"
    why = (
        "`if s[i:i + len(t)] == t` at each place i cuts and compares a text on each turn. `s.find(t, i)` goes to the "
        "next occurrence in C; overlapping ones are found as before. The guard sees that nothing happens elsewhere, "
        "and that texts and place are not changed meanwhile. That both are texts is assumed unless the text shows it."
    )
    words = ("range(",)
    examples = (
        Example(
            note="overlapping ones are counted",
            before=(
                "def times(string: str, part: str) -> int:\n"
                "    n = 0\n"
                "    for i in range(len(string) - len(part) + 1):\n"
                "        if string[i:i + len(part)] == part:\n"
                "            n += 1\n"
                "    return n\n"
            ),
            after=(
                "def times(string: str, part: str) -> int:\n"
                "    n = 0\n"
                "    i = string.find(part)\n"
                "    while i >= 0:\n"
                "        n += 1\n"
                "        i = string.find(part, i + 1)\n"
                "    return n\n"
            ),
            calls=("times('aaaa', 'aa')", "times('', 'a')", "times('ab', '')", "times('', '')", "times('a', 'abc')"),
        ),
        Example(
            note="to the end of the text",
            before=(
                "def places(s: str, t: str):\n"
                "    out = []\n"
                "    m = len(t)\n"
                "    for i in range(0, len(s)):\n"
                "        if t == s[i : i + m]:\n"
                "            out.append(i)\n"
                "            if len(out) > 3:\n"
                "                break\n"
                "    return out\n"
            ),
            after=(
                "def places(s: str, t: str):\n"
                "    out = []\n"
                "    m = len(t)\n"
                "    i = s.find(t)\n"
                "    while 0 <= i < len(s):\n"
                "        out.append(i)\n"
                "        if len(out) > 3:\n"
                "            break\n"
                "        i = s.find(t, i + 1)\n"
                "    return out\n"
            ),
            calls=("places('abab', 'ab')", "places('ab', '')", "places('', '')", "places('aaaaaa', 'a')"),
        ),
        Example(
            note="lists; another length; the place is asked for afterwards",
            before=(
                "def places(s: list, t: list, a: str, b: str):\n"
                "    for i in range(len(s) - len(t) + 1):\n"
                "        if s[i:i + len(t)] == t:\n"
                "            return i\n"
                "    for i in range(len(a) - len(b) + 1):\n"
                "        if a[i:i + 2] == b:\n"
                "            return i\n"
                "    for i in range(len(a) - len(b) + 1):\n"
                "        if a[i:i + len(b)] == b:\n"
                "            break\n"
                "    return i\n"
            ),
            after=None,
        ),
        Example(
            note="the text changes; something happens at each place; a turn is left early",
            before=(
                "def without(a: str, b: str, n: int):\n"
                "    for i in range(len(a) - len(b) + 1):\n"
                "        if a[i:i + len(b)] == b:\n"
                "            a = a[:i] + a[i + len(b):]\n"
                "    for i in range(len(a) - len(b) + 1):\n"
                "        n += 1\n"
                "        if a[i:i + len(b)] == b:\n"
                "            return n\n"
                "    for i in range(len(a) - len(b) + 1):\n"
                "        if a[i:i + len(b)] == b:\n"
                "            if n > 3:\n"
                "                continue\n"
                "            n += 1\n"
                "    return n\n"
            ),
            after=None,
        ),
    )  # fmt: skip

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for loop in parsed.of(ast.For):
            walk = _walk(parsed, loop)
            found = None if walk is None else self._at(parsed, walk)
            if found is not None:
                yield found

    def _at(self, module: Module, walk: _Walk) -> Rewrite | None:
        loop, text, part, assumes = walk.loop, walk.text, walk.part, set[str]()
        for one in (text, part):
            kind = module.kind(one, assumes)
            if kind is not None and kind.name != "str":
                return None
            if kind is None:
                assumes.add(f"{one.id!r} is a text")
            if module.rebound(one, loop):
                return None
        body = moved(module, walk.test.body, unit(module, loop))
        if body is None:
            return None
        place = module.segment(loop.target)
        measure = module.builtin("len")
        going = f"0 <= {place} < {measure.spelling}({text.id})" if walk.whole else f"{place} >= 0"
        lines = [f"{place} = {text.id}.find({part.id})", f"while {going}:", *body,
                 f"{unit(module, loop)}{place} = {text.id}.find({part.id}, {place} + 1)"]  # fmt: skip
        new = (module.newline + module.indentation(loop)).join(lines)
        splices = [module.splice(loop, new), *(measure.splices if walk.whole else ())]
        what = f"{text.id!r} is cut at each place to see whether {part.id!r} begins there"
        return self.at(module, loop, what, splices, assumes=assumes, gain=2.5)


def _walk(module: Module, loop: ast.For) -> _Walk | None:
    numbers, test = counting(module, loop.iter), only(loop.body)
    if numbers is None or numbers.downwards or loop.orelse or not isinstance(test, ast.If):
        return None
    if (numbers.low is not None and constant(numbers.low) != 0) or not _bare(module, loop, test):
        return None
    for piece, part in equated(test.test):
        text = _piece(module, piece, part, loop.target)
        if text is None or not isinstance(part, ast.Name):
            continue
        whole = same(module, measured(module, numbers.stop), text)
        return _Walk(loop, test, text, part, whole=whole) if whole or _last(module, numbers.stop, text, part) else None
    return None


def _bare(module: Module, loop: ast.For, test: ast.If) -> bool:
    """Whether the loop can be written anew: no comment, no ``continue``, and its variable is its own."""
    if test.orelse or not module.alone(loop) or "#" in module.segment(loop) or not isinstance(loop.target, ast.Name):
        return False
    if has(test.body, ast.Continue):
        return False
    bound = (one for one in names_in(test.body) if not isinstance(one.ctx, ast.Load))
    if any(same(module, one, loop.target) for one in bound):
        return False
    return module.scope(loop).kind != "class" and stays_inside(module, loop.target, loop)


def _piece(module: Module, piece: ast.expr, part: ast.expr, target: ast.expr) -> ast.Name | None:
    """The text of which a slice as long as `part` is cut at the loop's place."""
    if not isinstance(piece, ast.Subscript) or not isinstance(piece.slice, ast.Slice) or piece.slice.step is not None:
        return None
    low, end = piece.slice.lower, piece.slice.upper
    if not same(module, low, target) or not isinstance(end, ast.BinOp) or not isinstance(end.op, ast.Add):
        return None
    sides = (end.left, end.right)
    fits = any(
        same(module, one, target) and same(module, measured(module, other), part) for one, other in (sides, sides[::-1])
    )
    return piece.value if fits and isinstance(piece.value, ast.Name) and module.variable(piece.value) else None


def _last(module: Module, stop: ast.expr, text: ast.Name, part: ast.Name) -> bool:
    """Whether an end is ``len(text) - len(part) + 1``, in one of its orders."""
    if not isinstance(stop, ast.BinOp):
        return False
    less, more = (stop.left, stop.right) if isinstance(stop.op, ast.Add) else (None, None)
    if isinstance(less, ast.BinOp) and isinstance(less.op, ast.Sub) and constant(more) == 1:
        return same(module, measured(module, less.left), text) and same(module, measured(module, less.right), part)
    longer = stop.left
    if isinstance(stop.op, ast.Sub) and isinstance(longer, ast.BinOp) and isinstance(longer.op, ast.Add):
        one = constant(longer.right) == 1 and same(module, measured(module, longer.left), text)
        return one and same(module, measured(module, stop.right), part)
    return False


RULE = SubstringPlaces()
