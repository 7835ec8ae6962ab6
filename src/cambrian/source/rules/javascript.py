"""What rules for JavaScript and TypeScript have in common: how a finding is told. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cambrian.source.edit import Splice

from .rule import Language, Rewrite, Rule
from .script import Script
from .script_nodes import Node

__all__ = ["JavaScriptRule"]


class JavaScriptRule(Rule[Script]):
    """A speed rule. What it assumes at a place decides the ground there: nothing assumed is "same"."""

    kind = "speed"
    languages: tuple[Language, ...] = ("javascript", "typescript")
    ground = "assumes"

    def at(
        self, script: Script, node: Node, what: str, splices: Sequence[Splice], *, gain: float,
        assumes: Iterable[str] = (), advice: str = "",
    ) -> Rewrite:  # fmt: skip
        """A finding.

        Args:
            script: the file.
            node: the pattern's place.
            what: a sentence for people.
            splices: the rewrite.
            gain: by what factor the pattern's own work shrinks at some hundred items.
            assumes: what the guard had to trust.
            advice: for a person.
        """
        assumed = tuple(sorted(assumes))
        column = node.start - (script.text.rfind("\n", 0, node.start) + 1) + 1
        return Rewrite(
            rule=self.id, line=node.line, column=column, end_line=node.line + node.text.count("\n"),
            scope=script.scope_name(node), what=what, splices=tuple(splices),
            ground="assumes" if assumed else "same", assumes=assumed, gain=gain, advice=advice,
        )  # fmt: skip
