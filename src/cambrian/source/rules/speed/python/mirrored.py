"""``for i in range(len(s) // 2): if s[i] != s[-1 - i]: return False``: a text is compared with itself at once."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cambrian.source.analysis import Module
from cambrian.source.analysis.index import within
from cambrian.source.analysis.ownership import followed
from cambrian.source.analysis.shapes import lone_test, only
from cambrian.source.edit import Splice
from cambrian.source.rules.indices import measured
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite

_SEQUENCES = ("str", "list", "tuple")
_SCALARS = ("int", "bool", "str", "bytes", "NoneType")


class Mirrored(PythonRule):
    """A sequence that is compared with itself, reversed or moved, item by item, is compared by slices."""

    id = "mirrored"
    title = "Compare a sequence with itself by slices, not item by item"
    why = (
        "A loop that compares `s[i]` with `s[-1 - i]` or `s[i - 2]` takes two look-ups and a test by bytecode for "
        "each place; `s == s[::-1]` and `s[2:] == s[:-2]` copy and compare in C, 10 to 100 times as fast for long "
        "texts. The guard sees which places are compared, that the first difference returns `False`, and that `True` "
        "is returned right behind the loop."
    )
    words = ("range",)
    examples = (
        Example(
            note="a palindrome; a pattern that repeats",
            before=(
                "def palindrome(text: str):\n"
                "    for i in range(len(text) // 2):\n"
                "        if text[i] != text[len(text) - 1 - i]:\n"
                "            return False\n"
                "    return True\n\n\n"
                "def swinging(number: int):\n"
                "    digits = str(number)\n"
                "    for i in range(2, len(digits)):\n"
                "        if digits[i - 2] != digits[i]:\n"
                "            return False\n"
                "    return True\n"
            ),
            after=(
                "def palindrome(text: str):\n"
                "    return text == text[::-1]\n\n\n"
                "def swinging(number: int):\n"
                "    digits = str(number)\n"
                "    return digits[2:] == digits[:-2]\n"
            ),
            calls=(
                "[palindrome(t) for t in ('', 'a', 'ab', 'aba', 'abba', 'abca')]",
                "[swinging(n) for n in (1, 12, 121, 1212, 1213, 122)]",
            ),
        ),
        Example(
            note="something else is returned, or done; another end; other places",
            before=(
                "def told(text: str):\n"
                "    for i in range(len(text) // 2):\n"
                "        if text[i] != text[len(text) - i]:\n            return False\n"
                "    for i in range(len(text) // 2):\n"
                "        if text[i] != text[-1 - i]:\n            return i\n"
                "    for i in range(1, len(text)):\n"
                "        if text[i - 2] != text[i]:\n            return False\n"
                "    return True\n"
            ),
            after=None,
        ),
        Example(
            note="floats, which may not be equal to themselves; what may be something else",
            before=(
                "def told(values: list[float]):\n"
                "    for i in range(len(values) // 2):\n"
                "        if values[i] != values[-1 - i]:\n            return False\n"
                "    return True\n"
            ),
            after=None,
        ),
    )

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for loop in parsed.of(ast.For):
            behind = _behind(parsed, loop)
            pair = _compared(loop)
            assumes: set[str] = set()
            if behind is None or pair is None or not _fits(parsed, loop, pair[0].value, assumes):
                continue
            text = _written(parsed, loop, *pair)
            if text:
                splices = [Splice(parsed.locator.range(loop)[0], parsed.locator.range(behind)[1], f"return {text}")]
                yield self.at(parsed, loop, "a sequence is compared with itself item by item", splices,
                    assumes=assumes, gain=10.0)  # fmt: skip


def _behind(module: Module, loop: ast.For) -> ast.Return | None:
    """The ``return True`` right behind a loop."""
    block = module.block(loop)
    after = block.statements[block.place + 1] if block.place + 1 < len(block.statements) else None
    if loop.orelse or not isinstance(after, ast.Return) or not _returns(after, value=True):
        return None
    between = module.text[module.locator.range(loop)[0] : module.locator.range(after)[1]]
    return after if "#" not in between and module.alone(loop) and module.alone(after) else None


def _returns(node: ast.stmt, *, value: bool) -> bool:
    return isinstance(node, ast.Return) and isinstance(node.value, ast.Constant) and node.value.value is value


def _compared(loop: ast.For) -> tuple[ast.Subscript, ast.Subscript] | None:
    """The two items that must be equal."""
    test = lone_test(loop.body)
    step = None if test is None else only(test.body)
    if test is None or step is None or not _returns(step, value=False):
        return None
    match test.test:
        case ast.Compare(
            left=ast.Subscript(value=ast.Name(id=mine)) as one,
            ops=[ast.NotEq()],
            comparators=[ast.Subscript(value=ast.Name(id=its)) as other],
        ) if mine == its:
            return one, other
        case _:
            return None


def _fits(module: Module, loop: ast.For, owner: ast.expr, assumes: set[str]) -> bool:
    """Whether it is a sequence of what is equal to itself, and the place is asked for nothing else."""
    index = module.variable(loop.target) if isinstance(loop.target, ast.Name) else None
    if not followed(index) or any(not within(read, loop) for read in index.reads):
        return False
    kind = module.taken(owner, *_SEQUENCES, assumes=assumes)
    if kind is None:
        return False
    if kind.name != "str":
        if kind.item is not None and kind.item.name not in _SCALARS:
            return False
        if kind.item is None:
            assumes.add(f"the items of {module.segment(owner)!r} are equal to themselves, and compare without effects")
    return True


def _written(module: Module, loop: ast.For, one: ast.Subscript, other: ast.Subscript) -> str:
    source = loop.iter
    assert isinstance(one.value, ast.Name)
    name = one.value.id
    match source:
        case ast.Call(args=[stop], keywords=[]) if module.calls(source, "builtins.range"):
            mirrored = _half(module, stop, name) and _mirror(module, loop, one, other, name)
            return f"{name} == {name}[::-1]" if mirrored else ""
        case ast.Call(args=[ast.Constant(value=step), stop], keywords=[]) if module.calls(source, "builtins.range"):
            steps = {_less(one.slice, loop), _less(other.slice, loop)}
            fits = type(step) is int and step > 0 and steps == {0, step} and _length(module, stop, name)
            return f"{name}[{step}:] == {name}[:-{step}]" if fits else ""
        case _:
            return ""


def _length(module: Module, node: ast.expr, name: str) -> bool:
    items = measured(module, node)
    return items is not None and items.id == name


def _half(module: Module, node: ast.expr, name: str) -> bool:
    """``len(s)`` or ``len(s) // 2``."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.FloorDiv):
        two = node.right.value if isinstance(node.right, ast.Constant) else None
        return type(two) is int and two == 2 and _length(module, node.left, name)
    return _length(module, node, name)


