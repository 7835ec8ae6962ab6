"""A run of `improve` in the journal, kind ``"improvement"``: what was asked, what was proposed, what was made of it.

=========================  =========================================================
type                       record
=========================  =========================================================
``improvement.opened``     `Opened`   once
``improvement.judged``     `Judged`   a function was looked at
``improvement.applied``    `Applied`  files were written
``improvement.stopped``    `Stopped`  it ended in good order
=========================  =========================================================
"""

from __future__ import annotations

from typing import Literal

import msgspec

from cambrian.version import VERSION

from .improving import Improvement

__all__ = ["APPLIED", "JUDGED", "KIND", "OPENED", "STOPPED", "Applied", "Judged", "Opened", "Stopped"]

KIND = "improvement"
OPENED, JUDGED = "improvement.opened", "improvement.judged"
APPLIED, STOPPED = "improvement.applied", "improvement.stopped"


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked for.

    Args:
        task: the target, as it was named.
        folder: that it was named from.
        seed: of cases and pairs.
        cases: of each differential test.
        least: the speed-up that counts, or by what factor less memory is taken.
        goal: less time, or less memory at the peak of a call.
        budget_s: seconds.
        version: of Cambrian.
    """

    task: str
    folder: str
    seed: int = 0
    cases: int = 500
    least: float = 1.1
    goal: Literal["time", "memory"] = "time"
    budget_s: float = 60.0
    version: str = VERSION


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a function, with its diff and its proof."""

    improvement: Improvement


class Applied(msgspec.Struct, frozen=True, kw_only=True):
    """Files that were written.

    Args:
        project: the project's folder.
        files: their paths, relative to it.
        undo: what `cambrian undo` takes.
    """

    project: str
    files: tuple[str, ...]
    undo: str = ""


class Stopped(msgspec.Struct, frozen=True, kw_only=True):
    """Why it ended."""

    reason: Literal["finished", "budget", "interrupted"]
