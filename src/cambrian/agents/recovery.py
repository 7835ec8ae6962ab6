"""What becomes of an agent's effects that a crash has interrupted: nobody knows whether they happened.

Each tool's policy says what to do. *Rerun* gives at-least-once, with a key that is the same each time: exactly-once if
the tool keeps keys. *Seal* and *ask* give at-most-once. *Reconcile* asks the world. Nothing here gives exactly-once by
itself, since nobody can without the tool's help.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from cambrian.core.effect import EffectState, Intent
from cambrian.core.message import ToolCall, ToolResult
from cambrian.core.tool import ToolInvoker
from cambrian.journal.ledger import Change, Conclude

from .book import Book
from .facts import AgentFact, Asked, Resulted, TakenUp
from .machine import Breakpoint, Stage
from .state import AgentState, call_of
from .template import Recovery, Template

__all__ = ["Reconciler", "recover", "sealed"]

Reconciler = Callable[[ToolCall, str], Awaitable[ToolResult | None]]
"""A call and its key → what came of it, if it happened; `None` if it did not, so that it may run again.

Raises whatever it likes if it cannot find out: then a person is asked.
"""
_SEALED = "it had begun when its process ended; nobody knows whether it happened, and it is not run again"


def sealed(call: str, note: str = "") -> ToolResult:
    """The result of a call of which nobody knows what came."""
    return ToolResult(call=call, problem="unknown", error=f"{_SEALED}: {note}" if note else _SEALED)


async def recover(book: Book, template: Template, tools: ToolInvoker, reconcilers: Mapping[str, Reconciler]) -> TakenUp:
    """Settle what was under way, in one transaction, and say what was done.

    Calls that run again, or that were never begun, are left to the next turn.

    Raises:
        JournalError: it could not be written.
    """
    recovering = _Recovering(book.state, template, tools, reconcilers)
    for intent in book.run.unfinished():
        await recovering.take(intent)
    told = recovering.told()
    if book.state.breakpoint in (Breakpoint.PRE_MODEL, Breakpoint.STREAMING_MODEL):
        book.move(Breakpoint.READY)
    book.note(told, *recovering.records, changes=recovering.changes)
    if book.state.breakpoint not in (Breakpoint.READY, Breakpoint.POST_TOOL):
        book.settle()
    await book.commit()
    return told


class _Recovering:
    """Decides about one effect after the other, and gathers what is to be written."""

    def __init__(
        self, state: AgentState, template: Template, tools: ToolInvoker, reconcilers: Mapping[str, Reconciler]
    ) -> None:
        self._state, self._template, self._reconcilers = state, template, reconcilers
        self._known = {tool.name: tool for tool in tools.tools()}
        self.changes: list[Change] = []
        self.records: list[AgentFact] = []
        self._did: dict[str, list[str]] = {"again": [], "sealed": [], "asked": [], "settled": []}
        self._usd: float | None = None

    def told(self) -> TakenUp:
        """What was decided."""
        return TakenUp(**{name: tuple(calls) for name, calls in self._did.items()}, usd=self._usd)

    async def take(self, intent: Intent) -> None:
        """Decide about an effect that had begun."""
        each = self._state.round.get(call_of(intent.effect))
        if each is None:
            self._model(intent)
        elif each.stage is not Stage.AWAITING:  # it is asked about already
            await self._decide(self._policy(each.call.tool), each.call, intent)

    async def _decide(self, policy: Recovery, call: ToolCall, intent: Intent) -> None:
        if policy == "rerun":
            self._rerun(call)
        elif policy == "seal":
            self._seal(call, intent)
        elif policy == "ask":
            self._ask(call)
        else:
            await self._reconcile(call, intent)

    def _model(self, intent: Intent) -> None:
        """It may have been answered, and paid: the most that it can have cost counts as spent."""
        bound = intent.data.get("bound")
        if isinstance(bound, int | float):
            self._usd = (self._usd or 0.0) + bound
        self.changes.append(Conclude(intent.effect, EffectState.SEALED, "its process ended"))

    def _policy(self, name: str) -> Recovery:
        tool = self._known.get(name)
        if tool is None:  # nobody could run it again
            return "seal"
        default: Recovery = "rerun" if tool.idempotent or tool.read_only else "seal"
        return self._template.recovery.get(name, default)

    def _rerun(self, call: ToolCall) -> None:
        self._did["again"].append(call.id)

    def _seal(self, call: ToolCall, intent: Intent) -> None:
        self._did["sealed"].append(call.id)
        self._conclude(intent, EffectState.SEALED, sealed(call.id))

    def _ask(self, call: ToolCall, reason: str = "") -> None:
        self._did["asked"].append(call.id)
        self.records.append(Asked(call=call.id, why="unknown", reason=reason or _SEALED.partition(",")[0]))

    async def _reconcile(self, call: ToolCall, intent: Intent) -> None:
        reconciler = self._reconcilers.get(call.tool)
        if reconciler is None:
            self._ask(call, f"nobody was given who could find out about {call.tool!r}")
            return
        try:
            result = await reconciler(call, intent.key)
        except Exception as error:  # noqa: BLE001 - the hook call's boundary: a person is asked instead
            self._ask(call, f"to find out failed with {type(error).__name__}: {error}")
            return
        if result is None:
            self._rerun(call)
        else:
            self._did["settled"].append(call.id)
            self._conclude(intent, EffectState.FAILED if result.problem else EffectState.APPLIED, result)

    def _conclude(self, intent: Intent, state: EffectState, result: ToolResult) -> None:
        self.changes.append(Conclude(intent.effect, state, result.error[:200]))
        self.records.append(Resulted(result=result))
