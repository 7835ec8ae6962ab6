"""``remove`` in a loop: those that stay are gathered in one pass."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cambrian.source.analysis import Module
from cambrian.source.rules.catching import caught
from cambrian.source.rules.hashing import hashed
from cambrian.source.rules.loops import names_in, reads, same, stays_inside, unit
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite


class RemovedItems(PythonRule):
    """A list of those that stay, put in place of all."""

    id = "removed-items"
    title = "Gather the items that stay instead of removing the others one by one"
    why = (
        "`xs.remove(x)` searches from the front and moves all items behind x; in a loop that is quadratic. What stays "
        "is gathered in one pass and put into the same list. A loop over the list itself, from which it removes, passes"
        " over the item behind each that it removes: it does so afterwards, too, and of equal items the same one goes. "
        "The guard sees that the loop does nothing else and that the test hangs on the item alone. Equal items are "
        "assumed to be alike to the test."
    )
    words = (".remove(",)
    examples = (
        Example(
            note="one value",
            before=(
                "def without(values: list, x):\n"
                "    while x in values:\n"
                "        values.remove(x)\n"
                "    return values\n"
            ),
            after=(
                "def without(values: list, x):\n"
                "    values[:] = [item for item in values if item != x]\n"
                "    return values\n"
            ),
            calls=("without([1, 2, 1, 3], 1)", "without([], 1)"),
        ),
        Example(
            note="a loop over a copy",
            before=(
                "def long(words: list[str], n: int):\n"
                "    for word in words[:]:\n"
                "        if len(word) > n:\n"
                "            words.remove(word)\n"
                "    return words\n"
            ),
            after=(
                "def long(words: list[str], n: int):\n"
                "    words[:] = [word for word in words if not (len(word) > n)]\n"
                "    return words\n"
            ),
            calls=("long(['a', 'abc', 'b', 'abc'], 2)", "long([], 2)"),
        ),
        Example(
            note="a loop over the list itself",
            before=(
                "def odd(l: list[int]):\n"
                "    for i in l:\n"
                "        if i % 2 != 0:\n"
                "            l.remove(i)\n"
                "    return l\n"
            ),
            after=(
                "def odd(l: list[int]):\n"
                "    kept, passed, over = [], set(), False\n"
                "    for i in l:\n"
                "        if over or not (i % 2 != 0):\n"
                "            kept.append(i)\n"
                "            if over:\n"
                "                passed.add(i)\n"
                "            over = False\n"
                "            continue\n"
                "        if i in passed:\n"
                "            kept.remove(i)\n"
                "            kept.append(i)\n"
                "        over = True\n"
                "    l[:] = kept\n"
                "    return l\n"
            ),
            calls=(
                "odd([1, 2, 3, 3, 3, 4, 5, 5, 6])", "odd([])", "odd([1, 1, 2, 1, 1, 1, 3, 1, 3, 1])", "odd([3, 3])",
                "[odd([(i * i + k) % 7 for i in range(k)]) for k in range(30)]",
            ),
        ),
        Example(
            note="something else happens",
            before=(
                "def told(words: list[str]):\n"
                "    for word in words[:]:\n"
                "        if not word:\n"
                "            words.remove(word)\n"
                "            print(len(words))\n"
            ),
            after=None,
        ),
        Example(
            note="the test looks at the list; another list; something that is not the item",
            before=(
                "def some(words: list[str], other: list[str], x: str):\n"
                "    for word in words[:]:\n"
                "        if words.count(word) > 1:\n"
                "            words.remove(word)\n"
                "    for word in words:\n"
                "        if word in x:\n"
                "            other.remove(word)\n"
                "    for word in words[:]:\n"
                "        if word in x:\n"
                "            words.remove(x)\n"
                "    return words\n"
            ),
            after=None,
        ),
        Example(
            note="a set, a part of the list, the loop's variable asked for",
            before=(
                "def rest(s: set[int], xs: list[int], ys: list[int]):\n"
                "    while 3 in s:\n"
                "        s.remove(3)\n"
                "    for x in xs[2:]:\n"
                "        if x > 3:\n"
                "            xs.remove(x)\n"
                "    for y in ys[:]:\n"
                "        if y > 3:\n"
                "            ys.remove(y)\n"
                "    return y\n"
            ),
            after=None,
        ),
    )  # fmt: skip

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for loop in [*parsed.of(ast.While), *parsed.of(ast.For)]:
            if loop.orelse or len(loop.body) != 1 or not parsed.alone(loop) or "#" in parsed.segment(loop):
                continue
            if caught(parsed, loop) or parsed.scope(loop).kind == "class":
                continue
            found = self._one_value(parsed, loop) if isinstance(loop, ast.While) else self._by_test(parsed, loop)
            if found is not None:
                yield found

    def _one_value(self, module: Module, loop: ast.While) -> Rewrite | None:
        removed, test = _removed(loop.body[0]), loop.test
        if removed is None or not isinstance(test, ast.Compare) or len(test.ops) != 1:
            return None
        (items, value), assumes = removed, set[str]()
        fits = isinstance(test.ops[0], ast.In) and same(module, test.comparators[0], items)
        if not fits or ast.dump(test.left) != ast.dump(value) or reads(module, items, value):
            return None
        if not isinstance(value, ast.Name | ast.Constant) or not _list(module, items, assumes):
            return None
        one = module.fresh("item", "each")
        assumes.add(f"what {items.id!r} holds is equal to itself, and compared without side effects")
        text = f"{items.id}[:] = [{one} for {one} in {items.id} if {one} != {module.segment(value)}]"
        return self._found(module, loop, items, text, assumes)

    def _by_test(self, module: Module, loop: ast.For) -> Rewrite | None:
        test, assumes = loop.body[0], set[str]()
        if not isinstance(test, ast.If) or test.orelse or len(test.body) != 1 or not isinstance(loop.target, ast.Name):
            return None
        removed, place = _removed(test.body[0]), loop.target
        if removed is None or not same(module, removed[1], place) or not stays_inside(module, place, loop):
            return None
        items = removed[0]
        copied = _copy(module, loop.iter, items)
        if not copied and not same(module, loop.iter, items):
            return None
        if not _list(module, items, assumes) or not _of_the_item(module, test.test, items, place, assumes):
            return None
        assumes.add(f"what {items.id!r} holds is equal to itself; equal items are alike to the test")
        module.safe(test.test, assumes)
        words = module.segment(test.test)
        if "\n" in words:
            return None
        text = f"{items.id}[:] = [{place.id} for {place.id} in {items.id} if not ({words})]"
        if not copied:
            kind = module.kind(items, assumes)
            hashed(module, items, None if kind is None else kind.item, assumes, f"what {items.id!r} holds")
            text = _passing_over(module, loop, items.id, place.id, words)
        return self._found(module, loop, items, text, assumes)

    def _found(
        self, module: Module, loop: ast.For | ast.While, items: ast.Name, text: str, assumes: set[str]
    ) -> Rewrite:
        what = f"each item that is removed from {items.id!r} is searched for, and moves all behind it"
        return self.at(module, loop, what, [module.splice(loop, text)], assumes=assumes, gain=15.0)


def _removed(statement: ast.stmt) -> tuple[ast.Name, ast.expr] | None:
    """The list and the item of ``xs.remove(x)``."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute) or call.func.attr != "remove":
        return None
    fits = len(call.args) == 1 and not call.keywords and isinstance(call.func.value, ast.Name)
    return (call.func.value, call.args[0]) if fits and isinstance(call.func.value, ast.Name) else None


