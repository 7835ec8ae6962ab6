"""The effects of a run that are not finished, folded from its events. Pure: no I/O.

Finished effects are forgotten, so that memory does not grow with a run's length. Hence an effect that was never
intended and one that is finished look the same: both are refused.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import msgspec

from cambrian.core.effect import EffectId, EffectState, Intent, check_transition
from cambrian.core.errors import EffectConflict, StoreDamaged
from cambrian.core.event import Event, Fact, fact

INTENDED = "effect.intended"
STARTED = "effect.started"
CONCLUDED = "effect.concluded"
EFFECT_EVENTS = (INTENDED, STARTED, CONCLUDED)

_OPEN_STATES = (EffectState.PENDING, EffectState.EXECUTING)


class Intended(msgspec.Struct, frozen=True, kw_only=True):
    """Data of ``effect.intended``: `state` is pending, or executing if it starts at once."""

    intent: Intent
    state: EffectState


class Started(msgspec.Struct, frozen=True, kw_only=True):
    """Data of ``effect.started``: a pending effect is executing from now on."""

    effect: EffectId


class Concluded(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Data of ``effect.concluded``: the final state, and for sealed ones why."""

    effect: EffectId
    state: EffectState
    why: str = ""


class Standing(NamedTuple):
    """An unfinished effect; `number` counts intents."""

    intent: Intent
    state: EffectState
    number: int


class Begin(NamedTuple):
    """An effect is about to happen, or waits to be allowed."""

    intent: Intent
    state: EffectState = EffectState.EXECUTING


class Start(NamedTuple):
    """A pending effect is about to happen."""

    effect: EffectId


class Conclude(NamedTuple):
    """An effect is over: see `Run.conclude`."""

    effect: EffectId
    state: EffectState
    why: str = ""


Change = Begin | Start | Conclude


class Made(NamedTuple):
    """Changes that were made: their facts, and what takes them back."""

    facts: tuple[Fact, ...]
    undo: Callable[[], None]


class Ledger:
    """The unfinished effects of one run, in the order of their intents."""

    def __init__(self) -> None:
        self._open: dict[EffectId, Standing] = {}
        self._count = 0

    def in_state(self, state: EffectState) -> tuple[Intent, ...]:
        """Intents of the effects that stand so."""
        standing = sorted(self._open.values(), key=lambda each: each.number)
        return tuple(each.intent for each in standing if each.state is state)

    def __len__(self) -> int:
        return len(self._open)

    def intend(self, intent: Intent, state: EffectState) -> Fact:
        """Enter a new effect.

        Raises:
            EffectConflict: its id or its key belongs to an unfinished effect, or `state` is a final one.
        """
        if state not in _OPEN_STATES:
            raise EffectConflict(f"effect {intent.effect!r} cannot begin as {state.value!r}; pending or executing")
        for standing in self._open.values():
            other = standing.intent
            if intent.effect == other.effect:
                raise EffectConflict(f"effect {intent.effect!r} is unfinished already; give each effect its own id")
            if intent.key == other.key:
                raise EffectConflict(
                    f"effect {intent.effect!r} has the idempotency key {intent.key!r} of the unfinished effect "
                    f"{other.effect!r}: they are the same effect; wait for its outcome"
                )
        self._count += 1
        self._open[intent.effect] = Standing(intent, state, self._count)
        return fact(INTENDED, Intended(intent=intent, state=state))

    def start(self, effect: EffectId) -> Fact:
        """Move a pending effect to executing.

        Raises:
            EffectConflict: it is not pending.
        """
        standing = self._standing(effect)
        check_transition(effect, standing.state, EffectState.EXECUTING)
        self._open[effect] = standing._replace(state=EffectState.EXECUTING)
        return fact(STARTED, Started(effect=effect))

    def conclude(self, effect: EffectId, state: EffectState, why: str = "") -> Fact:
        """Finish an effect.

        Raises:
            EffectConflict: it is not unfinished, or may not become `state`; pending to executing is `start`.
        """
        standing = self._standing(effect)
        check_transition(effect, standing.state, state)
        if state in _OPEN_STATES:
            raise EffectConflict(f"effect {effect!r} cannot conclude as {state.value!r}, which is not final; use start")
        del self._open[effect]
        return fact(CONCLUDED, Concluded(effect=effect, state=state, why=why))

    def make(self, changes: Sequence[Change]) -> Made:
        """Make all of some changes, or none.

        Raises:
            EffectConflict: see `intend`, `start` and `conclude`.
        """
        before: list[tuple[EffectId, Standing | None]] = []

        def undo() -> None:
            for effect, standing in reversed(before):
                self._put_back(effect, standing)

        facts: list[Fact] = []
        try:
            for change in changes:
                effect = change.intent.effect if isinstance(change, Begin) else change.effect
                standing = self._open.get(effect)
                facts.append(self._made(change))
                before.append((effect, standing))
        except EffectConflict:
            undo()
            raise
        return Made(tuple(facts), undo)

    def _made(self, change: Change) -> Fact:
        if isinstance(change, Begin):
            return self.intend(change.intent, change.state)
        return self.start(change.effect) if isinstance(change, Start) else self.conclude(*change)

    def _standing(self, effect: EffectId) -> Standing:
        try:
            return self._open[effect]
        except KeyError:
            raise EffectConflict(
                f"effect {effect!r} is not unfinished: it was never intended, or its outcome is recorded already"
            ) from None

    def _put_back(self, effect: EffectId, standing: Standing | None) -> None:
        if standing is None:
            self._open.pop(effect, None)
        else:
            self._open[effect] = standing

    def replay(self, event: Event) -> None:
        """Take a recorded event in; those of other types are passed over.

        Raises:
            StoreDamaged: the events contradict the state table.
        """
        try:
            self._replay(event)
        except (EffectConflict, msgspec.ValidationError) as error:
            raise StoreDamaged(
                f"event {event.seq} of run {event.run!r} cannot follow what is before: {error}"
            ) from error

    def _replay(self, event: Event) -> None:
        if event.type == INTENDED:
            intended = msgspec.json.decode(event.data, type=Intended)
            self.intend(intended.intent, intended.state)
        elif event.type == STARTED:
            self.start(msgspec.json.decode(event.data, type=Started).effect)
        elif event.type == CONCLUDED:
            concluded = msgspec.json.decode(event.data, type=Concluded)
            self.conclude(concluded.effect, concluded.state)
