"""The files of a task: found, read, and looked at as text. Nothing of a task is ever executed here.

A task's folder is its owner's, but it may come from somebody else: paths that leave the folder are refused, and
what is read is capped.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from cambrian.core.errors import TaskError, UsageError
from cambrian.search.proposer import Mode
from cambrian.source.blocks import frozen_difference, spans
from cambrian.source.syntax import MAX_FILE

from .document import Item, did_you_mean
from .values import text, texts

MAX_BYTES = MAX_FILE
"""Largest file that is read as part of a task: what proposers can take apart."""

_WANTED: dict[Mode, tuple[str, str]] = {
    "artifact": ("score", "def score(artifact): return a number, or a dict of numbers by objective"),
    "callable": ("inputs", "def inputs(rng): return a list of argument tuples, fresh each time"),
}


def shown(path: Path) -> str:
    """A path as short as it goes from the current folder."""
    here, whole = Path.cwd(), path.absolute()
    return str(whole.relative_to(here)) if whole.is_relative_to(here) else str(whole)


def read_text(file: Path) -> str:
    """The text of a file.

    Raises:
        TaskError: it cannot be read, is larger than `MAX_BYTES`, or is not UTF-8; names the line of the first bad byte.
    """
    try:
        with file.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise TaskError(f"cannot be read: {error.strerror}", path=shown(file), fix="check its permissions") from error
    if len(data) > MAX_BYTES:
        raise TaskError(f"is larger than {MAX_BYTES} bytes", path=shown(file), fix="split it, or take data out of it")
    try:
        return data.decode().replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        bad = data[error.start : error.start + 1]
        raise TaskError(f"byte {bad!r} is not UTF-8", path=shown(file), line=line, fix="save it as UTF-8") from None


def find_file(item: Item, folder: Path, name: str) -> Path:
    """The file that a value names, inside the task's folder.

    Raises:
        TaskError: it is absolute, leaves the folder (also through a symbolic link), or is no file.
    """
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\0" in name or "\\" in name or str(path) != name:
        raise item.about(
            f"{name!r} is no plain path inside the task's folder",
            fix='write a relative path with / between names and without "..", such as "program.py"', element=name,
        )  # fmt: skip
    file = folder / path
    if not file.resolve().is_relative_to(folder.resolve()):
        raise item.about(
            f"{name!r} is a link that leaves the task's folder, to {str(file.resolve())!r}",
            fix="copy the file into the folder", element=name,
        )  # fmt: skip
    if not file.is_file():
        raise item.about(
            f"there is no file {name!r} in {shown(folder)}{did_you_mean(name, _names(folder))}",
            fix="create it or correct the name", element=name,
        )  # fmt: skip
    return file


def _names(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir() if file.is_file()]


def read_program(item: Item, folder: Path) -> dict[str, str]:
    """Path → text of the files that may change.

    Raises:
        TaskError: none are listed, one cannot be had, its syntax is wrong, or its EVOLVE-BLOCK markers are.
    """
    names = texts(item)
    if not names:
        raise item.wrong("at least one file is wanted", fix='write program = ["program.py"]')
    program: dict[str, str] = {}
    for name in names:
        file = find_file(item, folder, name)
        program[name] = read_text(file)
        check_source(shown(file), program[name], python=name.endswith(".py"))
    return program


def read_starts(item: Item, folder: Path, program: Mapping[str, str]) -> tuple[dict[str, str], ...]:
    """Further programs to begin with: folders that hold other texts of some of the program's files.

    Args:
        item: names of folders inside the task's folder.
        folder: the task's folder.
        program: what a start leaves out is taken from here; its EVOLVE-BLOCK markers hold.

    Raises:
        TaskError: a folder is missing, leaves the task's folder or holds none of the files; a file is wrong, or differs
            where nothing may change.
    """
    starts: list[dict[str, str]] = []
    for name in texts(item):
        given = [path for path in program if (folder / name / path).is_file()]
        if not given:
            raise item.about(
                f"{name!r} holds none of the program's files ({', '.join(sorted(program))})",
                fix="name a folder with another version of at least one of them", element=name,
            )  # fmt: skip
        start = dict(program)
        for path in given:
            file = find_file(item, folder, f"{name}/{path}")
            start[path] = read_text(file)
            check_source(shown(file), start[path], python=path.endswith(".py"))
        frozen = frozen_difference(program, start)
        if frozen is not None:
            raise item.about(
                f"{name!r} differs from the program outside its EVOLVE-BLOCK markers: {frozen}",
                fix="make the frozen parts equal, or widen the markers", element=name,
            )  # fmt: skip
        starts.append(start)
    return tuple(starts)


def check_source(path: str, source: str, *, python: bool = True) -> None:
    """Refuse a program file that cannot work.

    Raises:
        TaskError: a syntax error, or markers that do not pair up; names the line.
    """
    if python:
        parse(path, source)
    try:
        spans(source, name="")
    except UsageError as error:
        line, _, message = str(error).lstrip(":").partition(":")
        raise TaskError(
            message.strip(), path=path, line=int(line), fix="pair each EVOLVE-BLOCK-START with one EVOLVE-BLOCK-END"
        ) from None


def check_entry(item: Item, program: dict[str, str]) -> str:
    """The entry point, ``"file.py:function"``.

    Raises:
        TaskError: another form, a file that is not of the program, or no such function in it.
    """
    entry = text(item)
    name, colon, function = entry.partition(":")
    if not colon or not name or not function.isidentifier():
        raise item.wrong("a file and a function are wanted", fix='write entry = "program.py:solve"')
    if name not in program:
        raise item.about(
            f"{name!r} is not listed in program{did_you_mean(name, program)}",
            fix=f"list it, or choose one of {', '.join(map(repr, program))}",
        )
    if not name.endswith(".py"):
        raise item.wrong("the entry must be in a Python file", fix='write entry = "program.py:solve"')
    known = _defined(parse(name, program[name]))
    if function not in known and "*" not in known:
        functions = [key for key, kind in known.items() if kind == "function"]
        raise item.about(
            f"{name} defines no function {function!r}{did_you_mean(function, functions)}",
            fix=f"it defines {', '.join(functions) or 'no function at all'}",
        )
    if known.get(function) == "async function":
        raise item.about(f"{function!r} is async; it would return a coroutine", fix="make it a plain def")
    return entry


def check_scorer(path: str, source: str, mode: Mode, problem: str | None = None) -> None:
    """Refuse a scorer that does not define what its mode calls, or that imports the proposers' data.

    Raises:
        TaskError: naming the file, the line where there is one, and what to define.
    """
    tree = parse(path, source)
    name, fix = _WANTED[mode]
    known = _defined(tree)
    if name not in known and "*" not in known:
        raise TaskError(f"defines no function {name!r}, which mode {mode!r} calls", path=path, fix=fix)
    stem = PurePosixPath(problem).stem if problem else None
    for line, module in _imports(tree):
        if module == stem:
            raise TaskError(
                f"imports {module!r}; that file is data for proposers, the scorer must judge without it",
                path=path, line=line, fix="write what the scorer needs into the scorer",
            )  # fmt: skip


def parse(path: str, source: str) -> ast.Module:
    """The syntax tree of a Python file.

    Raises:
        TaskError: a syntax error, or a nesting that the parser cannot take.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            warnings.simplefilter("ignore", DeprecationWarning)
            return ast.parse(source, filename=path)
    except SyntaxError as error:
        what = (error.text or "").strip()
        raise TaskError(
            f"syntax error: {error.msg}, in {what[:80]!r}", path=path, line=error.lineno, fix="correct the program"
        ) from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise TaskError(f"cannot be parsed: {error or type(error).__name__}", path=path, fix="simplify it") from None


def _defined(tree: ast.Module) -> dict[str, str]:
    """Names that a module defines at its top level, with their kind; ``"*"`` if it imports everything of another."""
    known: dict[str, str] = {}
    for statement in _top_level(tree.body):
        if isinstance(statement, ast.FunctionDef):
            known[statement.name] = "function"
        elif isinstance(statement, ast.AsyncFunctionDef):
            known[statement.name] = "async function"
        elif isinstance(statement, ast.Import | ast.ImportFrom):
            known.update((alias.asname or alias.name, "import") for alias in statement.names)
        elif isinstance(statement, ast.Assign | ast.AnnAssign):
            names = [node.id for node in ast.walk(statement) if isinstance(node, ast.Name)]
            known.update((name, "value") for name in names)
    return known


def _top_level(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements that run when the module is loaded, those inside ``if``, ``try`` and ``with`` too."""
    for statement in body:
        yield statement
        if isinstance(statement, ast.If | ast.Try | ast.With):
            inner = [node for node in ast.iter_child_nodes(statement) if isinstance(node, ast.stmt)]
            yield from _top_level(inner)


def _imports(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name.partition(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, (node.module or "").partition(".")[0]
