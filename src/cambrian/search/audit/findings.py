"""What an audit of an evaluator gives: findings, each with what was tried, what it paid, and the fix. Values only."""

from __future__ import annotations

from typing import Literal

import msgspec

__all__ = ["Audit", "Finding", "Grade", "Notes"]

Grade = Literal["hole", "risk", "contained"]


class Finding(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One way in which a wrong answer could satisfy the evaluator.

    Args:
        grade: ``"hole"``: shown by an answer that is wrong by construction; ``"risk"``: read in the text, or odd, and
            nothing is shown; ``"contained"``: tried, and it gave nothing.
        name: the kind of cheat, such as ``"not a number"``.
        tried: what was tried, in words.
        result: what came of it: the score it got, or why it gave nothing.
        honest: the first objective's value for the task's own program, where a score was compared.
        cheat: that of the wrong answer.
        fix: what to do about it.
        line: line of the evaluator, where known; 0 otherwise.
        more: further probes that showed the same.
    """

    grade: Grade
    name: str
    tried: str
    result: str
    honest: float | None = None
    cheat: float | None = None
    fix: str = ""
    line: int = 0
    more: int = 0


class Audit(msgspec.Struct, frozen=True, kw_only=True):
    """What the evaluator doctor found.

    Args:
        task: the task's name.
        folder: its folder.
        evaluator: the evaluator's file.
        split: the evaluator runs where no candidate can reach it.
        findings: holes first, then risks, then what was contained.
        probes: evaluations that were made.
        unfinished: families of probes that were cut off, or not begun, for want of time.
        wall_s: seconds.
    """

    task: str
    folder: str
    evaluator: str
    split: bool
    findings: tuple[Finding, ...]
    probes: int
    unfinished: tuple[str, ...]
    wall_s: float

    @property
    def holes(self) -> tuple[Finding, ...]:
        """What was shown."""
        return self._of("hole")

    @property
    def risks(self) -> tuple[Finding, ...]:
        """What could be, and was not shown."""
        return self._of("risk")

    @property
    def contained(self) -> tuple[Finding, ...]:
        """What was tried in vain."""
        return self._of("contained")

    @property
    def ok(self) -> bool:
        """No hole was shown. That is no proof that there is none."""
        return not self.holes

    def _of(self, grade: Grade) -> tuple[Finding, ...]:
        return tuple(item for item in self.findings if item.grade == grade)


class Notes:
    """Gathers findings. What was found once under a name is counted, not repeated; a hole replaces its risk."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], Finding] = {}

    def add(self, finding: Finding) -> None:
        """Take a finding in."""
        key = finding.grade, finding.name
        known = self._found.get(key)
        if known is None:
            self._found[key] = finding
        elif known.tried != finding.tried or known.line != finding.line:
            self._found[key] = msgspec.structs.replace(known, more=known.more + 1)

    def has(self, name: str) -> bool:
        """Whether there is a hole of that name."""
        return ("hole", name) in self._found

    def sorted(self) -> tuple[Finding, ...]:
        """Holes, risks that are not holes as well, what was contained."""
        holes = [item for item in self._found.values() if item.grade == "hole"]
        shown = {item.name for item in holes}
        risks = [item for item in self._found.values() if item.grade == "risk" and item.name not in shown]
        return tuple(holes + risks + [item for item in self._found.values() if item.grade == "contained"])
