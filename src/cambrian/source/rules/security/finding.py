"""What a security rule finds: a rewrite with its severity and the path that a value took. Text and trees only."""

from __future__ import annotations

import ast
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Literal

import msgspec

from cambrian.source.analysis.module import Module
from cambrian.source.edit import Splice
from cambrian.source.rules.rule import Ground, Language, Rewrite, Rule
from cambrian.source.rules.security.sql.drivers import Driver
from cambrian.source.taint.frame import Hit
from cambrian.source.taint.unit import Unit
from cambrian.source.taint.value import HOSTILE, LOCAL_ORIGINS, Place, Step

__all__ = ["SEVERITIES", "Finding", "Reach", "SecurityRule", "Seen", "Severity", "is_local", "severity_of"]

Severity = Literal["low", "medium", "high", "critical"]
SEVERITIES: tuple[Severity, ...] = ("low", "medium", "high", "critical")
Reach = tuple[str, int, int, int | str]
"""Class of sinks, line, column in bytes, argument: names the spot that a value from another file can reach."""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What a security rule found.

    Args:
        rewrite: where, what, and the fix.
        severity: how bad it is if it is what it looks like.
        path: from where a value comes to where it does harm; empty where no value is followed.
        reach: the sink, for other files whose values come to it.
        dormant: nothing to tell unless a value from outside comes here by way of another file.
        worst: the severity if one does.
    """

    rewrite: Rewrite
    severity: Severity
    path: tuple[Place, ...] = ()
    reach: Reach | None = None
    dormant: bool = False
    worst: Severity | None = None


class Seen:
    """A Python file with the flow of its values.

    Args:
        module: the file.
        unit: its flow.
        hints: what the files of the project import that this one imports: drivers of databases are found by that.
        style: of the parameters of databases where nothing else tells.
    """

    def __init__(self, module: Module, unit: Unit, hints: tuple[str, ...] = (), style: Driver | None = None) -> None:
        self.style = style
        self.module = module
        self.unit = unit
        self.hints = hints

    @staticmethod
    def of(module: Module) -> Seen:
        """A file by itself."""
        return _alone(module)

    def calls(self, *sinks: str) -> Iterator[tuple[Hit, ast.Call]]:
        """Calls of sinks of these classes, in the order of the file."""
        for hit in self.unit.of(*sinks):
            if isinstance(hit.node, ast.Call):
                yield hit, hit.node

    def worst(self, hit: Hit, argument: int | str) -> tuple[int, Step | None]:
        """How far an argument of a sink may be trusted, and the path by which it came."""
        value = hit.arguments.get(argument)
        if value is None or value.harmless(hit.sink):
            return 0, None
        step = self.unit.alarm(hit, argument)
        if step is not None:
            return HOSTILE, step
        end = self.unit.step(hit.node, f"handed to {hit.tag.lstrip('.')}", value.step)
        return value.trust, end

    def at(self, node: ast.expr | ast.stmt | ast.arg) -> tuple[int, int]:
        """1-based line and column of a node, in characters."""
        start = self.module.locator.offset(node.lineno, node.col_offset)
        return node.lineno, start - self.module.locator.line_start(node.lineno) + 1


@lru_cache(maxsize=2)
def _alone(module: Module) -> Seen:
    return Seen(module, Unit(module.tree, module.name))


class SecurityRule(Rule[Module]):
    """A rule for Python that looks at the flow of values."""

    kind = "security"
    languages: tuple[Language, ...] = ("python",)
    ground: Ground = "changes"
    cwe: str
    """``"cwe-89"``."""
    severity: Severity = "high"

    @abstractmethod
    def findings(self, seen: Seen) -> Iterable[Finding]:
        """What is wrong in a file, in its order."""

    def find(self, parsed: Module) -> Iterable[Rewrite]:
        """The places of one file by itself."""
        return [finding.rewrite for finding in self.findings(Seen.of(parsed)) if not finding.dormant]

    def found(
        self,
        seen: Seen,
        node: ast.expr | ast.stmt,
        what: str,
        *,
        severity: Severity | None = None,
        splices: Iterable[Splice] = (),
        advice: str = "",
        step: Step | None = None,
        hit: Hit | None = None,
        argument: int | str = 0,
        dormant: bool = False,
        assumes: tuple[str, ...] = (),
        ground: Ground | None = None,
    ) -> Finding:
        """A finding at a node."""
        line, column = seen.at(node)
        rewrite = Rewrite(
            rule=self.id, line=line, column=column, end_line=node.end_lineno or line,
            scope=seen.module.qualname(node), what=what, splices=tuple(splices), ground=ground or self.ground,
            assumes=assumes, advice=advice,
        )  # fmt: skip
        reach = None if hit is None else (hit.sink, hit.node.lineno, hit.node.col_offset, argument)
        path = () if step is None else step.path()
        return Finding(
            rewrite=rewrite, severity=severity or self.severity, path=path, reach=reach, dormant=dormant,
            worst=self.severity,
        )  # fmt: skip


def severity_of(trust: int, step: Step | None, severity: Severity) -> Severity:
    """How bad a finding is, by where the value comes from: anybody, whoever starts the program, or nobody knows."""
    place = SEVERITIES.index(severity)
    return SEVERITIES[max(0, place - 1)] if trust < HOSTILE or is_local(step) else severity


def is_local(step: Step | None) -> bool:
    """Whether a path begins with what belongs to whoever started the program."""
    first = step
    while first is not None and first.before is not None:
        first = first.before
    return first is not None and any(first.what.startswith(origin) for origin in LOCAL_ORIGINS)


def arguments(call: ast.Call) -> Mapping[int | str, ast.expr]:
    """The arguments of a call by position or keyword, as `Hit.arguments` has them."""
    positional: dict[int | str, ast.expr] = dict(enumerate(call.args))
    return positional | {each.arg or "**": each.value for each in call.keywords}
