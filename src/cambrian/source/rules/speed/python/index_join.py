"""A loop in a loop that looks for equal keys: the inner list is indexed once by a dict."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from cambrian.source.analysis import Module
from cambrian.source.analysis.index import Region, within
from cambrian.source.analysis.ownership import followed
from cambrian.source.analysis.shapes import conjuncts, equated, lone_test
from cambrian.source.edit import Splice
from cambrian.source.rules.hashing import hashed
from cambrian.source.rules.hoisting import turns
from cambrian.source.rules.loops import unit
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite


class _Join(NamedTuple):
    """An inner loop, its test, and the test's two sides: the key of an item, and what it has to be equal to."""

    outer: ast.For
    inner: ast.For
    test: ast.Compare
    key: ast.expr
    sought: ast.expr


class IndexJoin(PythonRule):
    """A hash join instead of a nested loop join (Knuth 1973, volume 3, §6.4)."""

    id = "index-join"
    title = "Index the inner list by key instead of searching it for each item of the outer one"
    why = (
        "For each item of one list, the other is gone through for items with an equal key: quadratic. A dict from key "
        "to items, made once, gives each outer item its partners at once, in the same order. The guard sees that the "
        "inner list and its keys are the same through the whole outer loop, that the key depends on the inner item "
        "alone and finding it has no effects, and that the inner variable is not read afterwards."
    )
    words = ("==",)
    examples = (
        Example(
            before=(
                "def matched(orders: list[tuple[int, str]], people: list[tuple[int, str]]):\n"
                "    out = []\n"
                "    for order in orders:\n"
                "        for person in people:\n"
                "            if person[0] == order[0]:\n"
                "                out.append((order[1], person[1]))\n"
                "    return out\n"
            ),
            after=(
                "def matched(orders: list[tuple[int, str]], people: list[tuple[int, str]]):\n"
                "    out = []\n"
                "    people_by_key = {}\n"
                "    for person in people:\n"
                "        people_by_key.setdefault(person[0], []).append(person)\n"
                "    for order in orders:\n"
                "        for person in people_by_key.get(order[0], ()):\n"
                "            if person[0] == order[0]:\n"
                "                out.append((order[1], person[1]))\n"
                "    return out\n"
            ),
            calls=(
                "matched([(1, 'a'), (2, 'b'), (1, 'c')], [(2, 'x'), (1, 'y'), (2, 'z')])", "matched([], [(1, 'a')])",
            ),
            note="two lists of records",
        ),
        Example(
            before=(
                "def partners(left, right):\n"
                "    for a in left:\n"
                "        for b in right:\n"
                "            if a['id'] == b['id']:\n"
                "                right.remove(b)\n"
                "                break\n"
            ),
            after=None,
            note="the inner list changes",
        ),
        Example(
            before=(
                "def last(left, right):\n"
                "    for a in left:\n"
                "        for b in right:\n"
                "            if a['id'] == b['id']:\n"
                "                print(a)\n"
                "        print(b)\n"
            ),
            after=None,
            note="the inner variable is read after its loop",
        ),
        Example(
            before=(
                "def pairs(left, right):\n"
                "    for a in left:\n"
                "        for b in right:\n"
                "            if a < b:\n"
                "                print(a, b)\n"
            ),
            after=None,
            note="no equality",
        ),
    )  # fmt: skip

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for inner in parsed.of(ast.For):
            join = self._join(parsed, inner)
            found = None if join is None else self._rewrite(parsed, join)
            if found is not None:
                yield found

    def _join(self, module: Module, inner: ast.For) -> _Join | None:
        test, loops = lone_test(inner.body), module.loops(inner)
        if test is None or inner.orelse or not loops:
            return None
        match loops[0], inner.target, inner.iter:
            case ast.For() as outer, ast.Name() as target, ast.Name():
                return self._sides(module, outer, inner, target, _first(test.test))
            case _:
                return None

    def _sides(self, module: Module, outer: ast.For, inner: ast.For, target: ast.Name, first: ast.expr) -> _Join | None:
        for key, sought in equated(first):
            if self._reads(module, key, target) and not self._reads(module, sought, target):
                assert isinstance(first, ast.Compare)
                return _Join(outer, inner, first, key, sought)
        return None

    def _reads(self, module: Module, node: ast.expr, target: ast.Name) -> bool:
        variable = module.variable(target)
        return any(isinstance(part, ast.Name) and module.variable(part) is variable for part in ast.walk(node))

    def _rewrite(self, module: Module, join: _Join) -> Rewrite | None:
        assumes: set[str] = set()
        listed, target = join.inner.iter, join.inner.target
        assert isinstance(listed, ast.Name)
        assert isinstance(target, ast.Name)
        kind = module.taken(listed, "list", "tuple", assumes=assumes)
        region = turns(module, join.outer)
        if kind is None or not module.alone(join.outer) or not self._target_is_local(module, join, target):
            return None
        if not module.unchanged(listed, region, assumes):
            return None
        if not (self._steady_key(module, join, region, assumes) and self._steady_sought(module, join, assumes)):
            return None
        hashed(module, join.key, module.kind(join.key, assumes), assumes)
        hashed(module, join.sought, module.kind(join.sought, assumes), assumes)
        module.safe(join.key, assumes)
        what = f"{listed.id!r} is gone through for each turn of the outer loop, for items with an equal key"
        return self.at(
            module, join.inner, what, self._splices(module, join, listed, target), assumes=assumes, gain=40.0
        )

    def _target_is_local(self, module: Module, join: _Join, target: ast.Name) -> bool:
        """Whether the inner loop's variable is bound by that loop alone and read in it alone."""
        variable = module.variable(target)
        if not followed(variable) or len(variable.bindings) != 1:
            return False
        return all(within(read, join.inner.body) for read in variable.reads)

    def _steady_key(self, module: Module, join: _Join, region: Region, assumes: set[str]) -> bool:
        """Whether the key of an item is the same whenever it is asked for."""
        parts = list(ast.walk(join.key))
        if not module.pure(join.key, assumes) or any(isinstance(part, ast.Call) for part in parts):
            return False
        variable = module.variable(join.inner.target)
        others = [part for part in parts if isinstance(part, ast.Name) and module.variable(part) is not variable]
        if any(module.rebound(part, region) for part in others):
            return False
        if isinstance(join.key, ast.Name):
            return True
        names = {part.attr for part in parts if isinstance(part, ast.Attribute)}
        spots = region if isinstance(region, list) else []
        if any(_changes(module, part, names) for spot in spots for part in ast.walk(spot)):
            return False
        if not module.quiet(region):
            assumes.add(f"the keys of the items of {module.segment(join.inner.iter)!r} stay what they are")
        return True

    def _steady_sought(self, module: Module, join: _Join, assumes: set[str]) -> bool:
        """Whether what is sought stays the same through the inner loop, and may be asked for if that has no turn."""
        if not module.constant(join.sought, join.inner.body, assumes):
            return False
        module.safe(join.sought, assumes)
        return True

    def _splices(self, module: Module, join: _Join, listed: ast.Name, target: ast.Name) -> list[Splice]:
        index = module.fresh(f"{listed.id}_by_key", f"{listed.id}_by")
        deeper = unit(module, join.inner)
        lines = (
            f"{index} = {{}}",
            f"for {target.id} in {listed.id}:",
            f"{deeper}{index}.setdefault({module.segment(join.key)}, []).append({target.id})",
        )
        found = f"{index}.get({module.segment(join.sought)}, ())"
        return [module.before(join.outer, *lines), module.splice(listed, found)]


def _first(test: ast.expr) -> ast.expr:
    """What is asked first of conditions that all have to hold."""
    first = conjuncts(test)[0]
    return first if first is test else _first(first)


def _changes(module: Module, part: ast.AST, names: set[str]) -> bool:
    """Whether a piece of code may change an item, or one of these attributes, of what others hold."""
    match part:
        case ast.Attribute(attr=attribute) if attribute not in names:
            return False
        case (
            ast.Attribute(value=owner, ctx=ast.Store() | ast.Del())
            | ast.Subscript(value=owner, ctx=ast.Store() | ast.Del())
        ):
            return not (isinstance(owner, ast.Name) and module.owned(owner))
        case _:
            return False


RULE = IndexJoin()
