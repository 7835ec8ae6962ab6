"""Sandbox: resident memory of a live process tree, read from outside. For engines whose address space says nothing.

Counted are pages that belong to the tree alone: anonymous and shared-anonymous ones, and what is swapped out. Not
counted are pages of files, which the program and libraries are, and which the kernel can drop (proc(5), status).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from .treeclock import descendants, read_proc

__all__ = ["TreeMemory", "Watch"]

_COUNTED = ("RssAnon:", "RssShmem:", "VmSwap:")


class TreeMemory:
    """Bytes that the processes below a process hold, beyond those they had when this was made.

    Args:
        above: everything below this process counts.
        most: bytes that the tree may hold.
    """

    def __init__(self, above: int, most: int) -> None:
        self._above = above
        self._most = most
        self._before = 0
        self._before = self.held()

    def held(self) -> int:
        """Bytes now. Processes that end meanwhile count as nothing."""
        return sum(map(_held, descendants(self._above))) - self._before

    def exceeded(self) -> bool:
        """Whether the tree holds more than it may."""
        return self.held() > self._most


def _held(pid: int) -> int:
    try:
        text = read_proc(f"{pid}/status").decode("ascii", "replace")
    except (FileNotFoundError, ProcessLookupError):  # it ended meanwhile
        return 0
    return sum(int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith(_COUNTED))


class Watch:
    """Looks again and again while nobody waits for the program: it may go on in the background between two calls.

    A timer of the event loop and not a task, so there is nothing to be awaited at the end.

    Args:
        exceeded: one look.
        overrun: called once, when a look says yes.
        every: seconds between looks.
    """

    def __init__(self, exceeded: Callable[[], bool], overrun: Callable[[], None], *, every: float) -> None:
        self._exceeded, self._overrun, self._every = exceeded, overrun, every
        self._timer: asyncio.TimerHandle | None = None

    def go_on(self) -> None:
        """Look from now on."""
        self._timer = asyncio.get_running_loop().call_later(self._every, self._look)

    def pause(self) -> None:
        """Look no more. Idempotent."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self) -> None:
        if self._exceeded():
            self._timer = None
            self._overrun()
        else:
            self.go_on()
