"""A run of `secure` in the journal, kind ``"security"``: what was looked at, what was found, what was written.

======================  ===========================================
type                    record
======================  ===========================================
``security.opened``     `Opened`   once
``security.found``      `Found`    once: findings, counts, the diff
``security.applied``    `Applied`  files were written
``security.stopped``    `Stopped`  it ended in good order
======================  ===========================================
"""

from __future__ import annotations

from typing import Literal

import msgspec

from cambrian.version import VERSION

from .report import Counts, Reported, Secured

__all__ = ["APPLIED", "FOUND", "KIND", "OPENED", "STOPPED", "Applied", "Found", "Opened", "Stopped", "found_fact"]

KIND = "security"
OPENED, FOUND = "security.opened", "security.found"
APPLIED, STOPPED = "security.applied", "security.stopped"
_KEPT = 500
"""Findings that are kept, the worst first."""
_LONGEST = 500_000
"""Characters of a diff that is kept."""


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked for.

    Args:
        task: the file or folder, as it was named.
        folder: that it was named from.
        severity: findings below it are not told.
        version: of Cambrian.
    """

    task: str
    folder: str
    severity: str = "low"
    version: str = VERSION


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it.

    Args:
        project: the project's folder, which paths are told from.
        files: looked at.
        lines: in them.
        counts: of all findings.
        findings: the worst first, 500 at most.
        left: findings beyond those.
        skipped: files that could not be read, with why.
        diff: the fixes; "" if it is longer than half a million characters.
    """

    project: str
    files: int
    lines: int
    counts: Counts
    findings: tuple[Reported, ...] = ()
    left: int = 0
    skipped: tuple[str, ...] = ()
    diff: str = ""


class Applied(msgspec.Struct, frozen=True, kw_only=True):
    """Files that were written; what `cambrian undo` takes."""

    files: tuple[str, ...]
    undo: str = ""


class Stopped(msgspec.Struct, frozen=True, kw_only=True):
    """That it ended."""

    reason: Literal["finished"] = "finished"


def found_fact(result: Secured) -> Found:
    """What is kept of a result."""
    return Found(
        project=result.folder, files=result.files, lines=result.lines, counts=result.counts,
        findings=result.findings[:_KEPT], left=max(0, len(result.findings) - _KEPT), skipped=result.skipped[:_KEPT],
        diff=result.diff if len(result.diff) <= _LONGEST else "",
    )  # fmt: skip
