"""Tools: what running code may call. Their description, one call, its answer, and the port that carries a call out.

A tool's result is data from outside: it goes back into the sandbox as a value, is never spliced into code, and never
decides anything by what it says.
"""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable

import msgspec

from .checks import check_text

__all__ = ["Answer", "Call", "Tool", "ToolInvoker"]


class Tool(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A function that running code may call.

    Args:
        name: an identifier in Python and in JavaScript.
        description: for whoever writes the code; one line or more.
        parameters: JSON Schema (draft 2020-12) of an object: one property per parameter, in order.
        returns: JSON Schema of the result; empty if it is not known.
        asynchronous: whether Python code awaits it. JavaScript always does.
        read_only: it changes nothing in the world, so it may be called ahead of time and its result thrown away.
        idempotent: calling it twice with one key does what calling it once does, so an unknown call may be repeated.
        approval: whether a person has to allow each call.
        server: which tool server it comes from; "" for a Python function.
        version: changes when the tool's behaviour may have changed; part of a cached result's key.
    """

    name: str
    description: str = ""
    parameters: dict[str, object] = {}
    returns: dict[str, object] = {}
    asynchronous: bool = False
    read_only: bool = False
    idempotent: bool = False
    approval: bool = False
    server: str = ""
    version: str = ""

    def __post_init__(self) -> None:
        check_text("a tool's name", self.name, example='name="fetch_weather"')


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """A call that running code makes. From an enemy: nothing in it is checked but its shape.

    Args:
        id: number of the call in its execution, from 0, as the running code counts.
        tool: name of the tool.
        args: positional arguments, JSON values.
        kwargs: arguments by name, JSON values.
    """

    id: int
    tool: str
    args: list[Any] = []
    kwargs: dict[str, Any] = {}


class Answer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a call gave.

    Args:
        call: the call's id.
        value: the result, a JSON value, if there is no error.
        error: what went wrong, as the running code is to see it; raised there as a ``ToolError``.
    """

    call: int
    value: object = None
    error: str = ""


@runtime_checkable
class ToolInvoker(Protocol):
    """Carries calls out. Handed to the sandbox from above."""

    def tools(self) -> tuple[Tool, ...]:
        """The tools there are, in a fixed order."""
        ...

    def refusal(self, call: Call) -> str:
        """Why a call may not happen: no such tool, arguments against the schema, not allowed; "" if it may."""
        ...

    async def approve(self, call: Call) -> str:
        """Ask whoever has to be asked. Returns at once for tools that need no approval.

        Returns:
            Why it was denied, or "".
        """
        ...

    async def invoke(self, call: Call, *, key: str) -> Answer:
        """Carry one call out. What the tool raises is the answer's error; calls of several tasks run side by side.

        Args:
            call: one that `refusal` has nothing against.
            key: idempotency key, the same whenever this very call is repeated after a crash.
        """
        ...
