"""Sandbox: CPU seconds of a live process tree, read from outside.

For one process this is its CPU clock, of nanosecond resolution and without a file: the kernel packs the pid into the
clock id (`make_process_cpuclock` in linux/posix-timers_types.h). For a tree it is the sum over the zygote's
descendants, what they have reaped and what the zygote has. A program of several processes can hide time from it by
ignoring SIGCHLD, as the kernel then forgets what its children used; the wall limit still holds.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

__all__ = ["TreeClock", "descendants"]

_PROCESS_SCHED = 2  # CPUCLOCK_SCHED, of the whole process
_EXITED = "ZX"


class TreeClock:
    """CPU clock of a process, or of everything below a process.

    Args:
        pid: the program's first process.
        above: count all descendants of this process instead, from now on.
    """

    def __init__(self, pid: int, above: int | None = None) -> None:
        self._gone = pid <= 0  # how the kernel names a process that has ended; as a clock it would mean this one
        self._clock = (~pid << 3) | _PROCESS_SCHED
        self._above = above
        self._before = 0.0 if above is None else _reaped(above)

    def seconds(self) -> float:
        """CPU seconds so far.

        Raises:
            ProcessLookupError: it is gone.
        """
        if self._above is not None:
            return _tree(self._above) - self._before
        if self._gone:
            raise ProcessLookupError("the process had ended before its clock was asked for")
        try:
            return time.clock_gettime(self._clock)
        except OSError as error:
            raise ProcessLookupError(error.errno, "the process is gone") from None


def _tree(root: int) -> float:
    return _reaped(root) + sum(_used(pid) for pid in descendants(root))


def descendants(root: int) -> Iterator[int]:
    """Every process below `root`. Orphans are below it too: it is their subreaper or init."""
    for pid in _children(root):
        yield pid
        yield from descendants(pid)


def _children(pid: int) -> list[int]:
    try:
        tasks = os.listdir(f"/proc/{pid}/task")
        texts = [Path(f"/proc/{pid}/task/{task}/children").read_text(encoding="ascii") for task in tasks]
    except (FileNotFoundError, ProcessLookupError):  # it ended meanwhile
        return []
    return [int(child) for text in texts for child in text.split()]


def _stat(pid: int) -> list[str]:
    text = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    return text.rpartition(")")[2].split()


def _used(pid: int) -> float:
    """What a process used, and what those used that it has reaped (fields 14 to 17 of proc(5) stat)."""
    try:
        fields = _stat(pid)
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def _reaped(pid: int) -> float:
    try:
        return sum(map(int, _stat(pid)[13:15])) / os.sysconf("SC_CLK_TCK")
    except (FileNotFoundError, ProcessLookupError):
        raise ProcessLookupError(f"process {pid} is gone") from None
