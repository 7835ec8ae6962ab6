"""A run of `heal` in the journal, kind ``"healing"``: what failed, what was found, what was written.

====================  =========================================
type                  record
====================  =========================================
``healing.opened``    `Opened`   once
``healing.found``     `Found`    a fix, or that there is none
``healing.applied``   `Applied`  files were written
``healing.stopped``   `Stopped`  it ended in good order
====================  =========================================
"""

from __future__ import annotations

from typing import Literal

import msgspec

from cambrian.version import VERSION

__all__ = ["APPLIED", "FOUND", "KIND", "OPENED", "STOPPED", "Applied", "Found", "Opened", "Stopped"]

KIND = "healing"
OPENED, FOUND = "healing.opened", "healing.found"
APPLIED, STOPPED = "healing.applied", "healing.stopped"


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked for.

    Args:
        task: the file or the command.
        folder: that it was named from.
        version: of Cambrian.
    """

    task: str
    folder: str
    version: str = VERSION


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it.

    Args:
        healed: there is a fix that a fresh process confirms.
        file: that it changes.
        failure: how the program failed.
        steps: what the fix does.
        small: it may be applied unseen, if there are no others.
        others: what would pass as well.
        diff: the fix.
        tried: candidates.
    """

    healed: bool
    file: str
    failure: str
    steps: tuple[str, ...] = ()
    small: bool = False
    others: tuple[str, ...] = ()
    diff: str = ""
    tried: int = 0


class Applied(msgspec.Struct, frozen=True, kw_only=True):
    """Files that were written; what `cambrian undo` takes."""

    files: tuple[str, ...]
    undo: str = ""


class Stopped(msgspec.Struct, frozen=True, kw_only=True):
    """That it ended."""

    reason: Literal["finished"] = "finished"
