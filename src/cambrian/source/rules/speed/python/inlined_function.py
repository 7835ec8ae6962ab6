"""``"".join(xor(a, b) for …)`` with a one-line function of the file: its expression stands there itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from cambrian.source.analysis import Module
from cambrian.source.analysis.scopes import Scope
from cambrian.source.edit import Splice, apply
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite

_OWN = (
    ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.NamedExpr, ast.Await, ast.Yield,
    ast.YieldFrom, ast.JoinedStr, ast.Starred,
)  # fmt: skip
"""What has names or a frame of its own, or cannot be written at another place."""
_LONGEST = 80
"""Characters of an expression that is written again at each call."""


class InlinedFunction(PythonRule):
    """A call in a loop of a function of the file that only returns an expression becomes that expression."""

    id = "inlined-function"
    title = "Write a small function's expression where a loop calls it"
    why = (
        "A call makes a frame, packs and binds arguments: for a function that only compares or adds this is most of "
        "its time. The guard sees that the name certainly means this one function of the file, whose body is one "
        "`return`, or an `if` with two of them; that arguments are variables, which nobody else can assign, or "
        "constants; and that the function's other names mean the same where it is called."
    )
    words = ("def ",)
    examples = (
        Example(
            note="a function inside of a function, called for each pair",
            before=(
                "def string_xor(a: str, b: str) -> str:\n"
                "    def xor(i, j):\n"
                "        if i == j:\n"
                "            return '0'\n"
                "        else:\n"
                "            return '1'\n\n"
                "    return ''.join(xor(x, y) for x, y in zip(a, b))\n"
            ),
            after=(
                "def string_xor(a: str, b: str) -> str:\n"
                "    def xor(i, j):\n"
                "        if i == j:\n"
                "            return '0'\n"
                "        else:\n"
                "            return '1'\n\n"
                "    return ''.join(('0' if x == y else '1') for x, y in zip(a, b))\n"
            ),
            calls=("string_xor('0110', '0011')", "string_xor('', '1')", "string_xor([float('nan')], [2])"),
        ),
        Example(
            note="a function of the module that reads a constant; a condition in a loop",
            before=(
                "LIMIT = 3\n\n\n"
                "def near(one, other=None):\n    return one\n\n\n"
                "def small(value):\n"
                '    """Whether it is small."""\n'
                "    return abs(value) < LIMIT\n\n\n"
                "def count(values):\n"
                "    found = 0\n"
                "    for value in values:\n"
                "        if small(value) and not small(-1):\n"
                "            found += 1\n"
                "    return found\n"
            ),
            after=(
                "LIMIT = 3\n\n\n"
                "def near(one, other=None):\n    return one\n\n\n"
                "def small(value):\n"
                '    """Whether it is small."""\n'
                "    return abs(value) < LIMIT\n\n\n"
                "def count(values):\n"
                "    found = 0\n"
                "    for value in values:\n"
                "        if (abs(value) < LIMIT) and not small(-1):\n"
                "            found += 1\n"
                "    return found\n"
            ),
            calls=("count([1, 3, -2])", "count([])", "count([None])"),
        ),
        Example(
            note="not in a loop; a name that means something else there; arguments worked out",
            before=(
                "def double(x):\n    return x * factor\n\n\n"
                "def plus(x):\n    return x + x\n\n\n"
                "factor = 2\n\n\n"
                "def all_of(values, factor):\n"
                "    first = plus(factor)\n"
                "    return [double(value) for value in values], [plus(value + 1) for value in values], first\n"
            ),
            after=None,
        ),
        Example(
            note="a function that is bound twice, calls itself, has a default, or more than an expression",
            before=(
                "def one(x):\n    return x\n\n\n"
                "def one(x):\n    return -x\n\n\n"
                "def down(x):\n    return x and down(x)\n\n\n"
                "def most(x, least=0):\n    return x if x > least else least\n\n\n"
                "def told(x):\n    print(x)\n    return x\n\n\n"
                "def all_of(xs):\n    return [(one(x), down(x), most(x), told(x)) for x in xs]\n"
            ),
            after=None,
        ),
        Example(
            note="a method, a generator, a coroutine",
            before=(
                "class Scale:\n    def by(self, x):\n        return x * 2\n\n"
                "    def all(self, xs):\n        return [self.by(x) for x in xs]\n\n\n"
                "def each(x):\n    return (yield x)\n\n\n"
                "async def wait(x):\n    return x\n\n\n"
                "def both(xs):\n    return [(each(x), wait(x)) for x in xs]\n"
            ),
            after=None,
        ),
    )

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for call in parsed.of(ast.Call):
            function = parsed.own_function(call.func) if isinstance(call.func, ast.Name) else None
            if function is None or call.keywords or not parsed.loops(call) or _within(parsed, call, function):
                continue
            if not (isinstance(call.func, ast.Name) and parsed.bound(call.func)):
                continue  # it may not be defined yet
            text = _inlined(parsed, function, call)
            if text is not None:
                what = f"{function.name!r} is called on each turn of a loop, and only returns an expression"
                yield self.at(parsed, call, what, [parsed.splice(call, text)], gain=1.7)


def _within(module: Module, call: ast.Call, function: ast.FunctionDef) -> bool:
    """Whether a call stands in the function itself, or in an f-string, whose quotes may be the same."""
    return any(above is function or isinstance(above, ast.JoinedStr) for above in module.ancestors(call))


def _inlined(module: Module, function: ast.FunctionDef, call: ast.Call) -> str | None:
    names = _parameters(function)
    parts = _returned(function.body)
    if names is None or parts is None or len(names) != len(call.args):
        return None
    identical = any(isinstance(part, ast.Is | ast.IsNot) for one in parts for part in ast.walk(one))
    if not all(_simple(module, argument, named=identical) for argument in call.args):
        return None
    if not all(_fits(module, part, function, module.scope(call)) for part in parts):
        return None
    given = {name: module.segment(argument) for name, argument in zip(names, call.args, strict=True)}
    texts = [_with(module, part, given) for part in parts]
    text = texts[0] if len(texts) == 1 else f"{texts[1]} if {texts[0]} else {texts[2]}"
    return f"({text})" if len(text) <= _LONGEST and "\n" not in text and "#" not in text else None


def _parameters(function: ast.FunctionDef) -> list[str] | None:
    given = function.args
    if given.defaults or given.kwonlyargs or given.vararg or given.kwarg:
        return None
    return [one.arg for one in (*given.posonlyargs, *given.args)]


def _returned(body: list[ast.stmt]) -> list[ast.expr] | None:
    """The expression that a function returns; or a condition, and what it returns if it holds and if not."""
    match body:
        case [ast.Expr(value=ast.Constant(value=str())), *rest]:
            plain = rest
        case _:
            plain = body
    match plain:
        case [ast.Return(value=value)]:
            return None if value is None else [value]
        case [ast.If(test=test, body=[ast.Return() as one], orelse=[ast.Return() as other])]:
            return _both(test, one, other)
        case [ast.If(test=test, body=[ast.Return() as one], orelse=[]), ast.Return() as other]:
            return _both(test, one, other)
        case _:
            return None


def _both(test: ast.expr, one: ast.Return, other: ast.Return) -> list[ast.expr] | None:
    return None if one.value is None or other.value is None else [test, one.value, other.value]


def _simple(module: Module, node: ast.expr, *, named: bool) -> bool:
    """Whether an argument may be read several times, and later: a constant, or what nobody else can assign.

    A constant that would be compared by ``is`` brings a warning: there it has to be a name.
    """
    if isinstance(node, ast.Constant):
        return not named
    variable = module.variable(node)
    if not isinstance(node, ast.Name) or variable is None or variable.secret or variable.deletes:
        return False
    if variable.scope.kind == "comprehension":
        return True
    return variable.scope.kind == "function" and not variable.captured and module.bound(node)


def _fits(module: Module, node: ast.expr, function: ast.FunctionDef, there: Scope) -> bool:
    """Whether an expression of the function means the same in another scope."""
    if any(scope.dynamic or scope.star for scope in there.chain()):
        return False
    return all(_means_the_same(module, part, function, there) for part in ast.walk(node))


def _means_the_same(module: Module, part: ast.AST, function: ast.FunctionDef, there: Scope) -> bool:
    if isinstance(part, _OWN):
        return False
    if isinstance(part, ast.Attribute):
        return not part.attr.startswith("__")  # a class around would write such a name otherwise
    if not isinstance(part, ast.Name):
        return True
    if part.id in {"super", "__class__", function.name}:
        return False
    variable = module.variable(part)
    if variable is None:
        return module.is_builtin(part) and _seen(there, part.id) is None
    return variable.scope is module.scope(function) or _seen(there, part.id) is variable


def _seen(scope: Scope, name: str) -> object:
    """The variable that a name would be in a scope; ``None`` for builtins."""
    for one in scope.chain():
        if name in one.declared:
            return one
        if name in one.variables:
            return one.variables[name]
    return None


def _with(module: Module, node: ast.expr, given: dict[str, str]) -> str:
    """An expression's text with arguments in the place of parameters."""
    start = module.locator.range(node)[0]
    splices: list[Splice] = []
    for part in ast.walk(node):
        if isinstance(part, ast.Name) and part.id in given:
            first, last = module.locator.range(part)
            number = isinstance(module.parent(part), ast.Attribute) and given[part.id][0].isdigit()
            splices.append(Splice(first - start, last - start, f"({given[part.id]})" if number else given[part.id]))
    text = apply(module.segment(node), _ordered(splices))
    return f"({text})" if isinstance(node, ast.IfExp | ast.Tuple) else text


def _ordered(splices: Sequence[Splice]) -> list[Splice]:
    return sorted(splices, key=lambda splice: splice.start)


RULE = InlinedFunction()
