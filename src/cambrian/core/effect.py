"""`Effect`: something a run did to the world, and the one table of its states.

::

    pending ──→ executing ──→ applied
       │            ├───────→ failed
       ├─→ denied   └───────→ sealed      (found executing after a crash: unknown, and not idempotent)
       └─→ sealed

An effect found *executing* after a crash is **unknown**: it may or may not have happened. It is run again only if it
was declared idempotent; otherwise it is sealed, asked about or reconciled.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NewType

import msgspec

from .errors import EffectConflict

EffectId = NewType("EffectId", str)


class EffectState(StrEnum):
    """Where an effect stands."""

    PENDING = "pending"
    EXECUTING = "executing"
    APPLIED = "applied"
    FAILED = "failed"
    DENIED = "denied"
    SEALED = "sealed"


TRANSITIONS: dict[EffectState, frozenset[EffectState]] = {
    EffectState.PENDING: frozenset({EffectState.EXECUTING, EffectState.DENIED, EffectState.SEALED}),
    EffectState.EXECUTING: frozenset({EffectState.APPLIED, EffectState.FAILED, EffectState.SEALED}),
    EffectState.APPLIED: frozenset(),
    EffectState.FAILED: frozenset(),
    EffectState.DENIED: frozenset(),
    EffectState.SEALED: frozenset(),
}


class Intent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is about to be done; journalled before it starts.

    Args:
        effect: id, unique in the run.
        kind: ``"evaluate"``, ``"model_call"``, ``"tool"`` …
        key: idempotency key: equal keys mean the same effect.
        idempotent: whether running it twice does no harm.
        data: what is needed to run it again; JSON values only.
    """

    effect: EffectId
    kind: str
    key: str
    idempotent: bool = False
    data: dict[str, object] = {}


def check_transition(effect: EffectId, old: EffectState, new: EffectState) -> None:
    """Refuse a transition that the table does not have.

    Raises:
        EffectConflict: naming the effect and both states.
    """
    if new not in TRANSITIONS[old]:
        allowed = ", ".join(sorted(TRANSITIONS[old])) or "none: the state is final"
        raise EffectConflict(f"effect {effect!r} is {old.value!r} and cannot become {new.value!r} (allowed: {allowed})")
