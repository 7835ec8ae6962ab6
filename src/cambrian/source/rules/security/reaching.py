"""Rules of one kind: a value from outside reaches a sink. What such a rule says of itself is its texts. Trees only."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from cambrian.source.edit import Splice
from cambrian.source.taint.frame import Hit
from cambrian.source.taint.value import HOSTILE, Step

from .finding import Finding, SecurityRule, Seen, Severity, is_local, severity_of

__all__ = ["ReachingRule"]


class ReachingRule(SecurityRule):
    """Finds sinks that a value reaches.

    Attributes:
        sinks: classes of sinks.
        places: which arguments matter; ``"receiver"`` is what a method belongs to; none: any.
        least: how little trust it takes: `HOSTILE`, from outside for certain, or `OPAQUE`, of unknown origin.
        local: whether it matters, too, if the value belongs to whoever started the program.
        what: what happens there, with ``{call}``.
        advice: what to do.
    """

    sinks: tuple[str, ...]
    places: tuple[int | str, ...] = (0,)
    least: int = HOSTILE
    local: bool = False
    what: str
    advice: str

    def findings(self, seen: Seen) -> Iterator[Finding]:
        """The sinks of a file."""
        for hit in seen.unit.of(*self.sinks):
            if self.concerns(seen, hit):
                yield from self._judge(seen, hit)

    def concerns(self, seen: Seen, hit: Hit) -> bool:
        """Whether a sink is one of this rule's."""
        del seen
        return hit.sink in self.sinks

    def fix(self, seen: Seen, hit: Hit) -> Iterable[Splice]:
        """The edits, if there are any."""
        del seen, hit
        return ()

    def grade(self, seen: Seen, hit: Hit, trust: int, step: Step | None) -> Severity:
        """How bad it is."""
        del seen, hit
        return severity_of(trust, step, self.severity)

    def _judge(self, seen: Seen, hit: Hit) -> Iterator[Finding]:
        value, step, at = self._worst(seen, hit)
        if value == 0:
            return
        call = hit.tag.lstrip(".").replace("builtins.", "")
        quiet = value < self.least or (is_local(step) and not self.local)
        yield self.found(
            seen, hit.node, self.what.format(call=f"{call}()" if isinstance(hit.node, ast.Call) else call), step=step,
            severity=self.grade(seen, hit, value, step), hit=hit, argument=at, advice=self.advice, dormant=quiet,
            splices=self.fix(seen, hit),
        )  # fmt: skip

    def _worst(self, seen: Seen, hit: Hit) -> tuple[int, Step | None, int | str]:
        worst: tuple[int, Step | None, int | str] = (0, None, 0)
        for place in self.places or tuple(hit.arguments):
            if place == "receiver":
                trust = 0 if hit.receiver.harmless(hit.sink) else hit.receiver.level
                step = seen.unit.step(hit.node, f"used by {hit.tag}", hit.receiver.step)
            else:
                trust, step = seen.worst(hit, place)
            if trust > worst[0]:
                worst = (trust, step, place)
        return worst
