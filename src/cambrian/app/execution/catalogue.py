"""App, execution: the runtimes of scripts that there are, each started when first needed and kept."""

from __future__ import annotations

import importlib
from typing import Protocol, cast

from cambrian.core.errors import CapabilityMissing, UsageError
from cambrian.core.limits import Level, Limits
from cambrian.core.script import Language
from cambrian.sandbox.scripts.driven import Driver
from cambrian.sandbox.scripts.runtime import DrivenRuntime

__all__ = ["NAMES", "Catalogue"]

NAMES = ("monty", "cpython", "quickjs", "deno", "bun", "node")
"""Every runtime, the cheapest of each language first."""


class _Module(Protocol):
    def driver(self) -> Driver: ...


def find_driver(name: str) -> Driver:
    """The driver of a runtime.

    Raises:
        UsageError: there is no such runtime.
        CapabilityMissing: its engine is not installed; says how to install it.
    """
    if name not in NAMES:
        raise UsageError(f"there is no runtime {name!r}; there are {', '.join(NAMES)}")
    return cast("_Module", importlib.import_module(f"cambrian.sandbox.scripts.{name}")).driver()


class Catalogue:
    """The runtimes of one sandbox.

    Args:
        workers: scripts at a time, of each runtime.
        level: of the jails; None takes the best there is.
        limits: those that workers are made ready for.
    """

    def __init__(self, *, workers: int, level: Level | None = None, limits: Limits | None = None) -> None:
        self._workers, self._level, self._limits = workers, level, limits
        self._drivers: dict[str, Driver | CapabilityMissing] = {}
        self._runtimes: dict[str, DrivenRuntime] = {}

    def driver(self, name: str) -> Driver:
        """See `find_driver`; looked for once."""
        if name not in self._drivers:
            try:
                self._drivers[name] = find_driver(name)
            except CapabilityMissing as error:
                self._drivers[name] = error
        found = self._drivers[name]
        if isinstance(found, CapabilityMissing):
            raise found
        return found

    def missing(self, name: str) -> str:
        """Why a runtime is not here; "" if it is."""
        try:
            self.driver(name)
        except CapabilityMissing as error:
            return str(error)
        return ""

    def here(self, language: Language) -> tuple[str, ...]:
        """The runtimes of a language whose engines are installed."""
        return tuple(name for name in NAMES if not self.missing(name) and language in self.driver(name).languages)

    def get(self, name: str) -> DrivenRuntime:
        """A runtime, whose workers are started when first used.

        Raises:
            UsageError, CapabilityMissing: see `find_driver`.
        """
        if name not in self._runtimes:
            driver = self.driver(name)
            self._runtimes[name] = DrivenRuntime(driver, workers=self._workers, level=self._level, limits=self._limits)
        return self._runtimes[name]

    async def aclose(self) -> None:
        """End every worker. Idempotent."""
        while self._runtimes:
            _, runtime = self._runtimes.popitem()
            await runtime.aclose()
