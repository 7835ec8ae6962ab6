"""Does it parse, and can it be looked at safely? Compiles to a code object that is thrown away; nothing is executed.

Text here may come from an enemy: sizes, bracket depth and tree depth are capped, so that neither the parser nor any
later walk over the tree can be made to recurse or run without bound.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Mapping

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


def is_python(name: str, language: str) -> bool:
    """Whether a file of a program is Python source: a ``.py`` file, or any file without a suffix."""
    return language == "python" and (name.endswith(".py") or "." not in name.rpartition("/")[2])


def check(files: Mapping[str, str], language: str) -> Problem | None:
    """The first thing that is wrong with a program's text, or ``None``.

    Python files are compiled; files of other languages are only checked for size and encoding.
    """
    total = sum(map(len, files.values()))
    if total > MAX_TOTAL:
        return Problem(file=min(files), line=0, message=f"the program has {total} characters; at most {MAX_TOTAL}")
    for name, text in files.items():
        problem = _text_problem(name, text)
        if problem is None and is_python(name, language):
            tree = compiled(text, name)
            problem = tree if isinstance(tree, Problem) else None
        if problem is not None:
            return problem
    return None


def parse(text: str, name: str = "program.py") -> ast.Module | Problem:
    """A tree that is safe to walk, or why there is none. Never raises for any text."""
    problem = _text_problem(name, text) or _bracket_problem(name, text)
    if problem is not None:
        return problem
    try:
        with warnings.catch_warnings():  # invalid escapes and the like concern the program's author, not this process
            warnings.simplefilter("ignore")
            tree = ast.parse(text, filename=name)
    except SyntaxError as error:
        return Problem(file=name, line=error.lineno or 0, message=f"{type(error).__name__}: {error.msg}")
    except (RecursionError, MemoryError):  # how CPython's parser reports nesting beyond its stack
        return Problem(file=name, line=0, message="nested too deeply for Python's parser")
    except ValueError as error:
        return Problem(file=name, line=0, message=str(error))
    return _depth_problem(name, tree) or tree


def compiled(text: str, name: str = "program.py") -> ast.Module | Problem:
    """The tree of a text that Python compiles, or why there is none. Never raises for any text."""
    tree = parse(text, name)
    if isinstance(tree, Problem):
        return tree
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(tree, name, "exec", dont_inherit=True)
    except SyntaxError as error:  # "return outside function" and other things that only the compiler sees
        return Problem(file=name, line=error.lineno or 0, message=f"{type(error).__name__}: {error.msg}")
    except (RecursionError, MemoryError, ValueError, OverflowError) as error:
        return Problem(file=name, line=0, message=f"Python cannot compile it: {error}")
    return tree


def _text_problem(name: str, text: str) -> Problem | None:
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
    depth = 0
    for match in _BRACKET.finditer(text):
        token = match[0]
        if token in "([{":
            depth += 1
            if depth > MAX_BRACKETS:
                line = text.count("\n", 0, match.start()) + 1
                return Problem(file=name, line=line, message=f"more than {MAX_BRACKETS} nested brackets")
        elif token in ")]}":
            depth = max(0, depth - 1)
    return None


def _depth_problem(name: str, tree: ast.Module) -> Problem | None:
    level: list[ast.AST] = [tree]
    line = 0
    for _ in range(MAX_DEPTH):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return None
        line = getattr(level[0], "lineno", line)
    return Problem(file=name, line=line, message=f"the syntax tree has more than {MAX_DEPTH} levels")
