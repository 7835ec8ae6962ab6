"""Which calls may happen, which a person is asked about, which are refused. What is not known is refused.

In this order: the deny list, the allow list, what must be asked about, the mode.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

import msgspec

from cambrian.core.errors import UsageError
from cambrian.core.tool import Tool

__all__ = ["MODES", "Mode", "Permission", "Permissions", "Verdict"]

Verdict = Literal["allow", "ask", "deny"]
Mode = Callable[[Tool, Mapping[str, object]], Verdict]
"""A tool, and the arguments by name → what becomes of the call."""


def _auto(tool: Tool, arguments: Mapping[str, object]) -> Verdict:
    del arguments
    return "ask" if tool.approval else "allow"


def _approval(tool: Tool, arguments: Mapping[str, object]) -> Verdict:
    del tool, arguments
    return "ask"


def _read_only(tool: Tool, arguments: Mapping[str, object]) -> Verdict:
    del arguments
    if not tool.read_only:
        return "deny"
    return "ask" if tool.approval else "allow"


MODES: dict[str, Mode] = {"auto": _auto, "approval": _approval, "read-only": _read_only}
"""The modes that there are without anybody's doing."""


class Permission(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a template says about calls.

    Args:
        mode: ``auto``: all but those marked so by their tool happen unasked; ``approval``: all are asked about;
            ``read-only``: what may change something is refused; or the name of a mode of one's own.
        allow: names of tools; if there are any, all others are refused.
        deny: names of tools that are refused.
        ask: names of tools that are asked about, whatever the mode says in their favour.
    """

    mode: str = "auto"
    allow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()


class Permissions:
    """Decides about calls.

    Args:
        permission: of the agent's template.
        modes: modes of one's own, by name. Those of `MODES` keep their names.

    Raises:
        UsageError: a mode is named that there is not, or one of one's own has a taken name.
    """

    def __init__(self, permission: Permission, modes: Mapping[str, Mode] | None = None) -> None:
        own = dict(modes or {})
        if taken := sorted(own.keys() & MODES.keys()):
            raise UsageError(f"mode {taken[0]!r} is there already; give yours another name")
        known = {**own, **MODES}
        if permission.mode not in known:
            raise UsageError(f"there is no permission mode {permission.mode!r}; there are {', '.join(sorted(known))}")
        self._permission, self._mode = permission, known[permission.mode]

    def verdict(self, tool: Tool, arguments: Mapping[str, object]) -> tuple[Verdict, str]:
        """What becomes of a call, and the reason in a line."""
        permission, name = self._permission, tool.name
        if name in permission.deny:
            return "deny", f"the tool {name!r} is on the deny list"
        if permission.allow and name not in permission.allow:
            return "deny", f"the tool {name!r} is not on the allow list ({_listed(permission.allow)})"
        verdict = self._mode(tool, arguments)
        if verdict not in ("allow", "ask", "deny"):  # a mode of one's own may say anything
            return "deny", f"mode {permission.mode!r} said {verdict!r}, which is neither allow, ask nor deny"
        if verdict == "allow" and name in permission.ask:
            return "ask", f"the tool {name!r} is always asked about"
        return verdict, f"mode {permission.mode!r}"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)
