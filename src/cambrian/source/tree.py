"""The parser, with walls around it. Compiles to a code object that is thrown away; nothing is executed.

Text here may come from an enemy: sizes, bracket depth and tree depth are capped, so that neither the parser nor any
later walk over the tree can be made to recurse or run without bound.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from types import CodeType
from typing import NamedTuple

import msgspec

MAX_FILE = 1_000_000
"""Characters in one file."""
MAX_TOTAL = 4_000_000
"""Characters in a program."""
MAX_DEPTH = 150
"""Levels of a syntax tree: a walk takes a few Python frames per level, of which there are 1,000."""
MAX_BRACKETS = 60
"""Open brackets at once. CPython allows 200, but its parser backtracks exponentially on some such texts."""

_BRACKET = re.compile(
    r"#[^\r\n]*"
    r"|\"\"\"(?:\\.|[^\\])*?(?:\"\"\"|\Z)|'''(?:\\.|[^\\])*?(?:'''|\Z)"
    r"|\"(?:\\.|[^\"\\\r\n])*\"?|'(?:\\.|[^'\\\r\n])*'?"
    r"|[(\[{]|[)\]}]",
    re.DOTALL,
)


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Why a program cannot be used.

    Args:
        file: the file at fault.
        line: its 1-based line; 0 where no line can be named.
        message: what is wrong.
    """

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        """``file:line: message``."""
        return f"{self.file}:{self.line}: {self.message}" if self.line else f"{self.file}: {self.message}"


def parse(text: str, name: str = "program.py") -> ast.Module | Problem:
    """A tree that is safe to walk, or why there is none. Never raises for any text."""
    tree = raw(text, name)
    return tree if isinstance(tree, Problem) else _depth_problem(name, tree) or tree


def raw(text: str, name: str = "program.py") -> ast.Module | Problem:
    """As `parse`, but nobody has looked how deep the tree is: a walk must count its levels."""
    problem = text_problem(name, text) or _bracket_problem(name, text)
    if problem is not None:
        return problem
    try:
        with warnings.catch_warnings():  # invalid escapes and the like concern the program's author, not this process
            warnings.simplefilter("ignore")
            return ast.parse(text, filename=name)
    except SyntaxError as error:
        return Problem(file=name, line=error.lineno or 0, message=f"{type(error).__name__}: {error.msg}")
    except (RecursionError, MemoryError):  # how CPython's parser reports nesting beyond its stack
        return Problem(file=name, line=0, message="nested too deeply for Python's parser")
    except ValueError as error:
        return Problem(file=name, line=0, message=str(error))


def compiled(text: str, name: str = "program.py") -> ast.Module | Problem:
    """The tree of a text that Python compiles, or why there is none. Never raises for any text."""
    tree = parse(text, name)
    if isinstance(tree, Problem):
        return tree
    code = code_of(text, name)
    return code if isinstance(code, Problem) else tree


def code_of(text: str, name: str = "program.py", flags: int = 0) -> CodeType | Problem:
    """The code of a text that `parse` has found safe, or why Python does not compile it.

    Args:
        text: the text.
        name: how messages call the file.
        flags: features of ``__future__`` that hold in it, as `compile` takes them.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return compile(text, name, "exec", flags, dont_inherit=True, optimize=0)
    except SyntaxError as error:  # "return outside function" and other things that only the compiler sees
        return Problem(file=name, line=error.lineno or 0, message=f"{type(error).__name__}: {error.msg}")
    except (RecursionError, MemoryError, ValueError, OverflowError) as error:
        return Problem(file=name, line=0, message=f"Python cannot compile it: {error}")


def text_problem(name: str, text: str) -> Problem | None:
    """What is wrong with a text in any language, or ``None``: too long, or no UTF-8."""
    if len(text) > MAX_FILE:
        return Problem(file=name, line=0, message=f"the file has {len(text)} characters; at most {MAX_FILE}")
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        return Problem(file=name, line=line, message="the text has a NUL character")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        return Problem(file=name, line=line, message=f"the text cannot be UTF-8: {error.reason}")
    return None


def _bracket_problem(name: str, text: str) -> Problem | None:
    overflow = _brackets(text).overflow
    if overflow < 0:
        return None
    line = text.count("\n", 0, overflow) + 1
    return Problem(file=name, line=line, message=f"more than {MAX_BRACKETS} nested brackets")


class _Brackets(NamedTuple):
    """Where there are too many open brackets, -1 if nowhere; whether the text ends with none open, and in no string."""

    overflow: int
    closed: bool


def ends_plain(text: str) -> bool:
    """Whether a text ends outside of brackets and strings, so that what follows is counted as if it stood alone."""
    return _brackets(text).closed


def opened(text: str, start: int) -> Iterator[tuple[int, int]]:
    """Stretches of a text, from the one that begins at `start` on, that lie in strings, comments or brackets.

    Lexed as `parse` counts brackets: right for texts that parse, a guess for others.
    """
    depth, since = 0, start
    for match in _BRACKET.finditer(text, start):
        token = match[0]
        if token in "([{":
            depth, since = depth + 1, since if depth else match.start()
        elif token in ")]}":
            depth = max(0, depth - 1)
        elif not depth:
            since = match.start()
        if not depth:
            yield since, match.end()
    if depth:
        yield since, len(text)


def _brackets(text: str) -> _Brackets:
    depth = stop = 0
    for match in _BRACKET.finditer(text):
        token = match[0]
        stop = match.end()
        if token in "([{":
            depth += 1
            if depth > MAX_BRACKETS:
                return _Brackets(match.start(), False)
        elif token in ")]}":
            depth = max(0, depth - 1)
    return _Brackets(-1, depth == 0 and stop < len(text))


def _depth_problem(name: str, tree: ast.Module) -> Problem | None:
    level: list[ast.AST] = [tree]
    line = 0
    for _ in range(MAX_DEPTH):
        level = _below(level)
        if not level:
            return None
        line = getattr(level[0], "lineno", line)
    return Problem(file=name, line=line, message=f"the syntax tree has more than {MAX_DEPTH} levels")


_SCALAR_FIELDS = "id attr arg module level kind is_async conversion simple type_comment type_ignores"
_SCALARS = frozenset(_SCALAR_FIELDS.split())
_FIELDS: dict[type[ast.AST], tuple[str, ...]] = {ast.Constant: ()}
"""Type of node → its fields that may hold nodes."""


def _fields(kind: type[ast.AST]) -> tuple[str, ...]:
    _FIELDS[kind] = tuple(name for name in kind._fields if name not in _SCALARS)
    return _FIELDS[kind]


def _below(level: list[ast.AST]) -> list[ast.AST]:
    """The children of all these nodes."""
    below: list[ast.AST] = []
    for node in level:
        fields = _FIELDS.get(node.__class__)
        for name in _fields(node.__class__) if fields is None else fields:
            value: object = getattr(node, name, None)
            if isinstance(value, ast.AST):
                below.append(value)
            elif isinstance(value, list):
                items: list[object] = value  # pyright: ignore[reportUnknownVariableType]
                below += [item for item in items if isinstance(item, ast.AST)]
    return below
