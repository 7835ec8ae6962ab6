"""Tools, policy: which tools running code may see and call, and which calls a person has to allow. Pure."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from fnmatch import fnmatchcase

import msgspec

from cambrian.core.errors import UsageError
from cambrian.core.tool import Call, Tool

__all__ = ["Approve", "ToolPolicy", "matched"]

Approve = Callable[[Tool, Call], Awaitable[bool | str]]
"""Asks somebody. `True` allows this one call; `False`, or a text that says why, denies it."""


class ToolPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """Who may do what. Patterns are globs (``fetch_*``) over a tool's name, or over ``SERVER/NAME`` as it is there.

    Args:
        allow: tools that may be seen and called.
        deny: tools that may not, even if they are allowed.
        ask: tools of which each call needs approval, besides those that say so themselves.
        approved: tools that need none after all, because the user says so once for all calls.
        approve: asks somebody; without it whatever needs approval is denied.
    """

    allow: tuple[str, ...] = ("*",)
    deny: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()
    approved: tuple[str, ...] = ()
    approve: Approve | None = None

    def __post_init__(self) -> None:
        for name in ("allow", "deny", "ask", "approved"):
            patterns = getattr(self, name)
            if isinstance(patterns, str) or not all(isinstance(each, str) and each for each in patterns):
                raise UsageError(f'{name} is {patterns!r}; a tuple of globs is wanted; write {name}=("fetch_*",)')

    def refusal(self, names: Iterable[str]) -> str:
        """Why a tool of these names may not be called; "" if it may."""
        known = tuple(names)
        denied = matched(self.deny, known)
        if denied:
            return f"it is on the deny list, by the pattern {denied!r}; take that out to allow it"
        if not matched(self.allow, known):
            return f"it is not on the allow list; add {known[0]!r} to it to allow it"
        return ""

    def asks(self, tool: Tool, names: Iterable[str]) -> bool:
        """Whether each call needs approval."""
        known = tuple(names)
        return bool(tool.approval or matched(self.ask, known)) and not matched(self.approved, known)

    async def denial(self, tool: Tool, call: Call) -> str:
        """Ask; why a call that needs approval was denied, or ""."""
        if self.approve is None:
            return (
                f"{tool.name}() needs approval, and nobody was there to ask; to allow it, pass approve=… to the "
                f'toolbox; to allow all of its calls, approved=("{tool.name}",), or --approve {tool.name} for a command'
            )
        answer = await self.approve(tool, call)
        if answer is True:
            return ""
        return f"{tool.name}() was denied{f': {answer}' if answer else ''}"


def matched(patterns: Sequence[str], names: Sequence[str]) -> str:
    """The first pattern that one of the names matches, or ""."""
    return next((each for each in patterns if any(fnmatchcase(name, each) for name in names)), "")