def _less(node: ast.expr, loop: ast.For) -> int:
    """By how much an index is less than the loop's variable; -1 if it is something else."""
    assert isinstance(loop.target, ast.Name)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub) and isinstance(node.right, ast.Constant):
        value, node = node.right.value, node.left
    else:
        value = 0
    named = isinstance(node, ast.Name) and node.id == loop.target.id
    return value if named and isinstance(value, int) else -1


def _mirror(module: Module, loop: ast.For, one: ast.Subscript, other: ast.Subscript, name: str) -> bool:
    """Whether one index is the loop's variable, and the other one that from the end."""
    assert isinstance(loop.target, ast.Name)
    i = loop.target.id
    ends = {f"-1-{i}", f"-{i}-1", f"~{i}", f"-({i}+1)", f"-(1+{i})"}
    for length in (f"len({name})", *_named_lengths(module, one, name)):
        ends |= {f"{length}-1-{i}", f"{length}-{i}-1", f"({length}-1)-{i}", f"({length}-{i})-1", f"{length}-({i}+1)"}
    words = ["".join(module.segment(each.slice).split()) for each in (one, other)]
    return (words[0] == i and words[1] in ends) or (words[1] == i and words[0] in ends)


def _named_lengths(module: Module, one: ast.Subscript, name: str) -> list[str]:
    """Variables that hold the length."""
    statement = module.statement(one)
    names = [part for part in ast.walk(statement) if isinstance(part, ast.Name)]
    return [part.id for part in names if part.id != name and _length(module, part, name)]


RULE = Mirrored()
