"""The report as SARIF 2.1.0 (OASIS, 2020), for code hosts and editors. Data to data; nothing is written here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import quote

from cambrian.source.edit import Splice, lines
from cambrian.source.rules.security.catalogue import all_rules
from cambrian.source.taint.value import Place
from cambrian.version import VERSION

from .report import Reported

__all__ = ["sarif"]

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "note"}
_SCORES = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "3.0"}
Json = dict[str, object]


def sarif(findings: Sequence[Reported], texts: Mapping[str, str]) -> Json:
    """A log with one run.

    Args:
        findings: what was found.
        texts: relative path → text, of files with fixes: places of fixes are told by line and column.
    """
    used = {finding.rule for finding in findings}
    described = [_rule(each.id, each.title, each.why, each.cwe) for each in all_rules() if each.id in used]
    known = {str(each["id"]) for each in described}
    described += [_rule(name, name, "See the finding.", "") for name in sorted(used - known)]
    index = {str(each["id"]): place for place, each in enumerate(described)}
    driver: Json = {"name": "cambrian", "version": VERSION, "rules": described}
    results = [_result(each, index, texts.get(each.file)) for each in findings]
    run: Json = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(name: str, title: str, why: str, cwe: str) -> Json:
    properties: Json = {"tags": ["security", *([f"external/cwe/{cwe}"] if cwe else [])]}
    return {
        "id": name, "shortDescription": {"text": title}, "fullDescription": {"text": why}, "properties": properties,
        "help": {"text": why},
    }  # fmt: skip


def _result(finding: Reported, index: Mapping[str, int], text: str | None) -> Json:
    message = finding.what + (f". {finding.advice}" if finding.advice else "")
    made: Json = {
        "ruleId": finding.rule,
        "ruleIndex": index[finding.rule],
        "level": _LEVELS[finding.severity],
        "message": {"text": message},
        "locations": [{"physicalLocation": _place(finding.file, finding.line, finding.column, finding.end_line)}],
        "partialFingerprints": {"cambrian/v1": finding.fingerprint},
        "properties": {"security-severity": _SCORES[finding.severity], "evidence": finding.evidence},
    }
    if finding.path:
        made["codeFlows"] = [{"threadFlows": [{"locations": [_step(each) for each in finding.path]}]}]
    if finding.splices and text is not None:
        made["fixes"] = [_fix(finding, text)]
    if finding.known:
        made["suppressions"] = [{"kind": "inSource", "justification": finding.known}]
    return made


def _place(file: str, line: int, column: int, end_line: int | None = None) -> Json:
    region: Json = {"startLine": line, "startColumn": column}
    if end_line is not None and end_line != line:
        region["endLine"] = end_line
    return {"artifactLocation": {"uri": quote(file)}, "region": region}


def _step(place: Place) -> Json:
    return {
        "location": {
            "physicalLocation": _place(place.file, place.line, place.column),
            "message": {"text": place.what},
        }
    }


def _fix(finding: Reported, text: str) -> Json:
    what = "; ".join(("as the rule says", *finding.assumes)) if finding.assumes else "as the rule says"
    replacements = [_replacement(each, text) for each in sorted(finding.splices)]
    change: Json = {"artifactLocation": {"uri": quote(finding.file)}, "replacements": replacements}
    return {"description": {"text": what}, "artifactChanges": [change]}


def _replacement(splice: Splice, text: str) -> Json:
    (line, column), (end_line, end_column) = _spots(text, (splice.start, splice.stop))
    region: Json = {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}
    return {"deletedRegion": region, "insertedContent": {"text": splice.text}}


def _spots(text: str, offsets: Iterable[int]) -> list[tuple[int, int]]:
    """1-based lines and columns of places in a text, in characters."""
    found: list[tuple[int, int]] = []
    for offset in offsets:
        before = lines(text[:offset])
        fresh = not before or before[-1].endswith(("\n", "\r"))
        found.append((len(before) + 1, 1) if fresh else (len(before), len(before[-1]) + 1))
    return found
