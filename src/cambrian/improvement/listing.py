"""Where it would pay: functions of a folder ranked by their share of the time and by what rules would gain. Text only.

Files are looked at one after the other and forgotten, so that a large repository fits into little memory.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from cambrian.core.errors import UsageError
from cambrian.source.rules.rule import Rewrite
from cambrian.source.syntax import Problem, parse

from .proposing import Find
from .targets import functions, read_source

__all__ = ["Candidate", "Share", "is_test", "python_files", "rank"]

_ASIDE = frozenset({"node_modules", "__pycache__", "build", "dist", "site-packages", "venv", "env", "vendor"})
_GUESS = 0.5
"""Share of a function's time that a pattern at its top level is taken to have; each loop around it halves the rest."""

Share = Mapping[str, float]
"""``path:function`` → its share of the time, by a profile."""


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """A function that could be improved.

    Args:
        place: ``path:function``, as `cambrian improve` takes it.
        line: of the first pattern.
        gain: by what factor the whole would be quicker, about; without a profile the function alone.
        share: of the time that the function has, by the profile; `None` without one.
        rules: what was found.
        why: in words, with the lines.
        certain: every rewrite is the same by its rule's guard.
    """

    place: str
    line: int
    gain: float
    share: float | None
    rules: tuple[str, ...]
    why: str
    certain: bool


def python_files(folder: Path) -> Iterator[Path]:
    """Python files below a folder, in order; hidden folders, environments, builds and linked folders are left out."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(
            name for name in folders
            if not name.startswith(".") and name not in _ASIDE and not (Path(place) / name / "pyvenv.cfg").exists()
        )  # fmt: skip
        yield from (Path(place) / name for name in sorted(names) if name.endswith(".py"))


def is_test(path: Path) -> bool:
    """Whether a file has tests, by its name or its folder's."""
    return (
        path.name.startswith("test_")
        or path.name.endswith("_test.py")
        or path.name == "conftest.py"
        or ("tests" in path.parts or "test" in path.parts)
    )


def rank(
    files: Iterable[Path], folder: Path, find: Find, *, shares: Share | None = None, tests: bool = False
) -> tuple[Candidate, ...]:
    """Functions by what improving them would bring, the best first.

    Args:
        files: to be looked at.
        folder: that places are told from.
        find: looks through a file.
        shares: of the time, by a profile. Without one every function counts alike, and what is in loops counts more.
        tests: look at tests too.
    """
    found: list[Candidate] = []
    for path in files:
        name = path.relative_to(folder).as_posix() if path.is_relative_to(folder) else str(path)
        if tests or not is_test(Path(name)):
            found += _of_file(path, name, find, shares)
    return tuple(sorted(found, key=lambda each: (-each.gain, each.place)))


def _of_file(path: Path, name: str, find: Find, shares: Share | None) -> Iterator[Candidate]:
    try:
        text = read_source(path)
    except UsageError:
        return
    by_scope: dict[str, list[Rewrite]] = {}
    for rewrite in find(text, name):
        if rewrite.splices and rewrite.ground != "changes" and rewrite.scope:
            by_scope.setdefault(rewrite.scope, []).append(rewrite)
    if not by_scope:
        return
    tree = parse(text, name)
    if isinstance(tree, Problem):
        return
    for function in functions(tree):
        own = [
            rewrite for scope, rewrites in by_scope.items() for rewrite in rewrites
            if scope == function.name or scope.startswith(f"{function.name}.")
        ]  # fmt: skip
        if own:
            share = None if shares is None else shares.get(f"{name}:{function.name}", 0.0)
            yield _candidate(f"{name}:{function.name}", own, function.node, share)


def _candidate(place: str, own: Sequence[Rewrite], node: ast.AST, share: float | None) -> Candidate:
    loops = [(inner.lineno, inner.end_lineno or inner.lineno) for inner in ast.walk(node)
        if isinstance(inner, ast.For | ast.While | ast.AsyncFor)]  # fmt: skip
    rest = 1.0
    for rewrite in own:
        depth = sum(first <= rewrite.line <= last for first, last in loops)
        part = 1 - (1 - _GUESS) ** (1 + depth)
        rest *= 1 - part * (1 - 1 / max(rewrite.gain, 1.0))
    whole = rest if share is None else 1 - share * (1 - rest)
    return Candidate(
        place=place, line=min(rewrite.line for rewrite in own), gain=round(1 / max(whole, 1e-3), 2), share=share,
        rules=tuple(dict.fromkeys(rewrite.rule for rewrite in own)),
        why="; ".join(f"line {rewrite.line}: {rewrite.what}" for rewrite in own[:3]),
        certain=all(rewrite.ground == "same" for rewrite in own),
    )  # fmt: skip
