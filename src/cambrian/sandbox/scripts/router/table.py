"""Sandbox, scripts, router: what a runtime can do, by feature, as probing it has shown. A value; runs nothing."""

from __future__ import annotations

from collections.abc import Collection

import msgspec

__all__ = ["RARE_IMPORTS", "Capabilities"]

RARE_IMPORTS = frozenset(("import:colorsys", "import:mailbox", "import:sched", "import:wave"))
"""Modules of Python's library that nobody offers one by one: who has none of them offers a short list of modules, and
what is not known to be on it is not there."""

_TYPESCRIPT = "syntax:typescript-"
"""What cannot be erased: a runtime without a TypeScript of its own certainly lacks it."""


class Capabilities(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is known of one version of a runtime.

    Args:
        runtime: its name.
        version: of the engine.
        features: names as in `source.features_script`, and whether the runtime has them.
        start_ms: what a script that does nothing takes, measured here; 0 if that is not known.
        typescript: whether it runs TypeScript itself, so that what cannot be erased is unknown rather than missing.
    """

    runtime: str
    version: str
    features: dict[str, bool] = {}
    start_ms: float = 0.0
    typescript: bool = False

    def has(self, need: str) -> bool | None:
        """Whether the runtime has a feature; ``None`` if nobody knows."""
        known = self.features.get(need)
        if known is not None:
            return known
        if need.startswith(_TYPESCRIPT):
            return None if self.typescript else False
        return False if need.startswith("import:") and self._short_list() else None

    def lacks(self, needs: Collection[str]) -> tuple[str, ...]:
        """Those of some features that the runtime certainly has not."""
        return tuple(need for need in needs if self.has(need) is False)

    def unknown(self, needs: Collection[str]) -> tuple[str, ...]:
        """Those of some features of which nobody knows."""
        return tuple(need for need in needs if self.has(need) is None)

    def without(self, feature: str) -> Capabilities:
        """The same, with a feature that turned out to be missing."""
        return msgspec.structs.replace(self, features={**self.features, feature: False})

    def _short_list(self) -> bool:
        return {self.features.get(need) for need in RARE_IMPORTS} == {False}
