"""``for x in xs: s += x``: a loop that only folds items together is one call of a builtin."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from cambrian.source.analysis import Module
from cambrian.source.analysis.index import within
from cambrian.source.analysis.ownership import followed
from cambrian.source.edit import Splice
from cambrian.source.rules.containing import kept_in
from cambrian.source.rules.loops import outlives
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite

_BITS: dict[type[ast.operator], str] = {ast.BitXor: "xor", ast.BitOr: "or_", ast.BitAnd: "and_"}
_WHOLE = ("int", "bool")
_MANY = 60
"""Values that a variable may begin with; of more, the kind is not asked for."""
_COUNTED = ("list", "tuple")
_SCALARS = ("int", "bool", "str", "bytes", "NoneType")
_HELD = ("list", "tuple", "str", "set", "dict", "deque", "bytes")
"""What holds its items in memory: a list of as many numbers is no more of a burden."""
_BOUND_TO_LOOP = (ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr, ast.Lambda, ast.GeneratorExp)


class _Fold(NamedTuple):
    """A loop's only work: what it folds into which variable, and the words for it."""

    text: str
    splices: tuple[Splice, ...]
    names: tuple[ast.Name, ...]
    gain: float = 4.0


class FoldedLoop(PythonRule):
    """A loop that only adds, multiplies or counts its items is a call of a builtin."""

    id = "folded-loop"
    title = "Fold items with a builtin instead of a loop"
    why = (
        "A loop whose only statement is `total += x`, `product *= x`, `bits ^= x` or `if x == wanted: count += 1` "
        "runs several instructions of bytecode for each item; `sum`, `math.prod`, `functools.reduce` and `list.count` "
        "do the same in C, in the same order (`max` and `min` are no faster than a loop that compares). The guard sees "
        "that nobody looks at the variables while the loop runs, nor at the loop's variable afterwards. What is worked "
        "out for each item (`total += x * x`) is summed up from a comprehension, where the items are in memory anyway. "
        "Sums are of whole numbers only: from Python 3.12 on `sum` rounds floats otherwise than a loop does."
    )
    words = ("for ",)
    examples = (
        Example(
            note="a sum, a product",
            before=(
                "def both(values: list[int]):\n"
                "    total = 0\n"
                "    for value in values:\n"
                "        total += value\n"
                "    product = 1\n"
                "    for value in values:\n"
                "        product = product * value\n"
                "    return total, product\n"
            ),
            after=(
                "from math import prod\n\n\n"
                "def both(values: list[int]):\n"
                "    total = 0\n"
                "    total = sum(values, total)\n"
                "    product = 1\n"
                "    product = prod(values, start=product)\n"
                "    return total, product\n"
            ),
            calls=("both([3, 4, -5])", "both([])"),
        ),
        Example(
            note="counting what is equal, in a list that is made here",
            before=(
                "def zeros(line: str):\n"
                "    digits = [int(word) for word in line.split()]\n"
                "    found = 0\n"
                "    for digit in digits:\n"
                "        if digit == 0:\n"
                "            found += 1\n"
                "    return found\n"
            ),
            after=(
                "def zeros(line: str):\n"
                "    digits = [int(word) for word in line.split()]\n"
                "    found = 0\n"
                "    found += digits.count(0)\n"
                "    return found\n"
            ),
            calls=("zeros('0 1 0')", "zeros('')"),
        ),
        Example(
            note="what is worked out from some of the items",
            before=(
                "def energy(values: list[int], factor: int):\n"
                "    total = 0\n"
                "    for value in values:\n"
                "        if value > 0:\n"
                "            total += factor * value * value\n"
                "    return total\n"
            ),
            after=(
                "def energy(values: list[int], factor: int):\n"
                "    total = 0\n"
                "    total = sum([factor * value * value for value in values if value > 0], total)\n"
                "    return total\n"
            ),
            calls=("energy([3, -4, 5], 2)", "energy([], 1)", "energy([1], None)"),
        ),
        Example(
            note="the sum so far decides; a long range; an error that is caught, and the sum so far is kept",
            before=(
                "def parts(values: list[int], count: int):\n"
                "    total = low = safe = 0\n"
                "    for value in values:\n"
                "        total += value * total\n"
                "    for number in range(count):\n"
                "        low += number ** 3 % 7\n"
                "    try:\n"
                "        for value in values:\n"
                "            safe += 1 // value\n"
                "    except ZeroDivisionError:\n"
                "        pass\n"
                "    return total, low, safe\n"
            ),
            after=None,
        ),
        Example(
            note="the loop's variable is read afterwards",
            before=(
                "def last(values):\n"
                "    total = 0\n"
                "    for value in values:\n"
                "        total += value\n"
                "    return total, value\n"
            ),
            after=None,
        ),
        Example(
            note="lists are added: the same list is extended",
            before=(
                "def joined(rows: list[list[int]]):\n"
                "    flat = []\n"
                "    for row in rows:\n"
                "        flat += row\n"
                "    return flat\n"
            ),
            after=None,
        ),
        Example(
            note="texts are joined",
            before=(
                "def joined(words: list[str]):\n"
                "    text = 'of '\n"
                "    for word in words:\n"
                "        text += word\n"
                "    for word in words:\n"
                "        if word != 'a':\n"
                "            text += '-' + word\n"
                "    return text\n"
            ),
            after=(
                "def joined(words: list[str]):\n"
                "    text = 'of '\n"
                '    text += "".join(words)\n'
                "    text += \"\".join(['-' + word for word in words if word != 'a'])\n"
                "    return text\n"
            ),
            calls=("joined(['a', 'b'])", "joined([])", "joined([1])"),
        ),
        Example(
            note="floats, whose sum depends on how it is rounded",
            before=(
                "def mean(values: list[float]):\n"
                "    total = 0.0\n"
                "    for value in values:\n"
                "        total += value\n"
                "    return total / len(values)\n"
            ),
            after=None,
        ),
        Example(
            note="the sum so far is asked for in the loop, by what is gone through",
            before=(
                "def paced(values):\n"
                "    total = 0\n"
                "    def steps():\n"
                "        for value in values:\n"
                "            yield value + total\n"
                "    for step in steps():\n"
                "        total += step\n"
                "    return total\n"
            ),
            after=None,
        ),
    )

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for loop in parsed.of(ast.For):
            if loop.orelse or len(loop.body) != 1 or not isinstance(loop.target, ast.Name):
                continue
            if "#" in parsed.segment(loop) or isinstance(loop.iter, ast.Tuple | ast.Yield | ast.Await):
                continue  # a comment, perhaps, which would be lost; a tuple without brackets
            assumes: set[str] = set()
            fold = _joined(parsed, loop, loop.target, assumes) or _fold(parsed, loop, loop.target, assumes)
            if fold is not None and _alone(parsed, loop, loop.target, fold):
                what = "a loop folds its items one by one"
                splices = (parsed.splice(loop, fold.text), *fold.splices)
                yield self.at(parsed, loop, what, splices, assumes=assumes, gain=fold.gain)


