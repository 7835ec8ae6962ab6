"""`Template`: what an agent is made from. Immutable: another text is another version, with a digest of its own."""

from __future__ import annotations

from typing import Literal

import msgspec

from cambrian.core.checks import check_choice, check_number, check_text, check_whole
from cambrian.core.ids import Digest, digest

from .context import Context
from .permission import Permission

__all__ = ["Allowance", "Recovery", "Template"]

Recovery = Literal["rerun", "seal", "ask", "reconcile"]
_POLICIES: tuple[Recovery, ...] = ("rerun", "seal", "ask", "reconcile")


class Allowance(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one agent may take.

    Args:
        working: seconds from a message to the rest that follows it; then it is interrupted.
        answers: of models, from a message to the rest that follows it.
        attempts: of one model call that fails for a reason that may pass.
        at_once: tools that run side by side.
        result: bytes of a tool's result, as JSON; a larger one is cut, and says so.
    """

    working: float = 300.0
    answers: int = 100
    attempts: int = 4
    at_once: int = 3
    result: int = 10 * 2**20

    def __post_init__(self) -> None:
        check_number("allowance.working", self.working, example="working=300.0")
        for name in ("answers", "attempts", "at_once", "result"):
            check_whole(f"allowance.{name}", getattr(self, name), example=f"{name}=3")


class Template(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an agent is made from.

    Args:
        name: for people.
        version: for people; what counts is `digest`.
        system: who the model is to be.
        permission: which calls may happen.
        recovery: tool → what becomes of a call that a crash has interrupted: run it again under the same key, seal it
            and never run it again, ask a person, or find out by a reconciler. Tools that are not named: those marked
            read-only or idempotent run again, all others are sealed.
        allowance: what it may take.
        context: how much of its history models are shown.
    """

    name: str
    version: str = "1"
    system: str = ""
    permission: Permission = Permission()
    recovery: dict[str, Recovery] = {}
    allowance: Allowance = Allowance()
    context: Context = Context()

    def __post_init__(self) -> None:
        check_text("template.name", self.name, example='name="reviewer"')
        for tool, policy in self.recovery.items():
            check_choice(f"template.recovery[{tool!r}]", policy, _POLICIES, example='{"send_mail": "ask"}')

    @property
    def digest(self) -> Digest:
        """Changes with whatever an agent would do otherwise."""
        return digest(msgspec.json.encode(self))
