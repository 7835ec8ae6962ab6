"""``while i < len(xs):``: a length that does not change is taken once."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cambrian.source.analysis import Module
from cambrian.source.analysis.index import within
from cambrian.source.analysis.ownership import local
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite

_SIZED = ("list", "str", "tuple")


class LoopLength(PythonRule):
    """The length that a `while` loop runs up to is kept in a variable."""

    id = "loop-length"
    title = "Take a length before a `while` loop that does not change it"
    why = (
        "`while i < len(xs):` looks a name up among the globals and the builtins, and makes a call, on every turn. "
        "The guard sees that the loop only reads and replaces single items of the sequence, and hands it to nobody; "
        "unless the sequence is the function's own, that nobody else changes its length meanwhile is assumed."
    )
    words = ("while ",)
    examples = (
        Example(
            note="two lists are merged",
            before=(
                "def merged(a: list[int], b: list[int]):\n"
                "    out, i, j = [], 0, 0\n"
                "    while i < len(a) and j < len(b):\n"
                "        if a[i] < b[j]:\n"
                "            out.append(a[i])\n"
                "            i += 1\n"
                "        else:\n"
                "            out.append(b[j])\n"
                "            j += 1\n"
                "    return out + a[i:] + b[j:]\n"
            ),
            after=(
                "def merged(a: list[int], b: list[int]):\n"
                "    out, i, j = [], 0, 0\n"
                "    len_a = len(a)\n"
                "    len_b = len(b)\n"
                "    while i < len_a and j < len_b:\n"
                "        if a[i] < b[j]:\n"
                "            out.append(a[i])\n"
                "            i += 1\n"
                "        else:\n"
                "            out.append(b[j])\n"
                "            j += 1\n"
                "    return out + a[i:] + b[j:]\n"
            ),
            calls=("merged([1, 4], [2, 3, 9])", "merged([], [])"),
        ),
        Example(
            note="items are exchanged",
            before=(
                "def reverse(xs: list[int]):\n"
                "    i = 0\n"
                "    while i < len(xs) // 2:\n"
                "        xs[i], xs[len(xs) - 1 - i] = xs[len(xs) - 1 - i], xs[i]\n"
                "        i += 1\n"
                "    return xs\n"
            ),
            after=(
                "def reverse(xs: list[int]):\n"
                "    i = 0\n"
                "    len_xs = len(xs)\n"
                "    while i < len_xs // 2:\n"
                "        xs[i], xs[len_xs - 1 - i] = xs[len_xs - 1 - i], xs[i]\n"
                "        i += 1\n"
                "    return xs\n"
            ),
            calls=("reverse([1, 2, 3])", "reverse([])"),
        ),
        Example(
            note="the length changes: items are taken out, a slice is replaced, another list takes its place",
            before=(
                "def told(xs: list[int], ys: list[int], zs: list[int], use):\n"
                "    i = 0\n"
                "    while i < len(xs):\n        xs.pop()\n"
                "    while i < len(ys):\n        ys[i:i + 2] = [1]\n        i += 1\n"
                "    while i < len(zs):\n        zs = zs[1:]\n"
                "    while i < len(use):\n        use(use)\n        i += 1\n"
                "    while i < len(ys):\n        del ys[i]\n"
                "    while i < len(ys):\n        ys += [1]\n"
            ),
            after=None,
        ),
        Example(
            note="a class of its own",
            before="def told(bag):\n    while 0 < len(bag):\n        bag.take()\n",
            after=None,
        ),
    )

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for loop in parsed.of(ast.While):
            calls = [part for part in ast.walk(loop) if isinstance(part, ast.Call) and _measures(parsed, part)]
            names = {_name(call).id for call in calls if within(call, loop.test)}
            for name in sorted(names):
                mine = [call for call in calls if _name(call).id == name]
                assumes: set[str] = set()
                if not parsed.alone(loop) or not _kept(parsed, loop, _name(mine[0]), assumes):
                    continue
                made = parsed.fresh(f"len_{name}", f"length_{name}")
                splices = [parsed.before(loop, f"{made} = {parsed.segment(mine[0])}")]
                splices += [parsed.splice(call, made) for call in mine]
                what = f"the length of {name!r} is taken on every turn of a loop"
                yield self.at(parsed, mine[0], what, splices, assumes=assumes, gain=1.3)
                break  # another one begins at the same place: in the next round


def _measures(module: Module, call: ast.Call) -> bool:
    plain = len(call.args) == 1 and not call.keywords and isinstance(call.args[0], ast.Name)
    return plain and module.calls(call, "builtins.len")


def _name(call: ast.Call) -> ast.Name:
    found = call.args[0]
    assert isinstance(found, ast.Name)
    return found


def _kept(module: Module, loop: ast.While, name: ast.Name, assumes: set[str]) -> bool:
    """Whether a sequence has the same length on all turns."""
    variable = module.variable(name)
    if not local(variable) or module.scope(name) is not variable.scope or not module.bound(name):
        return False
    kind = module.taken(name, *_SIZED, assumes=assumes)
    if kind is None or any(within(binding.node, loop) for binding in variable.bindings):
        return False
    if not all(_steady(module, read) for read in variable.reads if within(read, loop)):
        return False
    if kind.name == "list" and not (module.owned(name) or module.quiet([loop.test, *loop.body])):
        assumes.add(f"nothing else changes the length of {name.id!r} meanwhile")
    return True


def _steady(module: Module, read: ast.Name) -> bool:
    """Whether a use leaves the length as it is: single items are read and replaced."""
    above = module.parent(read)
    if isinstance(above, ast.Subscript) and above.value is read:
        single = not isinstance(above.slice, ast.Slice)
        return isinstance(above.ctx, ast.Load) or (single and isinstance(above.ctx, ast.Store))
    return module.use(read) == "read"


RULE = LoopLength()
