"""What the security rules for scripts have in common. Trees only."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator
from functools import lru_cache

from cambrian.source.edit import Splice
from cambrian.source.rules.rule import Ground, Language, Rewrite, Rule
from cambrian.source.rules.script import Script
from cambrian.source.rules.security.finding import Finding, Severity
from cambrian.source.taint.value import Step

from .flow import Flow
from .tree import Node, Tree

__all__ = ["ScriptRule", "flow_of"]


@lru_cache(maxsize=2)
def flow_of(script: Script) -> Flow:
    """The flow of a script."""
    return Flow(Tree(script))


class ScriptRule(Rule[Script]):
    """A security rule for JavaScript and TypeScript."""

    kind = "security"
    languages: tuple[Language, ...] = ("javascript", "typescript")
    ground: Ground = "changes"
    cwe: str
    severity: Severity = "high"

    @abstractmethod
    def look(self, flow: Flow) -> Iterator[Finding]:
        """What is wrong in a script."""

    def find(self, parsed: Script) -> Iterable[Rewrite]:
        """The places of one file."""
        return [found.rewrite for found in self.look(flow_of(parsed))]

    def found(
        self, flow: Flow, node: Node, what: str, *, splices: Iterable[Splice] = (), advice: str = "",
        severity: Severity | None = None, step: Step | None = None, assumes: tuple[str, ...] = (),
    ) -> Finding:  # fmt: skip
        """A finding at a node."""
        line, column = flow.script.place(node.start)
        rewrite = Rewrite(
            rule=self.id, line=line, column=column, end_line=flow.script.place(max(node.start, node.stop - 1))[0],
            scope=flow.script.scope(node), what=what, splices=tuple(splices), ground=self.ground, advice=advice,
            assumes=assumes,
        )  # fmt: skip
        path = () if step is None else step.path()
        return Finding(rewrite=rewrite, severity=severity or self.severity, path=path)
