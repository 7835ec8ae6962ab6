"""``sum(values[:i])`` for each i: sums of all beginnings are made once, each from the one before."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from cambrian.source.analysis import Binding, Kind, Module
from cambrian.source.rules.catching import caught
from cambrian.source.rules.hoisting import outside, unchanging
from cambrian.source.rules.loops import constant
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite

_FOLDS = ("builtins.sum", "builtins.max", "builtins.min")


class _Fold(NamedTuple):
    """A call over a part of a list, and where in the table its answer is; `{}` stands for the table's name."""

    name: str
    items: ast.Name
    found: str


class PrefixFold(PythonRule):
    """Prefix sums (and maxima), of which sums of windows are differences."""

    id = "prefix-fold"
    title = "Keep sums of all beginnings instead of adding up each part anew"
    why = (
        "`sum(values[:i])` for each i adds the same numbers over and over: quadratic. `itertools.accumulate` makes "
        "all such sums in one go; the sum of a window is the difference of two. The same goes for `max` and `min` "
        "of beginnings. The guard sees that the list does not change meanwhile and that both ends of the part "
        "certainly lie in it. Sums are rewritten for ints only, as fractions would be rounded otherwise: that they "
        "are is assumed unless the text shows it."
    )
    words = ("sum(", "max(", "min(")
    examples = (
        Example(
            note="the greatest so far",
            before="def rolling(values: list[float]):\n    return [max(values[:i + 1]) for i in range(len(values))]\n",
            after=(
                "from itertools import accumulate\n\n\n"
                "def rolling(values: list[float]):\n"
                "    values_max = list(accumulate(values, max))\n"
                "    return [values_max[i] for i in range(len(values))]\n"
            ),
            calls=("rolling([1, 3.0, 3, 2, 5])", "rolling([])"),
        ),
        Example(
            note="a place where both sides weigh the same",
            before=(
                "def balance(values: list[int]):\n"
                "    for i in range(len(values)):\n"
                "        if sum(values[:i]) == sum(values[i+1:]):\n"
                "            return i\n"
                "    return -1\n"
            ),
            after=(
                "from itertools import accumulate\n\n\n"
                "def balance(values: list[int]):\n"
                "    values_sums = [0, *accumulate(values)]\n"
                "    for i in range(len(values)):\n"
                "        if values_sums[i] == values_sums[-1] - values_sums[i+1]:\n"
                "            return i\n"
                "    return -1\n"
            ),
            calls=("balance([1, 7, 3, 6, 5, 6])", "balance([])", "balance([1, 2])", "balance([0])"),
        ),
        Example(
            note="windows",
            before=(
                "def windows(values: list[int], k: int):\n"
                "    return [2 * sum(values[i:i + k]) for i in range(len(values) - k + 1)]\n"
            ),
            after=(
                "from itertools import accumulate\n\n\n"
                "def windows(values: list[int], k: int):\n"
                "    values_sums = [0, *accumulate(values)]\n"
                "    return [2 * (values_sums[i + k] - values_sums[i]) for i in range(len(values) - k + 1)]\n"
            ),
            calls=("windows([1, 2, 3, 4], 2)", "windows([1, 2], 3)", "windows([1, 2], 0)", "windows([], 0)"),
        ),
        Example(
            note="the greatest of nothing is an error",
            before="def before(values: list[int]):\n    return [max(values[:i]) for i in range(len(values))]\n",
            after=None,
        ),
        Example(
            note="an end that may lie outside",
            before="def some(values: list[int], ends: list[int]):\n    return [sum(values[:i]) for i in ends]\n",
            after=None,
        ),
        Example(
            note="fractions",
            before="def sums(values: list[float]):\n    return [sum(values[:i]) for i in range(len(values))]\n",
            after=None,
        ),
        Example(
            note="the list changes",
            before=(
                "def sums(values: list[int]):\n"
                "    for i in range(len(values)):\n"
                "        values[i] = sum(values[:i])\n"
                "    return values\n"
            ),
            after=None,
        ),
    )

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        groups: dict[tuple[str, object, ast.stmt], list[tuple[ast.Call, _Fold, set[str]]]] = {}
        for call in parsed.of(ast.Call):
            fold = _fold(parsed, call) if parsed.calls(call, *_FOLDS) and parsed.loops(call) else None
            if fold is None:
                continue
            assumes: set[str] = set()
            place = _place(parsed, call, fold, assumes)
            if place is not None:
                key = fold.name, parsed.variable(fold.items), place
                groups.setdefault(key, []).append((call, fold, assumes))
        for (name, _, place), found in groups.items():
            yield self._rewrite(parsed, name, place, found)

    def _rewrite(
        self, module: Module, name: str, place: ast.stmt, found: list[tuple[ast.Call, _Fold, set[str]]]
    ) -> Rewrite:
        items = found[0][1].items.id
        accumulate = module.importing("itertools", "accumulate")
        if name == "sum":
            table, imports = module.fresh(f"{items}_sums", f"{items}_added"), accumulate.splices
            line = f"{table} = [0, *{accumulate.spelling}({items})]"
        else:
            table, made, fold = module.fresh(f"{items}_{name}"), module.builtin("list"), module.builtin(name)
            imports = (*accumulate.splices, *made.splices, *fold.splices)
            line = f"{table} = {made.spelling}({accumulate.spelling}({items}, {fold.spelling}))"
        splices = [*imports, module.before(place, line)]
        for call, fold, _ in found:
            text = fold.found.replace("{}", table)
            bracketed = " - " in text and isinstance(module.parent(call), ast.BinOp | ast.UnaryOp)
            splices.append(module.splice(call, f"({text})" if bracketed else text))
        assumes = set[str]().union(*(one for _, _, one in found))
        what = f"parts of {items!r} are gone through again and again"
        return self.at(module, found[0][0], what, splices, assumes=assumes, gain=40.0)


