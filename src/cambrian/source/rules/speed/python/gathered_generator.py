"""``"".join(f(x) for x in xs)``: what is gathered whole is made as a list."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cambrian.source.analysis import Module
from cambrian.source.edit import Splice
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite

_WHOLE = frozenset(["builtins.tuple", "builtins.sorted"])
_THROUGH = frozenset(["builtins.sum", "builtins.min", "builtins.max"])
"""What goes through all items, but keeps none: a list of them takes memory that was not needed before."""
_DISPLAYS = {"builtins.list": "[]", "builtins.set": "{}"}
_KEPT = ("list", "tuple", "str", "set", "dict", "deque", "bytes")
"""What holds all its items already: a list of as many is no more of a burden."""
_ENDING = (ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr)


class GatheredGenerator(PythonRule):
    """A generator whose items are all gathered before anything is done with them becomes a list."""

    id = "gathered-generator"
    title = "Give a list, not a generator, to what gathers all items first"
    why = (
        "`str.join`, `tuple` and `sorted` put all items of a generator into a list before they do anything: then the "
        "generator only adds a resumption for each item, and no memory is spared. `list` and `set` of a generator are "
        "comprehensions. `sum`, `min` and `max` keep no items: they get a list only where the items come from what "
        "holds as many in memory anyway. The guard sees which function it is, and that evaluating an item has no "
        "effects that could be told apart."
    )
    words = (" for ",)
    examples = (
        Example(
            note="joined, and sorted",
            before=(
                "def shown(values: list[int]):\n"
                '    text = ", ".join(f"<{value}>" for value in values if value)\n'
                "    return text, sorted((value + 1 for value in values), reverse=True)\n"
            ),
            after=(
                "def shown(values: list[int]):\n"
                '    text = ", ".join([f"<{value}>" for value in values if value])\n'
                "    return text, sorted([value + 1 for value in values], reverse=True)\n"
            ),
            calls=("shown([2, 0, 1])", "shown([])"),
        ),
        Example(
            note="a list and a set have words of their own; a sum over what is a list anyway",
            before=(
                "def made(values: list[int]):\n"
                "    squares = list(value * value for value in values if value)\n"
                "    return squares, set(-value for value in values), sum(value * value for value in values)\n"
            ),
            after=(
                "def made(values: list[int]):\n"
                "    squares = [value * value for value in values if value]\n"
                "    return squares, {-value for value in values}, sum([value * value for value in values])\n"
            ),
            calls=("made([2, 0, -1])", "made([])"),
        ),
        Example(
            note="what need not be gone through to its end, or takes no memory so far",
            before=(
                "def some(values: list[int], count: int):\n"
                "    return any(v > 3 for v in values), max(v + 1 for v in range(count)), sum(v for v in open('x'))\n"
            ),
            after=None,
        ),
        Example(
            note="a key that is asked between the items",
            before="def least(values: list[int], rank):\n    return min((v + 1 for v in values), key=rank)\n",
            after=None,
        ),
        Example(
            note="items that come from elsewhere, and may end it",
            before="def read(source):\n    return tuple(next(source) for _ in range(3))\n",
            after=None,
        ),
        Example(
            note="another kind of joining",
            before="def wait(threads, pool):\n    return pool.join(thread for thread in threads)\n",
            after=None,
        ),
    )

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for node in parsed.of(ast.GeneratorExp):
            call = parsed.parent(node)
            if (
                not isinstance(call, ast.Call)
                or not call.args
                or call.args[0] is not node
                or not _gathers(parsed, call)
            ):
                continue
            assumes: set[str] = set()
            if not _plain(parsed, node, assumes) or not _held(parsed, call, node, assumes):
                continue
            what = "a generator is gathered into a list before anything is done with it"
            if parsed.calls(call, *_THROUGH):
                what = "a generator is gone through to its end, over what is in memory anyway"
            yield self.at(parsed, node, what, [_brackets(parsed, node, call)], assumes=assumes, gain=1.2)


def _gathers(module: Module, call: ast.Call) -> bool:
    if module.calls(call, *_WHOLE):
        return True
    if module.calls(call, *_DISPLAYS) and _unlike_text(module, call):
        return False
    if module.calls(call, *_THROUGH, *_DISPLAYS):
        return len(call.args) == 1 and not call.keywords
    func = call.func
    return isinstance(func, ast.Attribute) and func.attr == "join" and module.is_kind(func.value, "str")


def _unlike_text(module: Module, call: ast.Call) -> bool:
    """Whether a call cannot be replaced as a whole: a comment would be lost, or stands in an f-string."""
    quoted = any(isinstance(above, ast.JoinedStr) for above in module.ancestors(call))
    return quoted or "#" in module.segment(call)


def _held(module: Module, call: ast.Call, node: ast.GeneratorExp, assumes: set[str]) -> bool:
    """Whether a list of all items takes no more memory than there is taken anyway."""
    if not module.calls(call, *_THROUGH):
        return True
    return len(node.generators) == 1 and module.taken(node.generators[0].iter, *_KEPT, assumes=assumes) is not None


def _plain(module: Module, node: ast.GeneratorExp, assumes: set[str]) -> bool:
    """Whether making the items has no effects, nor raises what would end a generator."""
    if any(part.is_async for part in node.generators):
        return False
    for part in ast.walk(node):
        if isinstance(part, _ENDING) or (isinstance(part, ast.Call) and module.calls(part, "builtins.next")):
            return False
    parts = [node.elt, *(test for part in node.generators for test in part.ifs)]
    return all(module.pure(part, assumes) for part in parts)


def _brackets(module: Module, node: ast.GeneratorExp, call: ast.Call) -> Splice:
    start, stop = module.locator.range(node)
    inner = module.text[start + 1 : stop - 1]
    first, last = module.locator.range(call)
    shared = last == stop
    display = _DISPLAYS.get(module.meaning(call.func))
    if display is not None:
        return Splice(first, last, f"{display[0]}{inner if shared else inner.strip()}{display[1]}")
    return Splice(start, stop, f"([{inner}])" if shared else f"[{inner}]")


RULE = GatheredGenerator()
