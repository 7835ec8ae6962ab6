"""Two loops that look for a part of one text among the parts of another: the latter go into a set."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from cambrian.source.analysis import Module
from cambrian.source.analysis.index import Loop, Region, within
from cambrian.source.analysis.shapes import equated, has, lone_test
from cambrian.source.edit import Splice
from cambrian.source.rules.catching import caught
from cambrian.source.rules.hashing import hashed
from cambrian.source.rules.hoisting import outside
from cambrian.source.rules.loops import moved, names_in, reads, same, stays_inside, unit
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite


class _Match(NamedTuple):
    """An inner loop that waits for one of its parts to be the one sought."""

    loop: ast.For
    test: ast.If
    part: ast.expr
    sought: ast.expr


class PartsSet(PythonRule):
    """A set of all parts, made once."""

    id = "parts-set"
    title = "Put the parts that are compared with into a set"
    why = (
        "Two loops that compare `a[i:i + n]` with `b[j:j + n]` for all i and j cut and compare as many parts as there "
        "are pairs of places. The parts of b go into a set once, and each part of a is looked up. The guard sees that "
        "the inner loop does nothing but wait for an equal part, that what it does then is the same for each, and that "
        "what parts are cut from does not change. Parts of lists become tuples. The set takes memory for all parts."
    )
    words = ("==",)
    examples = (
        Example(
            note="is any of them in it",
            before=(
                "def turned_in(a: str, b: str):\n"
                "    n = len(b)\n"
                "    twice = b + b\n"
                "    for i in range(len(a) - n + 1):\n"
                "        for j in range(n + 1):\n"
                "            if a[i:i + n] == twice[j:j + n]:\n"
                "                return True\n"
                "    return False\n"
            ),
            after=(
                "def turned_in(a: str, b: str):\n"
                "    n = len(b)\n"
                "    twice = b + b\n"
                "    twice_parts = {twice[j:j + n] for j in range(n + 1)}\n"
                "    for i in range(len(a) - n + 1):\n"
                "        if a[i:i + n] in twice_parts:\n"
                "            return True\n"
                "    return False\n"
            ),
            calls=("turned_in('xbay', 'ab')", "turned_in('xby', 'ab')", "turned_in('', '')", "turned_in('a', 'abc')"),
        ),
        Example(
            note="lists, with a flag",
            before=(
                "def shared(a: list[int], b: list[int], n: int):\n"
                "    count = 0\n"
                "    for i in range(len(a)):\n"
                "        for j in range(len(b)):\n"
                "            if b[j : j + n] == a[i : i + n]:\n"
                "                count += 1\n"
                "                break\n"
                "    return count\n"
            ),
            after=(
                "def shared(a: list[int], b: list[int], n: int):\n"
                "    count = 0\n"
                "    b_parts = {tuple(b[j : j + n]) for j in range(len(b))}\n"
                "    for i in range(len(a)):\n"
                "        if tuple(a[i : i + n]) in b_parts:\n"
                "            count += 1\n"
                "    return count\n"
            ),
            calls=("shared([1, 2, 3, 1, 2], [1, 2, 1], 2)", "shared([], [], 1)", "shared([1], [], 1)"),
        ),
        Example(
            note="each place counts; the place is asked for; the text changes",
            before=(
                "def places(a: str, b: str, n: int):\n"
                "    count = 0\n"
                "    for i in range(len(a)):\n"
                "        for j in range(len(b)):\n"
                "            if a[i:i + n] == b[j:j + n]:\n"
                "                count += 1\n"
                "    for i in range(len(a)):\n"
                "        for j in range(len(b)):\n"
                "            if a[i:i + n] == b[j:j + n]:\n"
                "                return count, j\n"
                "    for i in range(len(a)):\n"
                "        for j in range(len(b)):\n"
                "            if a[i:i + n] == b[j:j + n]:\n"
                "                return True\n"
                "        b = b[1:]\n"
            ),
            after=None,
        ),
        Example(
            note="parts that hang on the outer loop",
            before=(
                "def any_equal(a: str, b: str):\n"
                "    for n in range(1, len(a)):\n"
                "        for j in range(len(b)):\n"
                "            if a[:n] == b[j:j + n]:\n"
                "                return True\n"
                "    return False\n"
            ),
            after=None,
        ),
        Example(
            note="one loop",
            before=(
                "def has(a: str, b: str):\n"
                "    for j in range(len(b)):\n"
                "        if a == b[j:j + 3]:\n"
                "            return True\n"
                "    return False\n"
            ),
            after=None,
        ),
    )  # fmt: skip

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for loop in parsed.of(ast.For):
            match = _match(parsed, loop) if parsed.loops(loop) and not caught(parsed, loop) else None
            found = None if match is None else self._at(parsed, match)
            if found is not None:
                yield found

    def _at(self, module: Module, match: _Match) -> Rewrite | None:
        loop, assumes = match.loop, set[str]()
        named = [*names_in(match.part, loop.iter)]
        if not all(module.pure(one, assumes) for one in (match.part, match.sought, loop.iter)):
            return None
        if not module.constant(match.sought, loop, assumes):
            return None

        def steady(around: Loop, region: Region) -> bool:
            del around
            trusted: set[str] = set()
            own = (name for name in named if not same(module, name, loop.target))
            fine = all(module.unchanged(name, region, trusted) for name in own)
            assumes.update(trusted if fine else ())
            return fine

        place = outside(module, loop.iter, steady)
        source = _cut(match.part)
        body = _body(module, match)
        if place is None or source is None or body is None:
            return None
        part, sought, imports = module.segment(match.part), module.segment(match.sought), list[Splice]()
        kind = module.kind(match.part, assumes)
        if kind is not None and kind.name == "list":
            made = module.builtin("tuple")
            part, sought = f"{made.spelling}({part})", f"{made.spelling}({sought})"
            imports += made.splices
            assumes.add(f"what {source!r} holds can be hashed, and what is equal has equal hashes")
        else:
            if kind is None or kind.name not in {"str", "bytes"}:
                assumes.add(f"{source!r} is a text")
            hashed(module, match.sought, module.kind(match.sought, assumes), assumes)
        module.safe(match.part, assumes)
        module.safe(match.sought, assumes)
        name = module.fresh(f"{source}_parts", f"{source}_pieces")
        line = f"{name} = {{{part} for {module.segment(loop.target)} in {module.segment(loop.iter)}}}"
        blanks = module.indentation(loop)
        text = module.newline.join([f"if {sought} in {name}:", *(blanks + unit(module, loop) + one for one in body)])
        splices = [*imports, module.before(place, line), module.splice(loop, text)]
        what = f"all parts of {source!r} are cut and compared for each part that is looked for"
        return self.at(module, loop, what, splices, assumes=assumes, gain=30.0)


def _match(module: Module, loop: ast.For) -> _Match | None:
    test, text = lone_test(loop.body), module.segment(loop)
    if test is None or loop.orelse or not module.alone(loop) or "#" in text:
        return None
    if not isinstance(loop.target, ast.Name) or not stays_inside(module, loop.target, loop):
        return None
    if any("\n" in module.segment(one) for one in [loop.iter, *(side for side, _ in equated(test.test))]):
        return None
    for part, sought in equated(test.test):
        if reads(module, loop.target, part) and not reads(module, loop.target, sought, test.body):
            return _Match(loop, test, part, sought)
    return None


def _cut(part: ast.expr) -> str | None:
    """The name of what a part is cut from."""
    if not isinstance(part, ast.Subscript) or not isinstance(part.slice, ast.Slice):
        return None
    return part.value.id if isinstance(part.value, ast.Name) else None


def _body(module: Module, match: _Match) -> list[str] | None:
    """The lines of what is done once an equal part is found, if it is done once; without the ``break``."""
    body = match.test.body
    last = body[-1]
    if has(body[:-1], ast.Continue | ast.Break):
        return None
    if isinstance(last, ast.Break):
        return moved(module, body[:-1], "") if len(body) > 1 else None
    flags = all(map(_is_flag, body))
    bound = [name for name in names_in(body) if isinstance(name.ctx, ast.Store)]
    if flags and any(reads(module, one, match.test.test) for one in bound):
        return None
    return moved(module, body, "") if flags or (isinstance(last, ast.Return) and within(last, match.test)) else None


def _is_flag(statement: ast.stmt) -> bool:
    """``found = True``."""
    match statement:
        case ast.Assign(targets=[ast.Name(), *_], value=ast.Constant()):
            return True
        case _:
            return False


RULE = PartsSet()
