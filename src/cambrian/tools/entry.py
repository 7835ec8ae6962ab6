"""Tools, entries: what a toolbox holds, whatever stands behind it: a Python function or a server. No I/O here."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Protocol, Self

import msgspec

from cambrian.core.tool import Tool

__all__ = ["Entry", "Outcome", "ToolServer"]


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What carrying out a call came to.

    Args:
        value: a Python value, not yet plain, if there is no error.
        error: what went wrong, for whoever wrote the calling code; "" if nothing.
    """

    value: object = None
    error: str = ""


class Entry(Protocol):
    """A tool and the way to carry it out. Calls of several tasks run side by side."""

    @property
    def tool(self) -> Tool:
        """The tool, by the name that its source gives it."""
        ...

    async def call(self, arguments: Mapping[str, object], *, key: str) -> Outcome:
        """Carry one call out, within the entry's own time limit.

        Args:
            arguments: by the parameters' names; they have passed the tool's schema.
            key: idempotency key.
        """
        ...


class ToolServer(ABC):
    """Where tools come from that are not functions of this process. An async context manager.

    Attributes:
        name: what its tools are prefixed with when two sources use one name.
    """

    name: str

    @abstractmethod
    async def __aenter__(self) -> Self:
        """Begin to connect; returns at once, so that several servers start side by side."""

    @abstractmethod
    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End everything that was started. Idempotent."""

    @abstractmethod
    async def entries(self) -> Sequence[Entry]:
        """Its tools, once it is connected.

        Raises:
            CapabilityMissing: this machine lacks what it takes to speak with it.
            UsageError: there is no such server, or it does not speak the protocol.
        """
