"""What is to be improved: a function of a file, with the files that it needs in order to run. Runs nothing.

The words of a person name it: a file or a folder, ``file.py:Class.method``, ``pkg.mod:function``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec

from cambrian.core.errors import UsageError
from cambrian.core.ports import Program
from cambrian.sandbox.inside.importer import module_name
from cambrian.source.decoding import decode_source
from cambrian.source.syntax import Problem, parse

from .project import language_of

__all__ = [
    "Function",
    "Target",
    "Words",
    "check_words",
    "function_in",
    "functions",
    "named",
    "needed",
    "read_source",
    "target_of",
]

_ENTRY = "improve_entry.py"
_CALL = """import importlib
_module = importlib.import_module({module!r})


def call(*arguments):
    return _module.{name}(*arguments)
"""
_AWAIT = """import asyncio
import importlib
_module = importlib.import_module({module!r})


def call(*arguments):
    return asyncio.run(_module.{name}(*arguments))
"""
_MOST_FILES = 300
_MOST_TEXT = 4_000_000

AnyFunction = ast.FunctionDef | ast.AsyncFunctionDef


class Function(NamedTuple):
    """A function of a file that can be called from outside: at the top, or of a class at the top."""

    name: str
    line: int
    end_line: int
    node: AnyFunction

    @property
    def bound(self) -> Literal["", "object", "class"]:
        """What stands before its arguments: the object of a method, the class of a class method, or nothing."""
        if "." not in self.name or any(_is_mark(mark, "staticmethod") for mark in self.node.decorator_list):
            return ""
        return "class" if any(_is_mark(mark, "classmethod") for mark in self.node.decorator_list) else "object"


def _is_mark(mark: ast.expr, name: str) -> bool:
    return isinstance(mark, ast.Name) and mark.id == name


def functions(tree: ast.Module) -> Iterator[Function]:
    """Those of a file, in its order, with their qualified names."""
    for node in tree.body:
        if isinstance(node, AnyFunction):
            yield _function(node, "")
        elif isinstance(node, ast.ClassDef):
            yield from (_function(inner, f"{node.name}.") for inner in node.body if isinstance(inner, AnyFunction))


def _function(node: AnyFunction, prefix: str) -> Function:
    first = min([node.lineno, *(mark.lineno for mark in node.decorator_list)])
    return Function(f"{prefix}{node.name}", first, node.end_lineno or node.lineno, node)


class Words(NamedTuple):
    """What a person's words name: a file or a folder, and a function in it or ""."""

    path: Path
    function: str


def named(words: str, folder: Path) -> Words:
    """The place that is meant.

    Args:
        words: see the module.
        folder: what relative paths and packages start from.

    Raises:
        UsageError: there is nothing of that name.
    """
    place, _, function = words.partition(":")
    path = folder / place
    if path.exists():
        return Words(path, function)
    for root in (folder, folder / "src"):
        base = root.joinpath(*place.split("."))
        for candidate in (base.with_suffix(".py"), base / "__init__.py"):
            if place and candidate.is_file():
                return Words(candidate, function)
    raise UsageError(
        f"{words!r} names nothing here: there is no file or folder {place!r}, and no module of that name in "
        f"{str(folder)!r} or its src folder; write a path, file.py:function or package.module:function"
    )


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """A function to be improved.

    Args:
        root: the folder that imports start from.
        path: its file, from there, as a POSIX path.
        name: its qualified name.
        line: where it begins, decorators included; 1-based.
        end_line: where it ends.
        files: path → text of all that has to be there for it to run; its own file is among them.
        asynchronous: it is a coroutine function.
    """

    root: Path
    path: str
    name: str
    line: int
    end_line: int
    files: Mapping[str, str]
    asynchronous: bool = False

    @property
    def text(self) -> str:
        """Its file's text."""
        return self.files[self.path]

    @property
    def module(self) -> str:
        """The name under which its file is imported."""
        return module_name(self.path)

    @property
    def place(self) -> str:
        """``file.py:Class.method``."""
        return f"{self.path}:{self.name}"

    def program(self, text: str | None = None) -> Program:
        """What a jail runs.

        Args:
            text: of its file, if it is another one.
        """
        files = {**self.files, self.path: self.text if text is None else text}
        if "." not in self.name and not self.asynchronous:
            return Program(files=files, entry=self.place)
        template = _AWAIT if self.asynchronous else _CALL
        return Program(
            files={**files, _ENTRY: template.format(module=self.module, name=self.name)}, entry=f"{_ENTRY}:call"
        )