def _list(module: Module, items: ast.Name, assumes: set[str]) -> bool:
    """Whether a variable of the function holds a list."""
    kind, variable = module.kind(items, assumes), module.variable(items)
    if variable is None or variable.secret:
        return False
    if kind is None:
        assumes.add(f"{items.id!r} is a list")
    return kind is None or kind.name == "list"


def _copy(module: Module, node: ast.expr, items: ast.Name) -> bool:
    """``xs[:]``, ``list(xs)``, ``xs.copy()``."""
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
        cut = node.slice
        return cut.lower is None and cut.upper is None and cut.step is None and same(module, node.value, items)
    if not isinstance(node, ast.Call) or node.keywords:
        return False
    if module.calls(node, "builtins.list", "builtins.tuple") and len(node.args) == 1:
        return same(module, node.args[0], items)
    method = isinstance(node.func, ast.Attribute) and node.func.attr == "copy" and not node.args
    return method and isinstance(node.func, ast.Attribute) and same(module, node.func.value, items)


def _of_the_item(module: Module, test: ast.expr, items: ast.Name, item: ast.Name, assumes: set[str]) -> bool:
    """Whether a test hangs on the item, and on nothing that removing may change."""
    if reads(module, items, test) or not reads(module, item, test) or not module.pure(test, assumes):
        return False
    others = {name.id for name in names_in(test) if not same(module, name, item) and module.variable(name) is not None}
    if others:
        assumes.add(f"{', '.join(sorted(map(repr, others)))} and {items.id!r} are not the same")
    return True


def _passing_over(module: Module, loop: ast.For, items: str, item: str, test: str) -> str:
    """The lines for a loop over the list itself, which passes over what is behind an item that goes."""
    kept, passed = module.fresh("kept", "staying"), module.fresh("passed", "left")
    over, deeper, made = module.fresh("over", "passing"), unit(module, loop), module.builtin("set")
    empty = "{*()}" if made.splices else f"{made.spelling}()"
    lines = (
        f"{kept}, {passed}, {over} = [], {empty}, False",
        f"for {item} in {items}:",
        f"{deeper}if {over} or not ({test}):",
        f"{deeper}{deeper}{kept}.append({item})",
        f"{deeper}{deeper}if {over}:",
        f"{deeper}{deeper}{deeper}{passed}.add({item})",
        f"{deeper}{deeper}{over} = False",
        f"{deeper}{deeper}continue",
        f"{deeper}if {item} in {passed}:",
        f"{deeper}{deeper}{kept}.remove({item})",
        f"{deeper}{deeper}{kept}.append({item})",
        f"{deeper}{over} = True",
        f"{items}[:] = {kept}",
    )
    return (module.newline + module.indentation(loop)).join(lines)


RULE = RemovedItems()
