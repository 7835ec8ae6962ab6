"""Ctrl-C and its relatives while a search runs. First asks, then cancels, then leaves.

=======================  ==================================================================
SIGINT, first            propose nothing more, let what is in flight end
SIGINT, second; SIGTERM  kill what is in flight, record it as cancelled
SIGHUP                   the same: nobody is there any more
SIGINT, third            leave at once with status 130; the jails die with their control pipe
=======================  ==================================================================
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Protocol

import anyio

HARD_EXIT = 130


class Stoppable(Protocol):
    """What a search offers to a signal handler."""

    def finish(self) -> None:
        """Propose nothing more."""
        ...

    def cancel(self) -> None:
        """Kill what is in flight."""
        ...


class Interruptions:
    """Turns signals into what a search understands.

    Args:
        say: tells a person what happens now.
        leave: puts the terminal back before a hard exit.
    """

    def __init__(self, say: Callable[[str], None], leave: Callable[[], None]) -> None:
        self._say = say
        self._leave = leave
        self._times = 0
        self.last: int | None = None

    @property
    def exit_code(self) -> int:
        """128 and the signal's number, or 0 if there was none."""
        return 128 + self.last if self.last else 0

    async def watch(self, search: Stoppable) -> None:
        """Take signals until cancelled. For the main thread of a process."""
        with anyio.open_signal_receiver(signal.SIGINT, signal.SIGTERM, signal.SIGHUP) as received:
            async for number in received:
                self.take(number, search)

    def take(self, number: int, search: Stoppable) -> None:
        """One signal has come."""
        self.last = number
        if number != signal.SIGINT:
            self._say(f"{signal.Signals(number).name}: ending what is in flight")
            search.cancel()
            return
        self._times += 1
        if self._times == 1:
            self._say("finishing what is in flight; Ctrl-C again to cancel it")
            search.finish()
        elif self._times == 2:
            self._say("cancelling what is in flight; Ctrl-C again to leave at once")
            search.cancel()
        else:
            self._leave()
            os._exit(HARD_EXIT)
