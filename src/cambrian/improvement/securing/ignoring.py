"""What a person has settled: comments ``cambrian: ignore[rule] why`` beside a finding, and a file of known findings."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from pathlib import Path

import msgspec

from cambrian.core.errors import UsageError

from .report import Reported

__all__ = ["Comments", "read_baseline", "write_baseline"]

_COMMENT = re.compile(r"(?:#|//|/\*)\s*cambrian:\s*ignore(?:\[(?P<rules>[\w\s,*-]*)\])?(?P<why>[^\r\n]*)")


class Comments:
    """The comments of a file.

    Args:
        text: the file.
    """

    def __init__(self, text: str) -> None:
        self._lines: dict[int, tuple[frozenset[str], str]] = {}
        if "cambrian:" not in text:
            return
        for number, line in enumerate(text.splitlines(), 1):
            match = _COMMENT.search(line)
            if match is not None:
                rules = frozenset(name.strip() for name in (match["rules"] or "*").split(",") if name.strip())
                own = not line[: match.start()].strip()
                self._lines[number + 1 if own else number] = (rules, match["why"].strip(" :-*/"))

    def settled(self, finding: Reported) -> str:
        """Why a finding is settled; ``""`` if it is not."""
        for line in range(finding.line, finding.end_line + 1):
            rules, why = self._lines.get(line, (frozenset[str](), ""))
            if finding.rule in rules or "*" in rules:
                return f"ignored in the file: {why}" if why else "ignored in the file"
        return ""


class _Baseline(msgspec.Struct, frozen=True, kw_only=True):
    version: int
    fingerprints: tuple[str, ...]


def read_baseline(file: Path) -> frozenset[str]:
    """The fingerprints of findings that are known; none if the file is not there.

    Raises:
        UsageError: it is no such file.
    """
    try:
        return frozenset(msgspec.json.decode(file.read_bytes(), type=_Baseline).fingerprints)
    except FileNotFoundError:
        return frozenset()
    except (OSError, msgspec.DecodeError) as error:
        raise UsageError(
            f"{str(file)!r} is no file of known findings: {error}; write one with --write-baseline"
        ) from error


def write_baseline(file: Path, findings: Iterable[Reported]) -> None:
    """Write the file of known findings, as they are now.

    Raises:
        UsageError: it cannot be written.
    """
    known: Collection[str] = sorted({finding.fingerprint for finding in findings})
    data = msgspec.json.format(msgspec.json.encode(_Baseline(version=1, fingerprints=tuple(known))), indent=1)
    try:
        file.write_bytes(data + b"\n")
    except OSError as error:
        raise UsageError(f"{str(file)!r} cannot be written: {error.strerror}") from error
