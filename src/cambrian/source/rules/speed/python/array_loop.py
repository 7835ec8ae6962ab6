"""A loop that fills a NumPy array item by item: one operation on whole arrays."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cambrian.source.analysis import Module
from cambrian.source.rules.catching import caught
from cambrian.source.rules.loops import Counting, constant, counting, same, stays_inside, unit
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite

_ELEMENTWISE = (ast.Add, ast.Sub, ast.Mult, ast.Div)
_MADE = frozenset(f"numpy.{name}" for name in ("zeros", "empty", "ones", "zeros_like", "empty_like", "ones_like"))


class ArrayLoop(PythonRule):
    """Operations of NumPy on slices."""

    id = "array-loop"
    title = "Reckon with whole NumPy arrays instead of item by item"
    why = (
        "`out[i] = a[i] * 2 + b[i]` makes four Python objects for each item; `out[:n] = a[:n] * 2 + b[:n]` does all in "
        "C, with the same rounding of each item. The guard sees that NumPy made the array that is filled, that each "
        "item hangs on items at the same place, and that only +, -, * and / are used (sums over items are rounded in "
        "another order, and are left alone). That the others are arrays, too, of at least that length and one "
        "dimension, and all else numbers, is assumed."
    )
    words = ("numpy",)
    examples = (
        Example(
            note="two arrays",
            before=(
                "import numpy as np\n\n\n"
                "def mixed(a, b, share: float):\n"
                "    out = np.zeros(len(a))\n"
                "    for i in range(len(a)):\n"
                "        out[i] = a[i] * share + b[i] * (1 - share)\n"
                "    return out\n"
            ),
            after=(
                "import numpy as np\n\n\n"
                "def mixed(a, b, share: float):\n"
                "    out = np.zeros(len(a))\n"
                "    out[:len(a)] = a[:len(a)] * share + b[:len(a)] * (1 - share)\n"
                "    return out\n"
            ),
        ),
        Example(
            note="from a place on",
            before=(
                "import numpy\n\n\n"
                "def doubled(a, n: int):\n"
                "    out = numpy.empty_like(a)\n"
                "    for i in range(2, n):\n"
                "        out[i] = 2 * a[i]\n"
                "    return out\n"
            ),
            after=(
                "import numpy\n\n\n"
                "def doubled(a, n: int):\n"
                "    out = numpy.empty_like(a)\n"
                "    if n > 2:\n"
                "        out[2:n] = 2 * a[2:n]\n"
                "    return out\n"
            ),
        ),
        Example(
            note="each item hangs on the one before; sums; the place itself",
            before=(
                "import numpy as np\n\n\n"
                "def some(a):\n"
                "    out = np.zeros(len(a))\n"
                "    total = 0.0\n"
                "    for i in range(1, len(a)):\n"
                "        out[i] = out[i - 1] + a[i]\n"
                "    for i in range(len(a)):\n"
                "        total += a[i]\n"
                "    for i in range(len(a)):\n"
                "        out[i] = a[i] * i\n"
                "    return out, total\n"
            ),
            after=None,
        ),
        Example(
            note="lists; a function of each item",
            before=(
                "import math\n\nimport numpy as np\n\n\n"
                "def some(a):\n"
                "    out = [0] * len(a)\n"
                "    made = np.zeros(len(a))\n"
                "    for i in range(len(a)):\n"
                "        out[i] = a[i] * 2\n"
                "    for i in range(len(a)):\n"
                "        made[i] = math.sin(a[i])\n"
                "    return out, made\n"
            ),
            after=None,
        ),
    )  # fmt: skip

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for loop in parsed.of(ast.For):
            step, numbers = loop.body[0], counting(parsed, loop.iter)
            bare = len(loop.body) == 1 and not loop.orelse and parsed.alone(loop) and "#" not in parsed.segment(loop)
            if not bare or not isinstance(step, ast.Assign) or len(step.targets) != 1 or numbers is None:
                continue
            found = self._at(parsed, loop, step, numbers)
            if found is not None:
                yield found

    def _at(self, module: Module, loop: ast.For, step: ast.Assign, numbers: Counting) -> Rewrite | None:
        target, place = step.targets[0], loop.target
        out = _array(module, target, place)
        if out is None or not _made(module, out) or not isinstance(place, ast.Name):
            return None
        if not stays_inside(module, place, loop) or caught(module, loop) or "\n" in module.segment(step):
            return None
        arrays, others = _parts(module, step.value, place)
        if not arrays or others is None or not _plain(module, numbers):
            return None
        assert isinstance(target, ast.Subscript)
        low = "" if numbers.low is None else module.segment(numbers.low)
        stop = module.segment(numbers.stop)
        text = _sliced(module, step, [target, *arrays], f"{low}:{stop}")
        if low or not module.calls(numbers.stop, "builtins.len"):
            text = f"if {stop} > {low or 0}:{module.newline}{module.indentation(loop)}{unit(module, loop)}{text}"
        names = sorted({module.segment(one.value) for one in arrays} - {out.id})
        assumes = {f"{name!r} is a NumPy array of one dimension, with items at all these places" for name in names}
        assumes |= {f"{name!r} is a number" for name in others}
        what = f"{out.id!r} is filled item by item"
        return self.at(module, loop, what, [module.splice(loop, text)], assumes=assumes, gain=12.0)


def _plain(module: Module, numbers: Counting) -> bool:
    """Whether the numbers go up from a constant to a length or what a variable says."""
    if numbers.downwards or not (numbers.low is None or (constant(numbers.low) or 0) > 0):
        return False
    return isinstance(numbers.stop, ast.Name) or module.calls(numbers.stop, "builtins.len")


def _sliced(module: Module, step: ast.Assign, items: list[ast.Subscript], places: str) -> str:
    """A statement with slices in place of items."""
    text, start = module.segment(step), module.locator.range(step)[0]
    for one in sorted(items, key=lambda each: -module.locator.range(each)[0]):
        first, last = (at - start for at in module.locator.range(one))
        text = f"{text[:first]}{module.segment(one.value)}[{places}]{text[last:]}"
    return text


def _array(module: Module, node: ast.expr, place: ast.expr) -> ast.Name | None:
    """The variable whose item at the loop's place a node is."""
    if not isinstance(node, ast.Subscript) or not isinstance(node.value, ast.Name):
        return None
    return node.value if same(module, node.slice, place) and module.variable(node.value) is not None else None


def _made(module: Module, out: ast.Name) -> bool:
    """Whether a function of NumPy certainly made an array of one dimension."""
    value = module.value(out)
    if not isinstance(value, ast.Call) or module.meaning(value.func) not in _MADE or not value.args:
        return False
    return isinstance(value.args[0], ast.Name | ast.Call) and all(word.arg == "dtype" for word in value.keywords)


def _parts(module: Module, node: ast.expr, place: ast.expr) -> tuple[list[ast.Subscript], set[str] | None]:
    """The items that an expression reckons with, and the names of its numbers; ``None`` if there is more in it."""
    match node:
        case ast.Subscript():
            return ([node], set()) if _array(module, node, place) is not None else ([], None)
        case ast.Constant(value=value):
            return [], set() if type(value) in {int, float} else None
        case ast.Name(id=name):
            return [], None if same(module, node, place) or module.variable(node) is None else {name}
        case ast.BinOp(left=one, op=operator, right=other) if isinstance(operator, _ELEMENTWISE):
            (left, named), (right, more) = _parts(module, one, place), _parts(module, other, place)
            return [*left, *right], None if named is None or more is None else named | more
        case _:
            return [], None


RULE = ArrayLoop()
