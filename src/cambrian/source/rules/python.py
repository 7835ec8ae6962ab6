"""What rules for Python have in common: how a finding is told, and which loops a rewrite may stand before."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

from cambrian.source.analysis import Module
from cambrian.source.edit import Splice

from .rule import Language, Rewrite, Rule

__all__ = ["PythonRule"]


class PythonRule(Rule[Module]):
    """A speed rule for Python. What it assumes at a place decides the ground there: nothing assumed is "same"."""

    kind = "speed"
    languages: tuple[Language, ...] = ("python",)
    ground = "assumes"

    def at(
        self, module: Module, node: ast.expr | ast.stmt, what: str, splices: Sequence[Splice], *, gain: float,
        assumes: Iterable[str] = (), advice: str = "",
    ) -> Rewrite:  # fmt: skip
        """A finding.

        Args:
            module: the file.
            node: the pattern's place.
            what: a sentence for people.
            splices: the rewrite.
            gain: by what factor the pattern's own work shrinks at some hundred items.
            assumes: what the guard had to trust.
            advice: for a person.
        """
        assumed = tuple(sorted(assumes))
        start = module.locator.range(node)[0]
        return Rewrite(
            rule=self.id, line=node.lineno, column=start - module.locator.line_start(node.lineno) + 1,
            end_line=node.end_lineno or node.lineno, scope=module.qualname(node), what=what, splices=tuple(splices),
            ground="assumes" if assumed else "same", assumes=assumed, gain=gain, advice=advice,
        )  # fmt: skip