def _fold(module: Module, call: ast.Call) -> _Fold | None:
    """A sum of a part of a list whose ends certainly lie in it; the greatest or least of a beginning that has one."""
    name = module.meaning(call.func).rpartition(".")[2]
    part = call.args[0] if len(call.args) == 1 and not call.keywords else None
    if (
        not isinstance(part, ast.Subscript)
        or not isinstance(part.value, ast.Name)
        or not isinstance(part.slice, ast.Slice)
    ):
        return None
    items, cut = part.value, part.slice
    if cut.step is not None or "\n" in module.segment(part):
        return None
    if name != "sum":
        return _extreme(module, name, items, cut)
    low, high = cut.lower, cut.upper
    if low is not None and high is not None:
        return _window(module, items, low, high)
    end = high if low is None else low
    if end is None or not _inside(module, end, items):
        return None
    text = module.segment(end)
    return _Fold(name, items, f"{{}}[{text}]" if low is None else f"{{}}[-1] - {{}}[{text}]")


def _extreme(module: Module, name: str, items: ast.Name, cut: ast.Slice) -> _Fold | None:
    end = cut.upper
    if cut.lower is not None or not isinstance(end, ast.BinOp) or not isinstance(end.left, ast.Name):
        return None
    return _Fold(name, items, f"{{}}[{end.left.id}]") if _one_more(end) and _inside(module, end, items) else None


def _window(module: Module, items: ast.Name, low: ast.expr, high: ast.expr) -> _Fold | None:
    """A window of fixed width that goes over a list: ``i:i + k`` for i in ``range(len(items) - k + 1)``."""
    match low, high:
        case ast.Name(id=one) as start, ast.BinOp(left=ast.Name(id=other), op=ast.Add(), right=width) if one == other:
            fits = isinstance(width, ast.Name) or _natural(width)
            stop = f"len({items.id}) - {ast.unparse(width)} + 1"
            if not fits or not all(_ends_at(module, binding, stop) for binding in module.reaching(start)):
                return None
            return _Fold("sum", items, f"{{}}[{module.segment(high)}] - {{}}[{module.segment(low)}]")
        case _:
            return None


