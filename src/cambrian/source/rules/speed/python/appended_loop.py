"""``out = []`` and a loop that appends to it: a list comprehension."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from cambrian.source.analysis import Module
from cambrian.source.analysis.ownership import local
from cambrian.source.analysis.shapes import has, lone_test, only
from cambrian.source.rules.containing import kept_in
from cambrian.source.rules.loops import outlives
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite

_MOVING = (ast.Lambda, ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr, ast.GeneratorExp)


class _Filling(NamedTuple):
    """A loop that does nothing but append: to what, which item, under which condition."""

    into: ast.Name
    item: ast.expr
    test: ast.expr | None


class AppendedLoop(PythonRule):
    """A list that a loop fills item by item is made by a comprehension."""

    id = "appended-loop"
    title = "Make a list by a comprehension instead of appending in a loop"
    why = (
        "Each `out.append(x)` looks up a method and calls it; a list comprehension appends by one instruction. The "
        "guard sees that the list is made empty right before the loop, that the loop does nothing else, that nobody "
        "sees the list while it is being filled, and that nobody reads the loop's variables afterwards."
    )
    words = (".append(",)
    examples = (
        Example(
            note="with a condition",
            before=(
                "def long_words(lines, least):\n"
                "    found = []\n"
                "    for line in lines:\n"
                "        if len(line) > least:\n"
                "            found.append(line.strip())\n"
                "    return found\n"
            ),
            after=(
                "def long_words(lines, least):\n"
                "    found = [line.strip() for line in lines if len(line) > least]\n"
                "    return found\n"
            ),
            calls=("long_words([' a ', 'bbbb'], 3)", "long_words([], 3)", "long_words([1], 3)"),
        ),
        Example(
            note="pairs",
            before=(
                "def keys(pairs):\n    out = []\n    for key, _ in pairs:\n        out.append(key)\n    return out\n"
            ),
            after="def keys(pairs):\n    out = [key for key, _ in pairs]\n    return out\n",
            calls=("keys([(1, 2), (3, 4)])", "keys([])", "keys([1])"),
        ),
        Example(
            note="what is there already is asked for",
            before=(
                "def unique(items):\n"
                "    out = []\n"
                "    for item in items:\n"
                "        if item not in out:\n"
                "            out.append(item)\n"
                "    return out\n"
            ),
            after=None,
        ),
        Example(
            note="functions that keep the loop's variable; a variable that is read afterwards",
            before=(
                "def kept(items):\n"
                "    out = []\n"
                "    for item in items:\n"
                "        out.append(lambda: item)\n"
                "    item = 1\n"
                "    last = []\n"
                "    for one in items:\n"
                "        last.append(one)\n"
                "    return out, last, one\n"
            ),
            after=None,
        ),
        Example(
            note="what was found before an error",
            before=(
                "def until(items):\n"
                "    out = []\n"
                "    try:\n"
                "        for item in items:\n"
                "            out.append(1 / item)\n"
                "    except ZeroDivisionError:\n"
                "        pass\n"
                "    return out\n"
            ),
            after=None,
        ),
    )

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for loop in parsed.of(ast.For):
            filling = _filling(loop)
            if filling is None or not _fits(parsed, loop, filling):
                continue
            made = parsed.block(loop).statements[parsed.block(loop).place - 1]
            assert isinstance(made, ast.Assign | ast.AnnAssign)
            assert made.value is not None
            text = (
                f"[{parsed.segment(filling.item)} for {parsed.segment(loop.target)} in {_iterated(parsed, loop.iter)}"
            )
            text += f" if {_tested(parsed, filling.test)}]" if filling.test is not None else "]"
            start, stop = parsed.locator.range(made)[1], parsed.locator.range(loop)[1]
            splices = [parsed.splice(made.value, text), parsed.splice(loop, "")._replace(start=start, stop=stop)]
            what = f"{filling.into.id!r} is filled by appending in a loop that does nothing else"
            yield self.at(parsed, loop, what, splices, gain=1.3)


def _iterated(module: Module, node: ast.expr) -> str:
    text = module.segment(node)
    loose = isinstance(node, ast.IfExp | ast.Lambda) or (isinstance(node, ast.Tuple) and not _bracketed(text))
    return f"({text})" if loose else text


def _bracketed(text: str) -> bool:
    """Whether a tuple stands in brackets as a whole: ``(1, 2), (3, 4)`` does not."""
    try:
        ast.parse(f"[0 for _ in {text}]")
    except SyntaxError:
        return False
    return True


def _tested(module: Module, node: ast.expr) -> str:
    text = module.segment(node)
    return f"({text})" if isinstance(node, ast.IfExp | ast.Lambda) else text


def _filling(loop: ast.For) -> _Filling | None:
    if loop.orelse:
        return None
    test = lone_test(loop.body)
    match only(loop.body if test is None else test.body):
        case ast.Expr(
            value=ast.Call(func=ast.Attribute(value=ast.Name() as into, attr="append"), args=[item], keywords=[])
        ) if not isinstance(item, ast.Starred):
            return _Filling(into, item, None if test is None else test.test)
        case _:
            return None


def _fits(module: Module, loop: ast.For, filling: _Filling) -> bool:
    block = module.block(loop)
    made = block.statements[block.place - 1] if block.place else None
    match made:
        case ast.Assign(targets=[ast.Name() as target]) | ast.AnnAssign(target=ast.Name() as target):
            begins = module.variable(target) is module.variable(filling.into) and module.alone(made)
        case _:
            return False
    if not begins or not _empty(module, made):
        return False
    start, stop = module.locator.range(made)[0], module.locator.range(loop)[1]
    if "#" in module.text[start:stop] or "\n" in module.segment(filling.item):
        return False
    return not _moves(filling, loop) and kept_in(module, filling.into, loop, [filling.into]) and _local(module, loop)


def _moves(filling: _Filling, loop: ast.For) -> bool:
    """Whether something in the loop would mean something else in a comprehension."""
    parts = [part for one in (filling.item, filling.test, loop.iter) if one is not None for part in ast.walk(one)]
    return any(isinstance(part, _MOVING) or _is_super(part) for part in parts)


def _is_super(node: ast.AST) -> bool:
    """Whether it is the name ``super``, which finds neither class nor object in a comprehension before 3.12."""
    return isinstance(node, ast.Name) and node.id == "super"


def _empty(module: Module, statement: ast.stmt) -> bool:
    value = statement.value if isinstance(statement, ast.Assign | ast.AnnAssign) else None
    if isinstance(value, ast.List):
        return not value.elts
    return isinstance(value, ast.Call) and module.calls(value, "builtins.list") and not value.args


def _local(module: Module, loop: ast.For) -> bool:
    """Whether the loop's variables are the function's alone, and nobody reads afterwards what the loop left there."""
    if has(loop.target, ast.Attribute | ast.Subscript):
        return False
    targets = [part for part in ast.walk(loop.target) if isinstance(part, ast.Name)]
    return all(local(module.variable(target)) and not outlives(module, target, loop) for target in targets)


RULE = AppendedLoop()
