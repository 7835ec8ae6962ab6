"""Through a project, file by file: those that are called before those that call them, each tree let go at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import msgspec
from msgspec.structs import replace

from cambrian.core.errors import UsageError
from cambrian.source.analysis.module import Module
from cambrian.source.edit import lines as lines_of
from cambrian.source.rules.security.catalogue import cwe_of, look_at_script, rules_for_python
from cambrian.source.rules.security.finding import Finding, Reach, SecurityRule, Seen, severity_of
from cambrian.source.rules.security.sql.drivers import Driver
from cambrian.source.taint.calls import Alarm
from cambrian.source.taint.library import Library
from cambrian.source.taint.unit import Unit
from cambrian.source.taint.value import HOSTILE
from cambrian.source.tree import Problem, parse

from .ignoring import Comments
from .report import Reported, reported

__all__ = ["Looked", "Source", "look", "look_at_one"]

_IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t]+(?P<dots>\.*)(?P<source>[\w.]*)[ \t]+import[ \t]+(?P<names>[^\n]*)|"
    r"import[ \t]+(?P<plain>[\w., \t]+))",
    re.MULTILINE,
)


class Source(msgspec.Struct, frozen=True):
    """A file to look at: relative path, language, and how its text is read."""

    path: str
    language: str
    read: Callable[[], str]


@dataclass
class Looked:
    """What came of it.

    Attributes:
        findings: in the order of the files.
        files: looked at.
        lines: in them.
        skipped: what could not be read, with why.
    """

    findings: list[Reported] = field(default_factory=list[Reported])
    files: int = 0
    lines: int = 0
    skipped: list[str] = field(default_factory=list[str])


def look(
    sources: Sequence[Source], find_module: Callable[[str], str | None], *, style: Driver | None = None,
    without: frozenset[str] = frozenset(), told: Callable[[int, int], None] | None = None,
) -> Looked:  # fmt: skip
    """Look through files.

    Args:
        sources: them.
        find_module: dotted name → file of the project.
        style: of database parameters where nothing in a file tells.
        without: ids of rules that are not asked.
        told: is told how many files are done, of how many.
    """
    looked, library = Looked(), Library(find_module)
    asked = [rule for rule in rules_for_python() if rule.id not in without]
    kept: list[tuple[str, Finding, str, Comments]] = []
    order = _callees_first([each for each in sources if each.language == "python"], find_module)
    scripts = [each for each in sources if each.language != "python"]
    for done, source in enumerate((*order, *scripts)):
        if told is not None:
            told(done, len(sources))
        try:
            text = source.read()
        except UsageError as error:
            looked.skipped.append(str(error))
            continue
        looked.files += 1
        looked.lines += text.count("\n") + 1
        found = (
            _python(source.path, text, library, asked, style, looked)
            if source.language == "python"
            else _script(source.path, text, without, looked)
        )
        if found:
            at, comments = lines_of(text), Comments(text)
            kept += [(source.path, each, at[min(each.rewrite.line, len(at)) - 1], comments) for each in found]
    looked.findings = _awake(kept, library)
    return looked


def look_at_one(text: str, path: str, hints: tuple[str, ...] = (), style: Driver | None = None) -> list[Finding]:
    """What is found in one text by itself; nothing in one that does not parse."""
    if not path.endswith((".py", ".pyw", ".pyi")):
        found = look_at_script(text, path)
        return [] if isinstance(found, Problem) else found
    module = Module.read(text, path)
    if isinstance(module, Problem):
        return []
    seen = Seen(module, Unit(module.tree, path), hints, style)
    return [found for rule in rules_for_python() for found in rule.findings(seen) if not found.dormant]


def _python(
    path: str, text: str, library: Library, asked: Iterable[SecurityRule], style: Driver | None, looked: Looked
) -> list[Finding]:
    tree = parse(text, path)
    if isinstance(tree, Problem):
        looked.skipped.append(str(tree))
        return []
    unit = Unit(tree, path, library)
    library.add(unit)
    hints = library.modules_behind(path, unit.modules)
    seen = Seen(Module(text, path, tree), unit, hints, style)
    return [found for rule in asked for found in rule.findings(seen)]


def _script(path: str, text: str, without: frozenset[str], looked: Looked) -> list[Finding]:
    found = look_at_script(text, path)
    if isinstance(found, Problem):
        looked.skipped.append(str(found))
        return []
    return [each for each in found if each.rewrite.rule not in without]


def _awake(kept: Sequence[tuple[str, Finding, str, Comments]], library: Library) -> list[Reported]:
    """The findings that are told: sleeping ones only if a value from outside comes there from another file."""
    alarms: dict[tuple[str, Reach], Alarm] = {
        (alarm.file, (alarm.sink, alarm.line, alarm.column, alarm.argument)): alarm for alarm in library.alarms
    }
    told: list[Reported] = []
    for path, finding, line, comments in kept:
        alarm = alarms.get((path, finding.reach)) if finding.reach is not None else None
        severity = finding.severity
        if alarm is not None:
            severity = severity_of(HOSTILE, alarm.step, finding.worst or severity)
        now = finding if alarm is None else replace(finding, path=alarm.step.path(), dormant=False, severity=severity)
        if not now.dormant:
            each = reported(now, path, cwe_of(finding.rewrite.rule), line)
            told.append(replace(each, known=comments.settled(each)))
    return told


def _callees_first(sources: Sequence[Source], find_module: Callable[[str], str | None]) -> Iterator[Source]:
    """Files in an order in which what a file imports comes before it, as far as there are no circles."""
    by_path = {source.path: source for source in sources}
    needs: dict[str, list[str]] = {}
    for source in sources:
        try:
            text = source.read()
        except UsageError:
            needs[source.path] = []
            continue
        needs[source.path] = [path for path in _imported(text, source.path, find_module) if path in by_path]
    done: set[str] = set()
    for start in by_path:
        waiting = [(start, False)]
        while waiting:
            path, ready = waiting.pop()
            if ready:
                yield by_path[path]
            elif path not in done:
                done.add(path)
                waiting.append((path, True))
                waiting += [(each, False) for each in needs[path] if each not in done]


def _imported(text: str, path: str, find_module: Callable[[str], str | None]) -> set[str]:
    """The files of the project that a file imports, by a glance at its text."""
    names: set[str] = set()
    for match in _IMPORT.finditer(text):
        if match["plain"]:
            names |= {name.split()[0] for name in match["plain"].split(",") if name.split()}
            continue
        parts = path.removesuffix(".py").split("/")
        package = parts[: len(parts) - len(match["dots"])] if match["dots"] else []
        module = ".".join([*package, *([match["source"]] if match["source"] else [])])
        words = re.findall(r"\w+", match["names"].partition("#")[0])
        names |= {module, *(f"{module}.{word}" for word in words)}
    return {found for found in (find_module(name) for name in names if name) if found is not None and found != path}