def target_of(path: Path, name: str, *, text: str | None = None) -> Target:
    """A function by its file and its qualified name.

    Raises:
        UsageError: the file cannot be read or does not parse, or has no such function; names those that it has.
    """
    found = read_source(path) if text is None else text
    chosen = function_in(found, path, name)
    root = import_root(path)
    return Target(
        root=root, path=path.relative_to(root).as_posix(), name=name, line=chosen.line, end_line=chosen.end_line,
        files=needed(path, found, root), asynchronous=isinstance(chosen.node, ast.AsyncFunctionDef),
    )  # fmt: skip


def function_in(text: str, path: Path, name: str) -> Function:
    """A function of a file by its qualified name.

    Args:
        text: the file's.
        path: the file, for messages.
        name: such as ``"Class.method"``.

    Raises:
        UsageError: the file does not parse: says where; or it has no such function: names those that may be meant.
    """
    known = {each.name: each for each in functions(_tree(text, path))}
    if name not in known:
        near = get_close_matches(name, known, 3, 0.5)
        some = f"did you mean {' or '.join(near)}?" if near else f"it has {', '.join([*known][:8]) or 'none'}"
        raise UsageError(f"{str(path)!r} has no function {name!r}; {some}")
    return known[name]


def check_words(words: Words) -> Function | None:
    """The function that is named; refuses a Python file that does not parse, and a function that its file has not.

    Raises:
        UsageError: says where it does not, or names those that may be meant.
    """
    if not words.path.is_file():
        if words.function:
            raise UsageError(f"{str(words.path)!r} is a folder; name the file in which {words.function!r} is")
        return None
    if language_of(words.path.name) in ("javascript", "typescript"):
        return None
    text = read_source(words.path)
    if words.function:
        return function_in(text, words.path, words.function)
    _tree(text, words.path)
    return None


def _tree(text: str, path: Path) -> ast.Module:
    tree = parse(text, str(path))
    if isinstance(tree, Problem):
        raise UsageError(f"{tree}; nothing can be told of a file that Python does not read")
    return tree


def read_source(path: Path) -> str:
    """A file's text, in its own encoding, line ends as they are.

    Raises:
        UsageError: it cannot be read, or is no text.
    """
    try:
        return decode_source(path.read_bytes(), path.name).text
    except OSError as error:
        raise UsageError(f"{str(path)!r} cannot be read: {error.strerror}; name a Python file") from error


def import_root(path: Path) -> Path:
    """The folder that a file's imports start from: the first one above it that is no package."""
    folder = path.parent
    while (folder / "__init__.py").is_file() and folder.parent != folder:
        folder = folder.parent
    return folder


def needed(path: Path, text: str, root: Path) -> dict[str, str]:
    """A file and those of the same root that it imports, and so on; packages with their ``__init__.py``."""
    files: dict[str, str] = {}
    todo: list[tuple[Path, str]] = [(path, text)]
    while todo and len(files) < _MOST_FILES and sum(map(len, files.values())) < _MOST_TEXT:
        place, content = todo.pop()
        name = place.relative_to(root).as_posix()
        if name in files:
            continue
        files[name] = content
        others = (other for other in _imported(place, content, root) if other.relative_to(root).as_posix() not in files)
        todo += [(other, _quietly(other)) for other in others]
    return files


def _quietly(path: Path) -> str:
    """A file's text; "" if it is none that can be read: what imports it says so when it runs."""
    try:
        return read_source(path)
    except UsageError:
        return ""


def _imported(path: Path, text: str, root: Path) -> Iterator[Path]:
    tree = parse(text, str(path))
    if isinstance(tree, Problem):
        return
    package = path.relative_to(root).parent
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from _files_of(root, alias.name.split("."))
        elif isinstance(node, ast.ImportFrom):
            above = list(package.parts)[: len(package.parts) - node.level + 1] if node.level else []
            parts = [*above, *(node.module or "").split(".")] if node.module else above
            yield from _files_of(root, parts)
            for alias in node.names:
                yield from _files_of(root, [*parts, alias.name])


def _files_of(root: Path, parts: list[str]) -> Iterator[Path]:
    """The file of a dotted name under a root, and the ``__init__.py`` of each package above it."""
    for depth in range(1, len(parts) + 1):
        base = root.joinpath(*parts[:depth])
        if (base / "__init__.py").is_file():
            yield base / "__init__.py"
    if parts:
        file = root.joinpath(*parts).with_suffix(".py")
        if file.is_file():
            yield file
