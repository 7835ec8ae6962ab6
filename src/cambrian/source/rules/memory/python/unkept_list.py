"""``sum([f(x) for x in xs])``: a list of items that are looked at once, and never again."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cambrian.source.analysis import Module
from cambrian.source.analysis.ownership import followed
from cambrian.source.edit import Splice
from cambrian.source.rules.rule import Example, Rewrite
from cambrian.source.rules.sparing import EATERS, MemoryRule, given_whole, still


class UnkeptList(MemoryRule):
    """A list that is gone through once becomes a generator."""

    id = "unkept-list"
    title = "Go through items as they are made, without a list of them"
    why = (
        "A list comprehension that is gone through once, by `sum`, `max`, `set`, `Counter` and their like or by a "
        "loop, holds all items at once for nothing: a generator holds one. The guard sees that nobody else uses the "
        "list, that making the items has no effects, and that nothing changes meanwhile what they are made from. It "
        "takes a little more time for each item, which is measured, too."
    )
    tags = ("memory",)
    words = ("[",)
    examples = (
        Example(
            note="given to what goes through it once",
            before=(
                "def size(words: list[str]):\n"
                "    lengths = [len(word) for word in words]\n"
                "    return sum(lengths), max([len(word) for word in words], default=0)\n"
            ),
            after=(
                "def size(words: list[str]):\n"
                "    lengths = (len(word) for word in words)\n"
                "    return sum(lengths), max((len(word) for word in words), default=0)\n"
            ),
            calls=("size(['a', 'bcd'])", "size([])"),
        ),
        Example(
            note="a loop",
            before=(
                "def last(n: int):\n"
                "    square = 0\n"
                "    for square in [i * i for i in range(n)]:\n"
                "        pass\n"
                "    return square, sum([i * i for i in range(n)])\n"
            ),
            after=(
                "def last(n: int):\n"
                "    square = 0\n"
                "    for square in (i * i for i in range(n)):\n"
                "        pass\n"
                "    return square, sum(i * i for i in range(n))\n"
            ),
            calls=("last(4)", "last(0)"),
        ),
        Example(
            note="a list that is used again",
            before="def mean(values: list[int]):\n    doubled = [2 * v for v in values]\n"
            "    return sum(doubled) / len(doubled)\n",
            after=None,
        ),
        Example(
            note="a loop that changes what the items are made from",
            before=(
                "def drain(values: list[int]):\n"
                "    for each in [value + 1 for value in values]:\n"
                "        values.append(each)\n"
            ),
            after=None,
        ),
        Example(
            note="effects, which would come at another time",
            before="def ask(names):\n    for answer in [input(each) for each in names]:\n        print(answer)\n",
            after=None,
        ),
        Example(
            note="a key, which would be asked between the items",
            before="def least(values: list[int], rank):\n    return min([v + 1 for v in values], key=rank)\n",
            after=None,
        ),
    )

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for node in parsed.of(ast.ListComp):
            parent = parsed.parent(node)
            assumes: set[str] = set()
            if any(part.is_async for part in node.generators):
                continue
            if isinstance(parent, ast.Assign):
                good = _named(parsed, parent, node, assumes)
            else:
                good = _used(parsed, node, node, assumes)
            if good:
                what = "a list is made of items that are looked at once"
                yield self.at(parsed, node, what, _splices(parsed, node), assumes=assumes, gain=30.0)


def _used(module: Module, made: ast.ListComp, used: ast.expr, assumes: set[str]) -> bool:
    """Whether items are gone through once where the list, or its name, stands; it may be made piece by piece then."""
    parent = module.parent(used)
    if isinstance(parent, ast.For) and parent.iter is used:
        if not module.pure(made, assumes):
            return False
        for part in (made.elt, *(test for each in made.generators for test in each.ifs)):
            module.safe(part, assumes)
        return still(module, made, [parent.target, *parent.body], assumes)
    return given_whole(module, used, *EATERS) is not None and still(module, made, [], assumes) and module.pure(
        made, assumes
    )  # fmt: skip


def _named(module: Module, statement: ast.Assign, made: ast.ListComp, assumes: set[str]) -> bool:
    """Whether a list gets one name, which the next statement alone reads, once."""
    target = statement.targets[0]
    if len(statement.targets) > 1 or not isinstance(target, ast.Name):
        return False
    variable = module.variable(target)
    if not followed(variable) or variable.scope.kind != "function":
        return False
    if len(variable.reads) != 1 or len(variable.bindings) != 1 or variable.deletes:
        return False
    block, place = module.block(statement)
    used = variable.reads[0]
    after = block[place + 1 : place + 2]
    if not after or module.statement(used) is not after[0] or module.loops(used) != module.loops(statement):
        return False
    return _first(module, after[0], used) and _used(module, made, used, assumes)


def _first(module: Module, statement: ast.stmt, used: ast.Name) -> bool:
    """Whether nothing but plain reading is evaluated in a statement before what goes through the list."""
    if isinstance(statement, ast.For):
        return statement.iter is used
    if not isinstance(statement, ast.Return | ast.Assign | ast.Expr) or statement.value is None:
        return False
    here = (used.lineno, used.col_offset)
    earlier = [
        part for part in ast.walk(statement.value)
        if isinstance(part, ast.Call | ast.NamedExpr | ast.Await | ast.Yield | ast.YieldFrom)
        and (part.lineno, part.col_offset) < here and part is not module.parent(used)
    ]  # fmt: skip
    return all(_around(module, part, used) for part in earlier)


def _around(module: Module, part: ast.AST, used: ast.Name) -> bool:
    """Whether an expression has the use in it, so that it is finished later."""
    return any(above is part for above in module.ancestors(used))


def _splices(module: Module, node: ast.ListComp) -> list[Splice]:
    start, stop = module.locator.range(node)
    call = module.parent(node)
    alone = isinstance(call, ast.Call) and call.args == [node] and not call.keywords
    if alone and isinstance(call, ast.Call):
        rest = module.text[stop : module.locator.range(call)[1]].strip()
        alone = not rest.startswith(",")
    left, right = ("", "") if alone else ("(", ")")
    return [Splice(start, start + 1, left), Splice(stop - 1, stop, right)]


RULE = UnkeptList()
