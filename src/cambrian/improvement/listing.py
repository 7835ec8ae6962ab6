"""Where it would pay: functions of a folder ranked by their share of the time and by what rules would gain. Text only.

Files are looked at one after the other and forgotten, so that a large repository fits into little memory.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec

from cambrian.source.decoding import Decoded
from cambrian.source.rules.rule import Rewrite
from cambrian.source.syntax import Problem, parse

from .project import Project
from .proposing import Find
from .targets import functions

__all__ = ["Candidate", "Share", "candidate", "rank"]

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


def rank(
    project: Project, find: Find, *, below: str = "", tests: bool = False, shares: Share | None = None,
    skip: Callable[[str], None] | None = None,
) -> tuple[Candidate, ...]:  # fmt: skip
    """Functions by what improving them would bring, the best first.

    Args:
        project: whose.
        find: looks through a file.
        below: a folder or a file of it.
        tests: look at tests too.
        shares: of the time, by a profile. Without one every function counts alike, and what is in loops counts more.
        skip: is told of each file that cannot be read, and why.
    """
    found: list[Candidate] = []
    tell = skip or _nobody
    for file, read in project.texts(
        below=below, keep=lambda file: file.language == "python" and (tests or not file.is_test)
    ):
        if isinstance(read, Decoded):
            found += _of_file(file.path, read.text, find, shares, tell)
        else:
            tell(str(read))
    return tuple(sorted(found, key=lambda each: (-each.gain, each.place)))


def _nobody(_: str) -> None:
    """Nobody is told."""


def _of_file(
    name: str, text: str, find: Find, shares: Share | None, skip: Callable[[str], None]
) -> Iterator[Candidate]:  # fmt: skip
    tree = parse(text, name)
    if isinstance(tree, Problem):
        skip(str(tree))
        return
    by_scope: dict[str, list[Rewrite]] = {}
    for rewrite in find(text, name):
        if rewrite.splices and rewrite.ground != "changes" and rewrite.scope:
            by_scope.setdefault(rewrite.scope, []).append(rewrite)
    for function in functions(tree) if by_scope else ():
        own = [
            rewrite for scope, rewrites in by_scope.items() for rewrite in rewrites
            if scope == function.name or scope.startswith(f"{function.name}.")
        ]  # fmt: skip
        if own:
            share = None if shares is None else shares.get(f"{name}:{function.name}", 0.0)
            yield candidate(f"{name}:{function.name}", own, _loops(function.node), share)


def _loops(function: ast.AST) -> list[tuple[int, int]]:
    """First and last lines of a function's loops."""
    loops = (inner for inner in ast.walk(function) if isinstance(inner, ast.For | ast.While | ast.AsyncFor))
    return [(inner.lineno, inner.end_lineno or inner.lineno) for inner in loops]


def candidate(place: str, own: Sequence[Rewrite], loops: Sequence[tuple[int, int]], share: float | None) -> Candidate:
    """A function with what it would gain.

    Args:
        place: ``path:function``.
        own: what was found in it.
        loops: first and last lines of its loops.
        share: of the time that it has.
    """
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