def _alone(module: Module, loop: ast.For, target: ast.Name, fold: _Fold) -> bool:
    """Whether only the fold's own names see its variables while the loop runs, and nobody the loop's afterwards."""
    item = module.variable(target)
    if not followed(item) or item.scope.kind != "function":
        return False
    if outlives(module, target, loop) or not module.bound(fold.names[0]):
        return False
    return kept_in(module, fold.names[0], loop, fold.names) and kept_in(
        module, target, loop, [target, *(read for read in item.reads)]
    )


def _fold(module: Module, loop: ast.For, target: ast.Name, assumes: set[str]) -> _Fold | None:
    only = loop.body[0]
    if isinstance(only, ast.AugAssign) and isinstance(only.target, ast.Name) and _is(only.value, target):
        return _folded(module, loop, only.op, only.target, (only.target,), assumes)
    found: _Fold | None = None
    if isinstance(only, ast.Assign) and len(only.targets) == 1 and isinstance(only.targets[0], ast.Name):
        found = _assigned(module, loop, target, only.targets[0], only.value, assumes)
    elif isinstance(only, ast.If) and _idle(only.orelse) and len(only.body) == 1 and isinstance(only.test, ast.Compare):
        found = _tested(module, loop, target, only.test, only.body[0], assumes)
    return found or _summed(module, loop, only, assumes)


def _joined(module: Module, loop: ast.For, target: ast.Name, assumes: set[str]) -> _Fold | None:
    """``s += x`` and ``if p(x): s += f(x)`` for a text: joined at once."""
    match loop.body[0]:
        case ast.If(test=test, body=[step], orelse=rest) if _idle(rest):
            added = _added(step)
        case step:
            added, test = _added(step), None
    if added is None or not _movable(added[1], test):
        return None
    names, value = added
    if not _are_texts(module, loop, names[0], value, assumes):
        return None
    items = _starred(module, loop.iter)
    if not _is(value, target) or test is not None:
        where = "" if test is None else f" if {_closed(module, test)}"
        items = f"[{module.segment(value)} for {target.id} in {items}{where}]"
    text = f'{names[0].id} += "".join({items})'
    return _Fold(text, (), names, gain=2.0) if "\n" not in text else None


