"""Sandbox: CPU seconds of a live process tree, read from outside.

For one process this is its CPU clock, of nanosecond resolution and without a file: the kernel packs the pid into the
clock id (`make_process_cpuclock` in linux/posix-timers_types.h). For a tree it is the sum of the clocks of the zygote's
descendants, and what they and the zygote have reaped. A program of several processes can hide time from it by
ignoring SIGCHLD, as the kernel then forgets what its children used; the wall limit still holds.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import suppress

__all__ = ["TreeClock", "descendants", "read_proc"]

_PROCESS_SCHED = 2  # CPUCLOCK_SCHED, of the whole process
_SMALL = 2**16
_KNOWN_S = 0.02
"""For so long the processes of a tree are taken to be those that it had; looking for them takes file reads."""


class TreeClock:
    """CPU clock of a process, or of everything below a process.

    Args:
        pid: the program's first process.
        above: count all descendants of this process instead, from now on.
    """

    def __init__(self, pid: int, above: int | None = None) -> None:
        self._above = above
        self._clocks: tuple[int, ...] = (_clock(pid),) if pid > 0 else ()
        self._reaped = 0.0
        self._before = 0.0
        self._looked = float("-inf")
        if above is not None:
            self._before = _reaped(above)

    def seconds(self) -> float:
        """CPU seconds so far.

        Raises:
            ProcessLookupError: it is gone.
        """
        if self._above is None:
            return self._one()
        if time.monotonic() - self._looked < _KNOWN_S:
            with suppress(OSError):  # one of them has ended: look who is left
                return self._sum()
        return self._look(self._above)

    def _one(self) -> float:
        if not self._clocks:  # how the kernel names a process that has ended; as a clock it would mean this one
            raise ProcessLookupError("the process had ended before its clock was asked for")
        try:
            return time.clock_gettime(self._clocks[0])
        except OSError as error:
            raise ProcessLookupError(error.errno, "the process is gone") from None

    def _sum(self) -> float:
        return self._reaped + sum(map(time.clock_gettime, self._clocks)) - self._before

    def _look(self, above: int) -> float:
        reaped, used, clocks = _reaped(above), 0.0, list[int]()
        for pid in descendants(above):
            with suppress(OSError):  # it ends meanwhile: what it used is told by who reaps it
                reaped += _reaped(pid)
                used += time.clock_gettime(_clock(pid))
                clocks.append(_clock(pid))
        self._reaped, self._clocks, self._looked = reaped, tuple(clocks), time.monotonic()
        return reaped + used - self._before


def _clock(pid: int) -> int:
    return (~pid << 3) | _PROCESS_SCHED


def descendants(root: int) -> Iterator[int]:
    """Every process below `root`. Orphans are below it too: it is their subreaper or init."""
    for pid in _children(root):
        yield pid
        yield from descendants(pid)


def _children(pid: int) -> list[int]:
    found: list[int] = []
    with suppress(FileNotFoundError, ProcessLookupError):  # it ended meanwhile
        for task in os.listdir(f"/proc/{pid}/task"):
            with suppress(FileNotFoundError, ProcessLookupError):  # that thread ended, others may have children
                found += map(int, read_proc(f"{pid}/task/{task}/children").split())
    return found


def read_proc(path: str) -> bytes:
    """A small file below ``/proc``. Looks are frequent, so nothing but system calls is spent on them.

    Raises:
        FileNotFoundError, ProcessLookupError: the process is gone.
    """
    file = os.open(f"/proc/{path}", os.O_RDONLY | os.O_CLOEXEC)
    try:
        return os.read(file, _SMALL)
    finally:
        os.close(file)


def _stat(pid: int) -> list[str]:
    text = read_proc(f"{pid}/stat").decode("ascii", "replace")
    return text.rpartition(")")[2].split()


def _reaped(pid: int) -> float:
    """What those used that a process has reaped (fields 16 and 17 of proc(5) stat)."""
    try:
        return sum(map(int, _stat(pid)[13:15])) / os.sysconf("SC_CLK_TCK")
    except (FileNotFoundError, ProcessLookupError):
        raise ProcessLookupError(f"process {pid} is gone") from None