def _natural(node: ast.expr) -> bool:
    """Whether a whole number that is not negative is written there."""
    return isinstance(node, ast.Constant) and (constant(node) or 0) >= 0 and constant(node) is not None


def _ends_at(module: Module, binding: Binding, stop: str) -> bool:
    """Whether a variable gets the numbers of a range that ends there."""
    match binding:
        case Binding(how="for", path=(), value=ast.Call(args=[end], keywords=[]) as source):
            return module.calls(source, "builtins.range") and ast.unparse(end) == stop
        case _:
            return False


def _one_more(end: ast.expr) -> bool:
    one = end.right if isinstance(end, ast.BinOp) and isinstance(end.op, ast.Add) else None
    return isinstance(one, ast.Constant) and type(one.value) is int and one.value == 1


def _inside(module: Module, end: ast.expr, items: ast.Name) -> bool:
    """Whether a number certainly is between 0 and the length of a list: a place in it, or one more."""
    name = end.left if isinstance(end, ast.BinOp) and _one_more(end) else end
    bindings = module.reaching(name) if isinstance(name, ast.Name) else ()
    return bool(bindings) and all(_is_place(module, one, items) for one in bindings)


def _is_place(module: Module, binding: Binding, items: ast.Name) -> bool:
    """Whether a variable gets the places of a list, or some of them, from a loop."""
    match binding:
        case Binding(how="for", path=(0,), value=ast.Call(args=[listed], keywords=[]) as source):
            return module.calls(source, "builtins.enumerate") and _names(module, listed, items)
        case Binding(how="for", path=(), value=ast.Call(args=[*low, stop], keywords=[]) as source) if len(low) <= 1:
            counted = module.calls(source, "builtins.range") and _length(module, stop, items)
            return counted and all(_natural(one) for one in low)
        case _:
            return False


def _length(module: Module, node: ast.expr, items: ast.Name) -> bool:
    """Whether something is the length of a list, or less."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
        less = node.right
        natural = isinstance(less, ast.Constant) and type(less.value) is int and less.value >= 0
        return natural and _length(module, node.left, items)
    counted = isinstance(node, ast.Call) and module.calls(node, "builtins.len") and len(node.args) == 1
    return counted and isinstance(node, ast.Call) and _names(module, node.args[0], items)


def _names(module: Module, node: ast.expr, items: ast.Name) -> bool:
    return isinstance(node, ast.Name) and module.variable(node) is module.variable(items)


def _place(module: Module, call: ast.Call, fold: _Fold, assumes: set[str]) -> ast.stmt | None:
    """The statement in front of which the table may be made."""
    kind = module.taken(fold.items, "list", "tuple", assumes=assumes)
    if kind is None or not _foldable(kind.item, fold, assumes):
        return None
    width = _width(call) if fold.name == "sum" and " - " in fold.found and "[-1]" not in fold.found else None
    if width is not None:
        if module.rebound(width, module.loops(call)[0]):
            return None
        assumes.add(f"{width.id!r} is not negative")
    return None if caught(module, call) else outside(module, call, unchanging(module, fold.items, assumes))


def _foldable(item: Kind | None, fold: _Fold, assumes: set[str]) -> bool:
    """Whether items of a kind can be added, or compared: certainly, or so assumed."""
    name = "" if item is None else item.name
    if fold.name == "sum":
        assumes |= set() if name else {f"what {fold.items.id!r} holds are ints"}
        return name in {"", "int", "bool"}
    assumes |= set() if name in {"int", "str", "float", "number"} else {f"any two items of {fold.items.id!r} compare"}
    return True


def _width(call: ast.Call) -> ast.Name | None:
    """The k of ``sum(items[i : i + k])``, if it is a variable."""
    match call.args[0]:
        case ast.Subscript(slice=ast.Slice(upper=ast.BinOp(right=ast.Name() as width))):
            return width
        case _:
            return None


RULE = PrefixFold()
