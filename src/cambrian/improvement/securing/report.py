"""What `secure` found: records for people and programs. Data only."""

from __future__ import annotations

import hashlib
from typing import Literal

import msgspec

from cambrian.source.edit import Splice
from cambrian.source.rules.security.finding import Finding, Severity
from cambrian.source.taint.value import Place

__all__ = ["Counts", "Evidence", "Reported", "Secured", "reported"]

Evidence = Literal["tested", "by rule", ""]
"""Why a fix may be believed: it was run on harmless and hostile values, or the rule's reasons alone; "" is no fix."""


class Reported(msgspec.Struct, frozen=True, kw_only=True):
    """A finding.

    Args:
        rule: its id.
        file: relative path.
        line: 1-based, where it begins.
        column: 1-based, in characters.
        end_line: 1-based, where it ends.
        scope: qualified name of the function it stands in.
        severity: low, medium, high or critical.
        cwe: class of weakness: ``"CWE-89"``.
        what: what was found.
        advice: what a person can do.
        path: the way of a value from outside to where it does harm.
        fix: there is one.
        assumes: what the fix takes for granted; such a fix is shown, and written only on demand.
        evidence: why the fix may be believed.
        tried: values that the fix was run on.
        known: it stands in the file of known findings, or a comment takes it for settled; then why.
        fingerprint: the same for the same finding after lines have moved.
    """

    rule: str
    file: str
    line: int
    column: int
    end_line: int
    scope: str
    severity: Severity
    cwe: str
    what: str
    advice: str = ""
    path: tuple[Place, ...] = ()
    fix: bool = False
    assumes: tuple[str, ...] = ()
    evidence: Evidence = ""
    tried: int = 0
    known: str = ""
    fingerprint: str = ""
    splices: tuple[Splice, ...] = ()


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """How many findings there are that nobody has settled, by severity, and how many fixes."""

    critical: int = 0
    high: int = 0
    medium: int = 0
    low: int = 0
    fixes: int = 0
    known: int = 0


class Secured(msgspec.Struct, frozen=True, kw_only=True):
    """What was looked at and found.

    Args:
        run: its run in the journal; "" if it is not on record.
        folder: that paths are told from.
        files: looked at.
        lines: in them.
        skipped: files that could not be read, with why.
        findings: the worst first.
        counts: of them.
        dependencies: packages that were held against advisories; ``None``: none were, as there is no folder of them.
        diff: the fixes.
        applied: files that were written.
        undo: what `cambrian undo` takes.
        seconds: of CPU that the look took.
    """

    folder: str
    files: int
    lines: int
    findings: tuple[Reported, ...]
    counts: Counts
    skipped: tuple[str, ...] = ()
    dependencies: int | None = None
    diff: str = ""
    applied: tuple[str, ...] = ()
    undo: str = ""
    seconds: float = 0.0
    run: str = ""


def reported(finding: Finding, file: str, cwe: str, line_text: str) -> Reported:
    """A finding of a rule, as it is told.

    Args:
        finding: it.
        file: relative path.
        cwe: its class.
        line_text: the line that it stands on.
    """
    made = finding.rewrite
    identity = "\0".join((made.rule, file, made.scope, " ".join(line_text.split())))
    return Reported(
        rule=made.rule, file=file, line=made.line, column=made.column, end_line=made.end_line, scope=made.scope,
        severity=finding.severity, cwe=cwe.upper(), what=made.what, advice=made.advice, path=finding.path,
        fix=bool(made.splices), assumes=made.assumes, evidence="by rule" if made.splices else "",
        fingerprint=hashlib.sha256(identity.encode("utf-8", "replace")).hexdigest()[:20], splices=made.splices,
    )  # fmt: skip
