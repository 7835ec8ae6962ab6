"""Improvement, healing: which file of a project a failing test is about, as the test's text tells. Reads files only.

A test that fails at its own assertion names no line of the program. What it calls there is sought in what it imports.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from cambrian.core.errors import CambrianError
from cambrian.source.decoding import decode_source
from cambrian.source.repair.report import Failure

__all__ = ["Called", "called_by", "is_test"]


_SCRIPT = re.compile(r"\.[cm]?[jt]s$")
_SCRIPT_TEST = re.compile(r"^test[.-]|[._-](?:test|spec)\.[cm]?[jt]s$")
_TAKEN = re.compile(r"""(?:require\(\s*|from\s+|import\s+|import\(\s*)["'](\.{1,2}/[^"'\n]+)["']""")
_ENDINGS = ("", ".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", "/index.js", "/index.ts")


class Called(NamedTuple):
    """A function or class that a test calls: its file, relative to the project, and its lines."""

    file: str
    lines: tuple[int, ...]


def is_test(path: str) -> bool:
    """Whether a file is named as those of tests are."""
    name = path.rpartition("/")[2]
    if _SCRIPT.search(name):
        return bool(_SCRIPT_TEST.search(name)) or "__tests__/" in path or path.startswith(("test/", "tests/"))
    return name.startswith("test_") or name.endswith("_test.py") or name == "conftest.py"


def called_by(folder: Path, failure: Failure) -> Called | None:
    """What a test calls that fails at an assertion of its own, the failing line's calls first.

    Args:
        folder: of the project.
        failure: its file is the test's.
    """
    if _SCRIPT.search(failure.file):
        return _taken(folder, failure.file)
    tree = _parsed(folder / failure.file)
    if tree is None:
        return None
    imported = list(_imported(tree))
    for name in _named(tree, failure.line):
        for local, module, member in imported:
            if local in (name, "*"):
                found = _place(folder, Path(failure.file).parent, module, member or name)
                if found is not None:
                    return found
    return None


def _taken(folder: Path, test: str) -> Called | None:
    """The first file of the project that a test of JavaScript takes in and that is no test."""
    beside = (folder / test).parent
    text = (folder / test).read_text(encoding="utf-8", errors="replace") if (folder / test).is_file() else ""
    for match in _TAKEN.finditer(text):
        for ending in _ENDINGS:
            path = (beside / f"{match[1]}{ending}").resolve()
            if path.is_file() and path.is_relative_to(folder) and not is_test(path.relative_to(folder).as_posix()):
                return Called(path.relative_to(folder).as_posix(), ())
    return None


def _parsed(path: Path) -> ast.Module | None:
    try:
        return ast.parse(decode_source(path.read_bytes(), path.name).text)
    except (OSError, CambrianError, SyntaxError, ValueError):
        return None  # no text of Python, so it tells nothing


def _named(tree: ast.Module, line: int) -> list[str]:
    """Names and attributes that the failing test uses: those of the failing line, then those around it, backwards."""
    functions = [each for each in tree.body if each.lineno <= line <= (each.end_lineno or 0)]
    uses: list[tuple[int, int, str]] = []
    for node in (inner for each in functions for inner in ast.walk(each)):
        if isinstance(node, ast.Name | ast.Attribute):
            name = node.id if isinstance(node, ast.Name) else node.attr
            uses.append((abs(node.lineno - line), node.col_offset, name))
    return list(dict.fromkeys(name for *_, name in sorted(uses)))


def _imported(tree: ast.Module) -> Iterator[tuple[str, str, str]]:
    """Local name, module and member of each import; ``*`` and no member where any name may come from a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            for each in node.names:
                yield each.asname or each.name, node.module or "", "" if each.name == "*" else each.name
                yield "*", f"{node.module or ''}.{each.name}".lstrip("."), ""  # it may be a module itself
        elif isinstance(node, ast.Import):
            for each in node.names:
                yield "*", each.name, ""


def _place(folder: Path, beside: Path, module: str, name: str) -> Called | None:
    stem = module.replace(".", "/")
    for root in ("", "src", beside.as_posix()):
        for suffix in (".py", "/__init__.py", f"/{name}.py"):
            path = Path(root, f"{stem}{suffix}".lstrip("/"))
            if stem and not is_test(path.name) and (folder / path).is_file():
                found = _defined(folder, path, name)
                if found is not None:
                    return found
    return None


def _defined(folder: Path, path: Path, name: str) -> Called | None:
    tree = _parsed(folder / path)
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.name == name:
            return Called(path.as_posix(), tuple(range(node.lineno, (node.end_lineno or node.lineno) + 1)))
    return None
