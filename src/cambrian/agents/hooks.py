"""Hooks, which may alter or veto, and observers, which may only watch.

A hook that raises stops the turn, and the agent says so: a guard that fails must not let through what it guards.
"""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from typing import Protocol, TypeVar

import msgspec

from cambrian.core.errors import CambrianError
from cambrian.core.message import ToolCall, ToolResult
from cambrian.core.model import Completion, Request
from cambrian.core.tool import Tool

from .permission import Verdict

__all__ = ["Hook", "HookError", "Hooks", "Ruling"]

_T = TypeVar("_T")


class Ruling(msgspec.Struct, frozen=True, kw_only=True):
    """What a hook says about a call that is about to happen.

    Args:
        verdict: ``deny`` and ``ask`` outweigh the permission's ``allow``; ``allow`` outweighs nothing.
        reason: one line.
        result: what the call is taken to have given: it does not happen.
        input: other arguments for it.
    """

    verdict: Verdict = "allow"
    reason: str = ""
    result: object | None = None
    input: dict[str, object] | None = None


class HookError(CambrianError, RuntimeError):
    """A hook raised; named in the agent's journal."""


class Hook(Protocol):
    """Whoever may alter or veto. All methods have a default that does neither: write those that you need."""

    async def before_model(self, request: Request) -> Request:
        """The request that is made instead."""
        return request

    async def after_model(self, completion: Completion) -> Completion:
        """The answer that counts instead."""
        return completion

    async def before_tool(self, call: ToolCall, tool: Tool) -> Ruling | None:
        """What to do about a call; `None`: nothing."""
        del call, tool

    async def after_tool(self, call: ToolCall, result: ToolResult) -> ToolResult:
        """The result that the model is told instead."""
        del call
        return result


class Hooks:
    """Several hooks, one after the other.

    Args:
        hooks: in the order in which they are asked.
    """

    def __init__(self, hooks: Sequence[Hook] = ()) -> None:
        self._hooks = tuple(hooks)

    def __bool__(self) -> bool:
        return bool(self._hooks)

    async def before_model(self, request: Request) -> Request:
        """See `Hook`.

        Raises:
            HookError: one raised.
        """
        for hook in self._hooks:
            request = await _asked(hook, "before_model", hook.before_model(request))
        return request

    async def after_model(self, completion: Completion) -> Completion:
        """See `Hook`.

        Raises:
            HookError: one raised.
        """
        for hook in self._hooks:
            completion = await _asked(hook, "after_model", hook.after_model(completion))
        return completion

    async def before_tool(self, call: ToolCall, tool: Tool) -> Ruling | None:
        """The first ruling that says something.

        Raises:
            HookError: one raised.
        """
        for hook in self._hooks:
            ruling = await _asked(hook, "before_tool", hook.before_tool(call, tool))
            if ruling is not None:
                return ruling
        return None

    async def after_tool(self, call: ToolCall, result: ToolResult) -> ToolResult:
        """See `Hook`.

        Raises:
            HookError: one raised.
        """
        for hook in self._hooks:
            result = await _asked(hook, "after_tool", hook.after_tool(call, result))
        return result


async def _asked(hook: Hook, name: str, answer: Awaitable[_T]) -> _T:
    try:
        return await answer
    except Exception as error:
        raise HookError(f"{type(hook).__name__}.{name} raised {type(error).__name__}: {error}") from error