def _are_texts(module: Module, loop: ast.For, into: ast.Name, value: ast.expr, assumes: set[str]) -> bool:
    """Whether a variable is a text, and what is added to it: certainly, or so assumed."""
    starts = _starts(module, loop, into)
    if not {"str"} <= starts <= {"str", ""}:
        return False
    assumes |= {f"{into.id!r} is a text"} if "" in starts else set()
    kind = module.kind(value, assumes)
    if kind is not None and kind.name != "str":
        return False
    assumes |= {f"{_short(module, value)} is a text"} if kind is None else set()
    return True


def _movable(*nodes: ast.expr | None) -> bool:
    """Whether expressions mean the same in a comprehension."""
    parts = (part for node in nodes if node is not None for part in ast.walk(node))
    return not any(
        isinstance(part, _BOUND_TO_LOOP) or (isinstance(part, ast.Name) and part.id in {"super", "__class__"})
        for part in parts
    )


def _idle(statements: list[ast.stmt]) -> bool:
    """Whether statements do nothing."""
    return all(
        isinstance(one, ast.Pass) or (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))
        for one in statements
    )


def _summed(module: Module, loop: ast.For, only: ast.stmt, assumes: set[str]) -> _Fold | None:
    """``s += f(x)``, ``if p(x): s += f(x)``: a sum over a comprehension."""
    test = only.test if isinstance(only, ast.If) else None
    if isinstance(only, ast.If):
        if not _idle(only.orelse) or len(only.body) != 1:
            return None
        only = only.body[0]
    added = _added(only)
    if added is None or isinstance(added[1], ast.Constant):
        return None
    names, value = added
    mine: set[str] = set()
    if module.taken(loop.iter, *_HELD, assumes=mine) is None or not _whole_value(module, loop, value, names[0], mine):
        return None
    if not _movable(value, test):
        return None
    assumes |= mine
    made = module.builtin("sum")
    where = "" if test is None else f" if {_closed(module, test)}"
    each = f"{module.segment(value)} for {module.segment(loop.target)} in {_starred(module, loop.iter)}{where}"
    text = f"{names[0].id} = {made.spelling}([{each}], {names[0].id})"
    return _Fold(text, made.splices, names, gain=1.4) if "\n" not in text else None


def _added(node: ast.stmt) -> tuple[tuple[ast.Name, ...], ast.expr] | None:
    """Where a variable stands to which something is added, and what."""
    match node:
        case ast.AugAssign(target=ast.Name() as into, op=ast.Add(), value=value):
            return (into,), value
        case ast.Assign(
            targets=[ast.Name(id=one) as into],
            value=ast.BinOp(left=ast.Name(id=other) as left, op=ast.Add(), right=value),
        ) if one == other:
            return (into, left), value
        case _:
            return None


def _closed(module: Module, node: ast.expr) -> str:
    """A condition as it may stand behind a comprehension's ``if``."""
    text = module.segment(node)
    return f"({text})" if isinstance(node, ast.IfExp) else text


def _assigned(
    module: Module, loop: ast.For, target: ast.Name, into: ast.Name, value: ast.expr, assumes: set[str]
) -> _Fold | None:
    """``s = s + x``."""
    if isinstance(value, ast.BinOp) and isinstance(value.left, ast.Name) and value.left.id == into.id:
        same = _is(value.right, target)
        return _folded(module, loop, value.op, into, (into, value.left), assumes) if same else None
    return None


def _tested(
    module: Module, loop: ast.For, target: ast.Name, test: ast.Compare, then: ast.stmt, assumes: set[str]
) -> _Fold | None:
    """``if x == c: n += 1``."""
    if len(test.ops) != 1 or not _is(test.left, target):
        return None
    if isinstance(then, ast.AugAssign) and isinstance(test.ops[0], ast.Eq):
        return _counted(module, loop, target, test.comparators[0], then, assumes)
    return None


def _starred(module: Module, items: ast.expr) -> str:
    text = module.segment(items)
    return f"({text})" if isinstance(items, ast.BoolOp | ast.IfExp | ast.Compare | ast.Lambda | ast.UnaryOp) else text


