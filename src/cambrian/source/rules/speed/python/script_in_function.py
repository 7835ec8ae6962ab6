"""Loops at the top of a script move into a function, where names are found by number, not looked up in a dict."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator

from cambrian.source.analysis import Module
from cambrian.source.analysis.shapes import has
from cambrian.source.edit import Splice
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_LOOPS = (ast.For, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_SEES_NAMES = re.compile(r"\b(?:exec|globals|locals|vars|dir|compile|__main__|inspect|numba|pickle|_getframe)\b")
_EVALUATES = "what eval() is given names none of the script's variables"
_NO_IMPORT = "nobody imports the script for the names of its variables"


class ScriptInFunction(PythonRule):
    """The statements of a script become the body of a function."""

    id = "script-in-function"
    title = "Let a script's loops run in a function"
    why = (
        "At the top of a file each variable is an entry of a dict, looked up by its name each time; in a function it "
        "has a fixed place. Loops run a third faster, with nothing else changed. The guard sees that the file is a "
        "script (it prints or reads), that no function outside the moved part reads the variables that move, that "
        "nothing asks for variables by name (`globals`, `exec` ...), and that a name of Python's own is set before "
        "it is read. Texts over several lines keep their lines as they are."
    )
    words = ("print", "write")
    examples = (
        Example(
            note="imports and functions stay",
            before=(
                "import sys\n\n\ndef square(x):\n    return x * x\n\n\n"
                "n = int(input())\ntotal = 0\nfor i in range(n):\n    total += square(i)\nprint(total)\n"
            ),
            after=(
                "import sys\n\n\ndef square(x):\n    return x * x\n\n\n"
                "def main():\n    n = int(input())\n    total = 0\n    for i in range(n):\n        total += square(i)\n"
                "    print(total)\n\n\nmain()\n"
            ),
        ),
        Example(
            note="a function that reads a variable moves with it",
            before=(
                "values = list(map(int, input().split()))\n\n\ndef at(i):\n    return values[i]\n\n\n"
                "for i in range(len(values)):\n    print(at(i))\n"
            ),
            after=(
                "def main():\n    values = list(map(int, input().split()))\n\n\n"
                "    def at(i):\n        return values[i]\n\n\n"
                "    for i in range(len(values)):\n        print(at(i))\n\n\nmain()\n"
            ),
        ),
        Example(
            note="a function sets a variable of the script",
            before=(
                "count = 0\n\n\ndef add():\n    global count\n    count += 1\n\n\n"
                "for _ in range(9):\n    add()\nprint(count)\n"
            ),
            after=None,
        ),
        Example(
            note="variables are asked for by name",
            before="total = 0\nfor i in range(9):\n    total += i\nprint(globals()['total'])\n",
            after=None,
        ),
        Example(note="no loop", before="n = int(input())\nprint(n + 1)\n", after=None),
        Example(
            note="a name of Python's own is read before it is set",
            before="for i in range(3):\n    print(sum([i]))\nsum = 0\n",
            after=None,
        ),
    )

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        tree = parsed.tree
        if not _is_script(tree) or _SEES_NAMES.search(parsed.text):
            return
        start = _start(tree.body)
        moved = tree.body[start:]
        if not moved or not _movable(tree, moved) or not _own_lines(parsed, tree.body, start):
            return
        assumes = {_NO_IMPORT}
        if re.search(r"\beval\b", parsed.text):
            assumes.add(_EVALUATES)
        what = "loops at the top of a script look their variables up by name"
        yield self.at(parsed, moved[0], what, _splices(parsed, moved), assumes=assumes, gain=1.4)


def _is_script(tree: ast.Module) -> bool:
    """Whether something loops outside functions, and something is printed there."""
    parts = [part for statement in tree.body for part in _outside(statement)]
    return any(isinstance(part, _LOOPS) for part in parts) and any(map(_prints, parts))


def _prints(part: ast.AST) -> bool:
    if not isinstance(part, ast.Call):
        return False
    function = part.func
    return (isinstance(function, ast.Name) and function.id == "print") or (
        isinstance(function, ast.Attribute) and function.attr in ("write", "writelines")
    )


def _outside(node: ast.AST) -> Iterator[ast.AST]:
    """A node and what is in it, but for functions and classes."""
    if isinstance(node, _DEFINITIONS):
        return
    yield node
    for child in ast.iter_child_nodes(node):
        yield from _outside(child)


def _start(body: list[ast.stmt]) -> int:
    """The first statement that moves: all before is a docstring, imports, and definitions that need nothing of it."""
    first = next((place for place, each in enumerate(body) if not _stays(each)), len(body))
    while True:
        bound = {name for statement in body[first:] for name in _bound(statement)}
        earlier = [
            place for place in range(first) if isinstance(body[place], _DEFINITIONS) and _free(body[place]) & bound
        ]
        if not earlier:
            return first
        first = earlier[0]


def _stays(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return True
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:  # input = sys.stdin.readline
        target = statement.targets[0]
        return (
            isinstance(target, ast.Name) and hasattr(builtins, target.id) and isinstance(statement.value, ast.Attribute)
        )
    if not isinstance(statement, ast.Expr):
        return False
    call = statement.value.func if isinstance(statement.value, ast.Call) else None
    return isinstance(statement.value, ast.Constant) or (
        isinstance(call, ast.Attribute) and call.attr == "setrecursionlimit"
    )


def _bound(statement: ast.AST) -> Iterator[str]:
    """Names that a statement of the top sets there."""
    if isinstance(statement, _DEFINITIONS):
        yield statement.name
        return
    for part in _outside(statement):
        if isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Load):
            yield part.id
        elif isinstance(part, _DEFINITIONS):
            yield part.name
        elif isinstance(part, ast.alias):
            yield (part.asname or part.name).partition(".")[0]
        elif isinstance(part, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and part.name:
            yield part.name
        elif isinstance(part, ast.MatchMapping) and part.rest:
            yield part.rest
        for child in ast.iter_child_nodes(part):
            if isinstance(child, _DEFINITIONS):
                yield child.name


def _free(node: ast.AST) -> set[str]:
    """Names that a definition mentions, its own variables included: more than it needs."""
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def _movable(tree: ast.Module, moved: list[ast.stmt]) -> bool:
    bound = {name for statement in moved for name in _bound(statement)}
    before = {name for statement in tree.body[: tree.body.index(moved[0])] for name in _bound(statement)}
    if bound & before or any(name.startswith("__") for name in bound):
        return False  # a name of both would not be the same one any more
    if has(tree, ast.Global | ast.Nonlocal) or _takes_all(tree, moved[0].lineno):
        return False
    if has(moved, ast.ClassDef):
        return False  # names in its body are looked up otherwise in a function
    return all(_set_first(moved, name) for name in bound if hasattr(builtins, name))


def _takes_all(tree: ast.Module, line: int) -> bool:
    """Whether all names of a module are imported, from a line on."""
    imports = (part for part in ast.walk(tree) if isinstance(part, ast.ImportFrom))
    return any(one.names[0].name == "*" and one.lineno >= line for one in imports)


def _set_first(moved: list[ast.stmt], name: str) -> bool:
    """Whether a statement of the top itself sets a name before anything reads it."""
    for statement in moved:
        reads = any(isinstance(part, ast.Name) and part.id == name and isinstance(part.ctx, ast.Load)
                    for part in ast.walk(statement))  # fmt: skip
        if reads:
            return False
        if isinstance(statement, ast.Assign | ast.FunctionDef) and name in set(_bound(statement)):
            return True
    return False


def _own_lines(module: Module, body: list[ast.stmt], start: int) -> bool:
    """Whether what moves begins at the start of a line, and nothing is on that line before it."""
    first = _first_line(body[start])
    if start and (body[start - 1].end_lineno or 0) >= first:
        return False
    return body[start].col_offset == 0 and "\f" not in module.text


def _first_line(statement: ast.stmt) -> int:
    marks: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(mark.lineno for mark in marks)])


def _splices(module: Module, moved: list[ast.stmt]) -> list[Splice]:
    lines, end = module.locator.lines, module.newline
    unit = "\t" if re.search(r"^\t", module.text, re.MULTILINE) else "    "
    first, last = _first_line(moved[0]), len(lines)
    inside = _in_texts(moved)
    name = "main"
    while re.search(rf"\b{name}\b", module.text):
        name = f"_{name}"
    made: list[Splice] = []
    for number in range(first, last + 1):
        start = module.locator.line_start(number)
        gap = end * 2 if number > 1 and lines[number - 2].strip() else ""
        head = f"{gap}def {name}():{end}" if number == first else ""
        if number not in inside and lines[number - 1].strip():
            made.append(Splice(start, start, head + unit))
        elif head:
            made.append(Splice(start, start, head))
    close = "" if module.text.endswith(("\n", "\r")) else end
    stop = len(module.text)
    return [*made, Splice(stop, stop, f"{close}{end}{end}{name}(){end}")]


def _in_texts(moved: list[ast.stmt]) -> set[int]:
    """Lines that begin inside a text."""
    found: set[int] = set()
    for statement in moved:
        for part in ast.walk(statement):
            if isinstance(part, ast.JoinedStr) or (
                isinstance(part, ast.Constant) and isinstance(part.value, str | bytes)
            ):
                found |= set(range(part.lineno + 1, (part.end_lineno or part.lineno) + 1))
    return found


RULE = ScriptInFunction()
