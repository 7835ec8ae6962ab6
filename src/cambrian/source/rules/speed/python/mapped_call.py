"""``[str(x) for x in xs]``: a comprehension that only calls a function of C for each item is a `map`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cambrian.source.analysis import Module
from cambrian.source.edit import Splice
from cambrian.source.rules.hoisting import at_once
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite

_BUILTINS = frozenset([
    "abs", "ascii", "bin", "bool", "chr", "float", "hex", "int", "oct", "ord", "repr", "list", "set", "frozenset",
    "sorted",
])  # fmt: skip
"""Not those that the interpreter has an instruction of their own for: `str`, `len`, `tuple`, `type`, `isinstance`."""
_MATH = frozenset([
    "ceil", "cos", "cosh", "degrees", "exp", "fabs", "factorial", "floor", "isqrt", "log10", "log2", "radians", "sin",
    "sinh", "sqrt", "tan", "tanh", "trunc",
])  # fmt: skip
_METHODS = frozenset([
    "capitalize", "casefold", "isalnum", "isalpha", "isdecimal", "isdigit", "islower", "isnumeric", "isspace",
    "istitle", "isupper", "lower", "lstrip", "rstrip", "split", "splitlines", "strip", "swapcase", "title", "upper",
])  # fmt: skip

_GATHERING = frozenset([f"builtins.{name}" for name in ("sum", "max", "min", "tuple", "sorted", "set", "frozenset")])
_PLAIN = frozenset(["int", "float", "ord", "bool", "chr", "bin", "hex", "oct", "repr", "ascii"])
"""What gives plain numbers or text only: adding and comparing those neither fails nor has effects."""


class MappedCall(PythonRule):
    """A comprehension that calls one function of C for each item becomes `map`."""

    id = "mapped-call"
    title = "Map a function over items instead of calling it in a comprehension"
    why = (
        "`sum(abs(x) for x in xs)` runs a few instructions of bytecode, and resumes a generator, for each item; "
        "`sum(map(abs, xs))` does all of it in C. The guard sees that the function is a builtin one of C, or a method "
        "of text where the items certainly are text, that nothing else is asked of an item, and that a generator is "
        "used up where it stands. Where the items are only "
        "likely to be text, it says that it assumes so."
    )
    words = (" for ",)
    examples = (
        Example(
            note="in a generator that is used up at once, and as a list",
            before=(
                "def size(values):\n"
                "    total = sum(abs(value) for value in values)  # of all\n"
                "    return total, [hex(value) for value in values]\n"
            ),
            after=(
                "def size(values):\n"
                "    total = sum(map(abs, values))  # of all\n"
                "    return total, list(map(hex, values))\n"
            ),
            calls=("size([1, -2, 3])", "size(())", "size([None])"),
        ),
        Example(
            note="a method of text, where the items certainly are text",
            before="def words(line):\n    return [word.strip() for word in str(line).split(',')]\n",
            after="def words(line):\n    return list(map(str.strip, str(line).split(',')))\n",
            calls=("words('a, b ,c')", "words('')"),
        ),
        Example(
            note="a set, with a function of math",
            before="import math\n\n\ndef roots(values):\n    return {math.isqrt(value) for value in values}\n",
            after="import math\n\n\ndef roots(values):\n    return set(map(math.isqrt, values))\n",
            calls=("sorted(roots([1, 4, 5]))", "roots([])", "roots([-1])"),
        ),
        Example(
            note="a generator that is kept: who has it may ask what a `map` cannot",
            before="def numbers(words):\n    return (int(word) for word in words)\n",
            after=None,
        ),
        Example(
            note="more than the item is given, or only some items",
            before=(
                "def digits(words, base):\n"
                "    return [int(word, base) for word in words], [int(word) for word in words if word]\n"
            ),
            after=None,
        ),
        Example(
            note="a function of the file by a builtin's name",
            before="def abs(x):\n    return -x\n\n\ndef all_of(values):\n    return [abs(value) for value in values]\n",
            after=None,
        ),
        Example(
            note="a list that only is summed up, or joined",
            before=(
                "def both(words):\n"
                "    return sum([int(word) for word in words]), ','.join([repr(word) for word in words])\n"
            ),
            after="def both(words):\n    return sum(map(int, words)), ','.join(map(repr, words))\n",
            calls=("both(['1', '23'])", "both([])", "both([None])"),
        ),
        Example(
            note="items that seem to be text, by the method's name",
            before="def words(lines):\n    return [line.strip() for line in lines]\n",
            after="def words(lines):\n    return list(map(str.strip, lines))\n",
            calls=("words([' a', 'b '])", "words([])"),
        ),
        Example(
            note="items that are something else than text",
            before="def words(lines: list[bytes]):\n    return [line.strip() for line in lines]\n",
            after=None,
        ),
    )

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for node in parsed.of(ast.ListComp, ast.SetComp, ast.GeneratorExp):
            assumes: set[str] = set()
            function = _function(parsed, node, assumes)
            if function is None:
                continue
            splices = _splices(parsed, node, function)
            if splices:
                what = f"{function} is called for each item by bytecode"
                yield self.at(parsed, node, what, splices, assumes=assumes, gain=1.6)


def _function(module: Module, node: ast.ListComp | ast.SetComp | ast.GeneratorExp, assumes: set[str]) -> str | None:
    """How to write the function that a comprehension calls with each item, and nothing else."""
    part = node.generators[0]
    call = node.elt
    if len(node.generators) > 1 or part.ifs or part.is_async or not isinstance(part.target, ast.Name):
        return None
    if "#" in module.segment(node):  # a comment, perhaps, which would be lost
        return None
    if not isinstance(call, ast.Call) or call.keywords:
        return None
    if len(call.args) == 1 and _is(call.args[0], part.target):
        meaning = module.meaning(call.func)
        room, _, name = meaning.rpartition(".")
        known = (room == "builtins" and name in _BUILTINS) or (room == "math" and name in _MATH)
        return module.segment(call.func) if known else None
    return _method(module, call, part, part.target, assumes)


def _method(module: Module, call: ast.Call, part: ast.comprehension, target: ast.Name, assumes: set[str]) -> str | None:
    func = call.func
    if call.args or not isinstance(func, ast.Attribute) or not _is(func.value, target) or func.attr not in _METHODS:
        return None
    if module.builtin("str").splices:
        return None
    kind = module.kind(func.value, assumes)
    if kind is None:
        text = " ".join(module.segment(part.iter).split())
        assumes.add(f"the items of {text if len(text) <= 40 else text[:37] + '…'!r} are text (of the type str itself)")
    elif kind.name != "str":
        return None
    return f"str.{func.attr}"


def _is(node: ast.expr, target: ast.Name) -> bool:
    return isinstance(node, ast.Name) and node.id == target.id


def _splices(module: Module, node: ast.ListComp | ast.SetComp | ast.GeneratorExp, function: str) -> tuple[Splice, ...]:
    mapped = module.builtin("map")
    text = f"{mapped.spelling}({function}, {module.segment(node.generators[0].iter)})"
    if isinstance(node, ast.GeneratorExp):
        return (_within(module, node, text), *mapped.splices) if at_once(module, node) else ()
    if isinstance(node, ast.ListComp) and _gathered(module, node, function):
        return (module.splice(node, text), *mapped.splices)
    made = module.builtin("list" if isinstance(node, ast.ListComp) else "set")
    return (module.splice(node, f"{made.spelling}({text})"), *mapped.splices, *made.splices)


def _gathered(module: Module, node: ast.ListComp, function: str) -> bool:
    """Whether a list is gone through once, to its end, and what is done with each item can neither fail nor be seen."""
    call = module.parent(node)
    if not isinstance(call, ast.Call) or len(call.args) != 1 or call.args[0] is not node or call.keywords:
        return False
    if function not in _PLAIN and not function.startswith("math."):
        return False
    func = call.func
    joins = isinstance(func, ast.Attribute) and func.attr == "join" and module.is_kind(func.value, "str")
    return joins or module.calls(call, *_GATHERING)


def _within(module: Module, node: ast.GeneratorExp, text: str) -> Splice:
    """The brackets of a generator may be those of its call: they stay."""
    start, stop = module.locator.range(node)
    call = module.parent(node)
    if isinstance(call, ast.Call) and module.locator.range(call)[1] == stop:
        return Splice(start + 1, stop - 1, text)
    return Splice(start, stop, text)


RULE = MappedCall()