def _folded(
    module: Module, loop: ast.For, op: ast.operator, into: ast.Name, names: tuple[ast.Name, ...], assumes: set[str]
) -> _Fold | None:
    if not _whole(module, loop, into, assumes):
        return None
    items = module.segment(loop.iter)
    if isinstance(op, ast.Add):
        made = module.builtin("sum")
        return _Fold(f"{into.id} = {made.spelling}({items}, {into.id})", made.splices, names)
    if isinstance(op, ast.Mult):
        made = module.importing("math", "prod")
        return _Fold(f"{into.id} = {made.spelling}({items}, start={into.id})", made.splices, names)
    word = _BITS.get(type(op))
    if word is None:
        return None
    reduce, operator = module.importing("functools", "reduce"), module.importing("operator", word)
    text = f"{into.id} = {reduce.spelling}({operator.spelling}, {items}, {into.id})"
    return _Fold(text, (*reduce.splices, *operator.splices), names)


def _whole(module: Module, loop: ast.For, into: ast.Name, assumes: set[str]) -> bool:
    """Whether items and result are whole numbers, or may be assumed to be."""
    kind = module.kind(loop.iter, assumes)
    item = kind.item if kind is not None else None
    if kind is not None and kind.name != "range" and item is None and kind.name not in {"list", "tuple", "set"}:
        return False
    if kind is None or (kind.name != "range" and item is None):
        assumes.add(f"the items of {_short(module, loop.iter)} are whole numbers")
    elif item is not None and item.name not in _WHOLE:
        return False
    return _starts_whole(module, loop, into, assumes)


def _whole_value(module: Module, loop: ast.For, value: ast.expr, into: ast.Name, assumes: set[str]) -> bool:
    """Whether what is added, and the result, are whole numbers, or may be assumed to be."""
    kind = module.kind(value, assumes)
    if kind is None:
        assumes.add(f"{_short(module, value)} is a whole number")
    elif kind.name not in {*_WHOLE, "number"}:
        return False
    elif kind.name == "number":
        assumes.add(f"{_short(module, value)} is a whole number")
    return _starts_whole(module, loop, into, assumes)


def _starts_whole(module: Module, loop: ast.For, into: ast.Name, assumes: set[str]) -> bool:
    kinds = _starts(module, loop, into)
    if kinds - {*_WHOLE, ""}:
        return False
    if not kinds or "" in kinds:
        assumes.add(f"{into.id!r} is a whole number")
    return True


def _starts(module: Module, loop: ast.For, into: ast.Name) -> set[str]:
    """The kinds that a variable may have when the loop begins; with ``""`` for those that are not known."""
    kinds: set[str] = set()
    reaching = module.reaching(into)
    if len(reaching) > _MANY:
        return {""}
    for binding in reaching:
        if within(binding.node, loop):
            continue
        if binding.how == "augment":
            kinds.add(_augmented(module, binding.node, binding.value))
            continue
        plain = binding.how == "assign" and not binding.path and binding.value is not None
        kind = module.kind(binding.value) if plain and binding.value is not None else None
        kinds.add("" if kind is None else kind.name)
    return kinds


def _augmented(module: Module, node: ast.AST, value: ast.expr | None) -> str:
    """The kind that ``+=`` and its like keep: that of what is added, if a variable is of the same."""
    statement = module.parent(node)
    kept = isinstance(statement, ast.AugAssign) and isinstance(statement.op, ast.Add | ast.Sub | ast.Mult | ast.BitXor)
    kind = module.kind(value) if kept and value is not None else None
    return "" if kind is None else kind.name


def _counted(
    module: Module, loop: ast.For, target: ast.Name, wanted: ast.expr, then: ast.AugAssign, assumes: set[str]
) -> _Fold | None:
    one = isinstance(then.value, ast.Constant) and then.value.value == 1 and type(then.value.value) is int
    if not one or not isinstance(then.op, ast.Add) or not isinstance(then.target, ast.Name):
        return None
    if not isinstance(wanted, ast.Constant | ast.Name) or not isinstance(loop.iter, ast.Name | ast.Attribute):
        return None
    if isinstance(wanted, ast.Name) and wanted.id in {target.id, then.target.id}:
        return None
    kind = module.taken(loop.iter, *_COUNTED, assumes=assumes)
    if kind is None:
        return None
    if kind.item is None or kind.item.name not in _SCALARS:
        assumes.add(f"the items of {_short(module, loop.iter)} are equal to themselves, and compare without effects")
    return _Fold(f"{then.target.id} += {module.segment(loop.iter)}.count({module.segment(wanted)})", (), (then.target,))


def _short(module: Module, node: ast.expr) -> str:
    text = " ".join(module.segment(node).split())
    return repr(text if len(text) <= 40 else f"{text[:37]}…")


def _is(node: ast.expr, name: ast.Name) -> bool:
    return isinstance(node, ast.Name) and node.id == name.id


RULE = FoldedLoop()
