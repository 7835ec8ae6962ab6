"""Improvement: remarks of several specialists on one project, merged; where two want different things, a stated rule.

The rule: security before speed before style. Within one kind what is worse comes first, then what gains more, then
what stands first in the file. Two remarks are in conflict if their rewrites touch the same characters, or if one
rewrites the very line that the other gives advice on. The later one *yields*: it is told with what it yields to, and
its rewrite is left out until the first one is made. Pure: text and records.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from cambrian.source.edit import Locator, Splice
from cambrian.source.rules.rule import Ground, Rewrite, applied
from cambrian.source.rules.security.finding import SEVERITIES, Severity
from cambrian.source.syntax import check

__all__ = ["KINDS", "RULE", "Conflict", "Kind", "Remark", "fixed_text", "merge"]

Kind = Literal["security", "dependencies", "speed", "style"]
KINDS: tuple[Kind, ...] = ("security", "dependencies", "speed", "style")
"""In the order in which they win."""
RULE = "security before speed before style; then the worse, the larger gain, the earlier place"


class Remark(msgspec.Struct, frozen=True, kw_only=True):
    """What a specialist has to say on a place.

    Args:
        kind: of the specialist.
        rule: id of the rule.
        file: relative path.
        line: 1-based.
        column: 1-based, in characters.
        end_line: 1-based.
        scope: qualified name of the function it stands in.
        what: what was found.
        advice: what a person can do.
        severity: how bad, of security and dependencies; else "".
        gain: by what factor the pattern's own work shrinks, about, of speed; else 1.
        ground: why the rewrite may stand for the old text, of speed; else "changes".
        assumes: what the rewrite takes for granted.
        splices: the rewrite; empty for advice.
        next: the command that proves or makes it.
    """

    kind: Kind
    rule: str
    file: str
    line: int
    column: int = 1
    end_line: int = 0
    scope: str = ""
    what: str
    advice: str = ""
    severity: Severity | Literal[""] = ""
    gain: float = 1.0
    ground: Ground = "changes"
    assumes: tuple[str, ...] = ()
    splices: tuple[Splice, ...] = ()
    next: str = ""

    @property
    def place(self) -> str:
        """For people."""
        return f"{self.file}:{self.line}"


class Conflict(msgspec.Struct, frozen=True, kw_only=True):
    """Two remarks that cannot both be followed as they are.

    Args:
        stands: index of the remark that stands.
        yields: index of the one that yields.
        why: in words.
    """

    stands: int
    yields: int
    why: str


def merge(remarks: Iterable[Remark], texts: dict[str, str]) -> tuple[list[Remark], list[Conflict]]:
    """All remarks in the order of the rule, each once, and what is in conflict.

    Args:
        remarks: of all specialists.
        texts: path → text of each file that has a rewrite.
    """
    ordered = sorted(_once(remarks), key=_rank)
    standing: dict[str, list[int]] = {}
    conflicts: list[Conflict] = []
    for index, remark in enumerate(ordered):
        others = standing.setdefault(remark.file, [])
        text = texts.get(remark.file)
        locator = Locator(text) if text is not None else None
        rival = next((other for other in others if _clash(ordered[other], remark, locator)), None)
        if rival is None:
            others.append(index)
        else:
            conflicts.append(Conflict(stands=rival, yields=index, why=_why(ordered[rival], remark)))
    return ordered, conflicts


def _once(remarks: Iterable[Remark]) -> list[Remark]:
    return list({(each.kind, each.rule, each.file, each.line, each.column): each for each in remarks}.values())


def _rank(remark: Remark) -> tuple[int, int, float, str, int, int, str]:
    severity = SEVERITIES.index(remark.severity) if remark.severity else -1
    return (KINDS.index(remark.kind), -severity, -remark.gain, remark.file, remark.line, remark.column, remark.rule)


def _clash(one: Remark, other: Remark, locator: Locator | None) -> bool:
    if any(_touch(first, second) for first in one.splices for second in other.splices):
        return True
    if locator is None or bool(one.splices) == bool(other.splices):
        return False
    rewritten, advised = (one, other) if one.splices else (other, one)
    start = locator.line_start(advised.line)
    stop = locator.line_start(advised.line + 1)
    return any(each.start < stop and start < each.stop for each in rewritten.splices)


def _touch(one: Splice, other: Splice) -> bool:
    """Equal insertions, such as an import that both need, do not."""
    if one == other:
        return False
    if one.start == one.stop or other.start == other.stop:
        inner, outer = (one, other) if one.start == one.stop else (other, one)
        return outer.start < inner.start < outer.stop
    return one.start < other.stop and other.start < one.stop


def _why(stands: Remark, yields: Remark) -> str:
    if stands.kind != yields.kind:
        return f"{stands.kind} before {yields.kind}"
    if stands.severity != yields.severity:
        return f"{stands.severity} before {yields.severity}"
    return "the larger gain first" if stands.gain > yields.gain else "the earlier place first"


def fixed_text(
    path: str, text: str, remarks: Sequence[Remark], language: Literal["python", "javascript", "typescript"]
) -> str:
    """The text with the rewrites of standing remarks, as far as it stays a program; the first ones win.

    Args:
        path: of the file.
        text: its text.
        remarks: those of this file that stand, in the order of the rule.
        language: of the file.
    """
    kept: list[Rewrite] = []
    for remark in remarks:
        if not remark.splices or remark.assumes or (remark.kind == "speed" and remark.ground != "same"):
            continue
        rewrite = Rewrite(
            rule=remark.rule, line=remark.line, column=remark.column, end_line=remark.end_line, scope=remark.scope,
            what=remark.what, splices=remark.splices,
        )  # fmt: skip
        if not check({path: applied(text, [*kept, rewrite])}, language=language):
            kept.append(rewrite)
    return applied(text, kept)
