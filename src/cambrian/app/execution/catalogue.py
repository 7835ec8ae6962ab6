"""App, execution: the runtimes of scripts that there are, each started when first needed and kept."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Protocol, cast

from cambrian.core.errors import CapabilityMissing, UsageError
from cambrian.core.limits import Level, Limits
from cambrian.core.script import Language
from cambrian.sandbox.scripts.driven import Driver
from cambrian.sandbox.scripts.runtime import DrivenRuntime

__all__ = ["NAMES", "WITH_FILES", "Catalogue"]

NAMES = ("monty", "cpython", "quickjs", "deno", "bun", "node")
"""Every runtime, the cheapest of each language first."""
WITH_FILES = ("cpython", "deno", "bun", "node")
"""Runtimes whose scripts can open files."""


class _Module(Protocol):
    def driver(self, readable: tuple[Path, ...] = (), here: str = "") -> Driver: ...


def find_driver(name: str, readable: tuple[Path, ...] = (), here: str = "") -> Driver:
    """The driver of a runtime.

    Args:
        name: of the runtime.
        readable: folders that scripts may read, where the runtime has files.
        here: the folder that such scripts are in, so that relative paths mean what they mean outside.

    Raises:
        UsageError: there is no such runtime.
        CapabilityMissing: its engine is not installed; says how to install it.
    """
    if name not in NAMES:
        raise UsageError(f"there is no runtime {name!r}; there are {', '.join(NAMES)}")
    module = cast("_Module", importlib.import_module(f"cambrian.sandbox.scripts.{name}"))
    return module.driver(readable, here) if readable and name in WITH_FILES else module.driver()


class Catalogue:
    """The runtimes of one sandbox.

    Args:
        workers: scripts at a time, of each runtime.
        level: of the jails; None takes the best there is.
        limits: those that workers are made ready for.
        readable: folders that scripts may read, where the runtime has files.
        here: see `find_driver`.
    """

    def __init__(
        self,
        *,
        workers: int,
        level: Level | None = None,
        limits: Limits | None = None,
        readable: tuple[Path, ...] = (),
        here: str = "",
    ) -> None:
        self._here = here
        self._workers, self._level, self._limits, self._readable = workers, level, limits, readable
        self._drivers: dict[str, Driver | CapabilityMissing] = {}
        self._runtimes: dict[str, DrivenRuntime] = {}

    def driver(self, name: str) -> Driver:
        """See `find_driver`; looked for once."""
        found = self._found(name)
        if isinstance(found, CapabilityMissing):
            raise found.with_traceback(None)  # raised again and again, it would keep the frames of every run
        return found

    def folders(self, name: str) -> tuple[Path, ...]:
        """What scripts may read on a runtime."""
        return self._readable if name in WITH_FILES else ()

    def missing(self, name: str) -> str:
        """Why a runtime is not here; "" if it is."""
        found = self._found(name)
        return str(found) if isinstance(found, CapabilityMissing) else ""

    def _found(self, name: str) -> Driver | CapabilityMissing:
        if name not in self._drivers:
            try:
                self._drivers[name] = find_driver(name, self._readable, self._here)
            except CapabilityMissing as error:
                self._drivers[name] = error.with_traceback(None)
        return self._drivers[name]

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
