"""Sandbox, scripts, router: presets, and how strongly each wants a runtime confined. A fixed table; nothing learns.

A *wall* is something that code must break through, and each is of another make:

- the **engine**: a virtual machine made for code that is not trusted, which offers no files, network or processes
  (Monty, QuickJS), or asks a permission system of its own for each (Deno). CPython, Node and Bun are no such wall.
- the **process**: every runtime's worker is one of its own, with an empty environment; it can be killed.
- the **jail** around the process, by its level: L3 own namespaces, landlock and seccomp; L2 landlock and seccomp; L1
  resource limits only.

============  ==============================  ==============================
preset        engine is a wall                engine is no wall
============  ==============================  ==============================
``dev``       level 1 or better               level 2 or better
``standard``  level 2 or better               level 3
``strict``    level 3                         not allowed: one wall is not enough
============  ==============================  ==============================

At level 2 a jail allows one process, so runtimes of several (`SEVERAL`) are not allowed there by any preset.

A runtime that the table does not know counts as one whose engine is no wall. Level 0 is never enough.
"""

from __future__ import annotations

from typing import Literal, cast

import msgspec

from cambrian.core.checks import check_choice
from cambrian.core.limits import Level

__all__ = ["ENGINE_WALLS", "PRESETS", "SEVERAL", "Floor", "Preset", "floor"]

Preset = Literal["dev", "standard", "strict"]
PRESETS: tuple[Preset, ...] = ("dev", "standard", "strict")

ENGINE_WALLS = frozenset(("monty", "quickjs", "deno"))
"""Runtimes whose engine is a wall."""

SEVERAL = frozenset(("monty", "deno", "node", "bun"))
"""Runtimes that consist of several processes, of which a jail of level 2 allows one."""


class Floor(msgspec.Struct, frozen=True, kw_only=True):
    """What a preset wants.

    Args:
        preset: its name.
        walled: the least level of the jail around an engine that is a wall.
        bare: the same for other engines; ``None`` if they are not allowed.
    """

    preset: Preset
    walled: Level
    bare: Level | None

    def _needed(self, runtime: str) -> Level | None:
        return self.walled if runtime in ENGINE_WALLS else self.bare

    def allows(self, runtime: str, level: Level) -> bool:
        """Whether a runtime at a level may run anything."""
        needed = self._needed(runtime)
        return needed is not None and level >= needed and not (level is Level.L2 and runtime in SEVERAL)

    def refusal(self, runtime: str, level: Level) -> str:
        """Why a runtime at a level may not run anything, or "" if it may."""
        needed = self._needed(runtime)
        if needed is None:
            return (
                f"preset {self.preset!r} wants an engine that is a wall of its own, and {runtime!r} is none"
                f"{_way_out(runtime, level)}"
            )
        if level < needed:
            return (
                f"preset {self.preset!r} wants {runtime!r} at jail level {int(needed)}, and it has level {int(level)}"
                f"{_way_out(runtime, level)}"
            )
        if not self.allows(runtime, level):
            return f"{runtime!r} is of several processes, and jail level 2 allows one{_way_out(runtime, level)}"
        return ""


def _way_out(runtime: str, level: Level) -> str:
    """The strongest preset that allows the runtime at this level, and what makes the level better."""
    allows = next((name for name in reversed(PRESETS) if _FLOORS[name].allows(runtime, level)), None)
    words = f"; --preset {allows} allows it" if allows else f"; no preset allows it at level {int(level)}"
    return words if level is Level.L3 else f"{words}, and `cambrian doctor` says what level 3 wants"


_FLOORS: dict[Preset, Floor] = {
    "dev": Floor(preset="dev", walled=Level.L1, bare=Level.L2),
    "standard": Floor(preset="standard", walled=Level.L2, bare=Level.L3),
    "strict": Floor(preset="strict", walled=Level.L3, bare=None),
}


def floor(preset: str) -> Floor:
    """The floor of a preset.

    Raises:
        UsageError: there is no such preset.
    """
    check_choice("preset", preset, PRESETS, example='preset="standard"')
    return _FLOORS[cast("Preset", preset)]
