"""``key=lambda x: x[1]``: a small function that only does what an operator does is one of the module `operator`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from cambrian.source.analysis import Module
from cambrian.source.analysis.index import within
from cambrian.source.edit import Splice
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite

_KEYED = frozenset([
    "builtins.sorted", "builtins.min", "builtins.max", "heapq.nsmallest", "heapq.nlargest", "itertools.groupby",
])  # fmt: skip
_SECOND = frozenset(["itertools.groupby"])
_FIRST = {"builtins.map": 1, "builtins.filter": 1, "functools.reduce": 2}
"""Functions that call their first argument, with so many arguments (`map`: with one per iterable)."""
_OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "truediv", ast.FloorDiv: "floordiv", ast.Mod: "mod",
    ast.Pow: "pow", ast.BitAnd: "and_", ast.BitOr: "or_", ast.BitXor: "xor", ast.LShift: "lshift",
    ast.RShift: "rshift", ast.MatMult: "matmul", ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt", ast.GtE: "ge",
    ast.Eq: "eq", ast.NotEq: "ne", ast.USub: "neg",
}  # fmt: skip


class _Written(NamedTuple):
    """How a function is written, and the imports that it needs."""

    text: str
    splices: tuple[Splice, ...] = ()


class OperatorLambda(PythonRule):
    """A lambda that takes an item, an attribute or an operator, and is called at once, is one of `operator`'s."""

    id = "operator-lambda"
    title = "Use functions of `operator` where a lambda does no more"
    why = (
        "Each call of `lambda pair: pair[1]` makes a frame and runs bytecode; `operator.itemgetter(1)` does it in C. "
        "The guard sees that the function is given where it is only called, with its arguments by position "
        "(`key=`, `map`, `filter`, `reduce`), and that its body is one operation on exactly its arguments."
    )
    words = ("lambda",)
    examples = (
        Example(
            note="keys of a sort: an item, two items",
            before=(
                "def ranked(pairs):\n"
                "    pairs.sort(key=lambda pair: pair[1])\n"
                "    return sorted(pairs, key=lambda pair: (pair[1], pair[0]), reverse=True)\n"
            ),
            after=(
                "from operator import itemgetter\n\n\n"
                "def ranked(pairs):\n"
                "    pairs.sort(key=itemgetter(1))\n"
                "    return sorted(pairs, key=itemgetter(1, 0), reverse=True)\n"
            ),
            calls=("ranked([(1, 'b'), (0, 'b'), (2, 'a')])", "ranked([])", "ranked([(1,)])"),
        ),
        Example(
            note="an operator on two arguments",
            before=(
                "from functools import reduce\n\n\n"
                "def parity(a, b):\n"
                "    return list(map(lambda x, y: x ^ y, a, b)), reduce(lambda x, y: x ^ y, a, 0)\n"
            ),
            after=(
                "from operator import xor\n"
                "from functools import reduce\n\n\n"
                "def parity(a, b):\n"
                "    return list(map(xor, a, b)), reduce(xor, a, 0)\n"
            ),
            calls=("parity([5, 3], [1, 2])", "parity([], [1])", "parity([None], [1])"),
        ),
        Example(
            note="a function that is only called with the argument",
            before="def longest(words):\n    return max(words, key=lambda word: len(word))\n",
            after="def longest(words):\n    return max(words, key=len)\n",
            calls=("longest(['a', 'bb'])", "longest([])"),
        ),
        Example(
            note="an attribute, for the smallest",
            before="def oldest(people):\n    return min(people, key=lambda one: one.born.year)\n",
            after=(
                "from operator import attrgetter\n\n\n"
                "def oldest(people):\n    return min(people, key=attrgetter('born.year'))\n"
            ),
        ),
        Example(
            note="a lambda that is kept: it may be called by keyword, shown, compared",
            before="first = lambda pair: pair[0]\nHANDLERS = {'first': lambda pair: pair[0]}\n",
            after=None,
        ),
        Example(
            note="looked up in a dict that is made here",
            before=(
                "def ranked(words: list[str]):\n"
                "    order = {word: place for place, word in enumerate(words)}\n"
                "    return sorted(words, key=lambda word: order[word])\n"
            ),
            after=(
                "def ranked(words: list[str]):\n"
                "    order = {word: place for place, word in enumerate(words)}\n"
                "    return sorted(words, key=order.__getitem__)\n"
            ),
            calls=("ranked(['b', 'a', 'b'])", "ranked([])"),
        ),
        Example(
            note="a table that may be something else, or another one meanwhile",
            before=(
                "def ranked(words, order, early):\n"
                "    table = {}\n"
                "    if early:\n"
                "        table = {word: -1 for word in words}\n"
                "    return sorted(words, key=lambda word: order[word]), sorted(words, key=lambda word: table[word])\n"
            ),
            after=None,
        ),
        Example(
            note="the other way round, and with something else than its arguments",
            before=(
                "def ordered(pairs, at):\n"
                "    return sorted(pairs, key=lambda p: p[at]), list(map(lambda x, y: y - x, pairs, pairs))\n"
            ),
            after=None,
        ),
        Example(
            note="a function that is looked up anew for each call",
            before=(
                "def weight(x):\n    return x\n\n\n"
                "def swap(items):\n    return sorted(items, key=lambda x: weight(x))\n"
            ),
            after=None,
        ),
        Example(
            note="a default makes another function of it",
            before="def named(rows):\n    return sorted(rows, key=lambda row, at=1: row[1])\n",
            after=None,
        ),
    )

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for node in parsed.of(ast.Lambda):
            assumes: set[str] = set()
            if parsed.scope(parsed.parent(node) or node).kind == "class":
                continue  # a class's names are seen there, and not in a lambda
            count = _called_with(parsed, node, assumes)
            names = _parameters(node)
            if not count or names is None or len(names) != count or "#" in parsed.segment(node):
                continue
            written = _written(parsed, node.body, names)
            if written is not None:
                what = f"a lambda does what {written.text} does"
                splices = (parsed.splice(node, written.text), *written.splices)
                yield self.at(parsed, node, what, splices, assumes=assumes, gain=1.5)


def _called_with(module: Module, node: ast.Lambda, assumes: set[str]) -> int:
    """With how many arguments, by position, a lambda is called where it stands; 0 if that is not known."""
    above = module.parent(node)
    call = module.parent(above) if isinstance(above, ast.keyword) else above
    if not isinstance(call, ast.Call) or any(isinstance(part, ast.Starred) for part in call.args):
        return 0
    if isinstance(above, ast.keyword):
        return int(above.arg == "key" and (module.calls(call, *_KEYED) or _sorts(module, call, assumes)))
    for name, count in _FIRST.items():
        if module.calls(call, name) and call.args[0] is node and not call.keywords:
            return len(call.args) - 1 if name == "builtins.map" else count
    return int(module.calls(call, *_SECOND) and len(call.args) == 2 and call.args[1] is node)


def _sorts(module: Module, call: ast.Call, assumes: set[str]) -> bool:
    """Whether it is a list's own `sort`."""
    func = call.func
    if not isinstance(func, ast.Attribute) or func.attr != "sort" or call.args:
        return False
    return module.taken(func.value, "list", assumes=assumes) is not None


def _parameters(node: ast.Lambda) -> list[str] | None:
    given = node.args
    if given.defaults or given.kwonlyargs or given.vararg or given.kwarg:
        return None
    return [one.arg for one in (*given.posonlyargs, *given.args)]


def _written(module: Module, body: ast.expr, names: list[str]) -> _Written | None:  # noqa: PLR0911 - one per shape
    if len(names) == 2:
        return _operator(module, body, names)
    if isinstance(body, ast.Call):
        return _same_call(module, body, names[0])
    if isinstance(body, ast.UnaryOp) and isinstance(body.op, ast.USub) and _is(body.operand, names[0]):
        return _imported(module, "neg", "")
    if isinstance(body, ast.Tuple) and len(body.elts) > 1:
        keys = [_key(module, one, names[0]) for one in body.elts]
        return _imported(module, "itemgetter", ", ".join(filter(None, keys))) if all(keys) else None
    key = _key(module, body, names[0])
    if key:
        return _imported(module, "itemgetter", key)
    path = _path(body, names[0])
    if not path:
        return _lookup(module, body, names[0])
    return _imported(module, "attrgetter", repr(path))


def _operator(module: Module, body: ast.expr, names: list[str]) -> _Written | None:
    """An operator on the two arguments, in their order."""
    if isinstance(body, ast.BinOp):
        word, sides = _OPERATORS.get(type(body.op)), (body.left, body.right)
    elif isinstance(body, ast.Compare) and len(body.ops) == 1:
        word, sides = _OPERATORS.get(type(body.ops[0])), (body.left, body.comparators[0])
    else:
        return None
    same = all(_is(side, name) for side, name in zip(sides, names, strict=True))
    return _imported(module, word, "") if word and same else None


def _same_call(module: Module, body: ast.Call, name: str) -> _Written | None:
    """A builtin or a function of the standard library's that is called with the argument alone."""
    meaning = module.meaning(body.func)
    if body.keywords or len(body.args) != 1 or not _is(body.args[0], name):
        return None
    return _Written(module.segment(body.func)) if meaning.startswith(("builtins.", "math.")) else None


def _key(module: Module, node: ast.expr, name: str) -> str:
    """The constant with which the argument is subscripted, as it is written."""
    if not isinstance(node, ast.Subscript) or not _is(node.value, name):
        return ""
    inner = node.slice.operand if isinstance(node.slice, ast.UnaryOp) else node.slice
    return module.segment(node.slice) if isinstance(inner, ast.Constant) else ""


def _lookup(module: Module, node: ast.expr, name: str) -> _Written | None:
    """``table[x]`` of a dict or list of the function that stays in its variable: the table's own method."""
    if not isinstance(node, ast.Subscript) or not isinstance(node.value, ast.Name) or not _is(node.slice, name):
        return None
    table = module.variable(node.value)
    if table is None or table.secret or table.scope.kind != "function" or len(table.bindings) != 1:
        return None
    first = table.bindings[0]
    certain = module.is_kind(node.value, "dict", "list", "Counter", "defaultdict", "OrderedDict")
    if not certain or first.how != "assign" or table.scope is not module.scope(module.statement(node)):
        return None
    block = module.block(module.statement(first.node))
    behind = block.statements[block.place + 1 :]
    return _Written(f"{node.value.id}.__getitem__") if within(node, behind) and not table.deletes else None


def _path(node: ast.expr, name: str) -> str:
    """Dotted attributes of the argument."""
    words: list[str] = []
    while isinstance(node, ast.Attribute):
        if node.attr.startswith("__") and not node.attr.endswith("__"):
            return ""  # in a class it means another name
        words.append(node.attr)
        node = node.value
    return ".".join(reversed(words)) if _is(node, name) else ""


def _imported(module: Module, word: str, argument: str) -> _Written:
    found = module.importing("operator", word)
    return _Written(f"{found.spelling}({argument})" if argument else found.spelling, found.splices)


def _is(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


RULE = OperatorLambda()
