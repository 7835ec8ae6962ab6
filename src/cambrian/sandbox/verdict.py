"""Sandbox: from how a process tree ended to an `Exit`. Pure.

What the engine did and what the kernel says come first; what the program says of itself comes last, and can only name a
failure.
"""

from __future__ import annotations

import os
import signal

import msgspec

from cambrian.core.evaluation import Status, Usage
from cambrian.core.limits import Level, Limits
from cambrian.core.ports import Exit

from .inside import syscalls
from .inside.wire import Gone

__all__ = ["Ending", "exit_of", "readable"]

_TEXT = 4096
_CONFESSIONS = (Status.ERROR, Status.MEMORY, Status.OUTPUT, Status.DENIED)


class Ending(msgspec.Struct, frozen=True):
    """Why the engine ended a program, or what the program said of its end.

    Args:
        status: the verdict; None if the kernel's account decides.
        detail: which limit.
        text: what it said, as it came.
    """

    status: Status | None = None
    detail: str = ""
    text: str = ""

    @classmethod
    def confessed(cls, body: bytes) -> Ending:
        """From a program's last frame: status, detail and traceback, in lines."""
        status, _, rest = body.decode(errors="replace").partition("\n")
        detail, _, text = rest.partition("\n")
        if status not in _CONFESSIONS:
            return cls(Status.ERROR, "protocol", text)
        return cls(Status(status), readable(detail)[:80], text)


def exit_of(ending: Ending, gone: Gone, limits: Limits, level: Level, printed: bytes, wall: float) -> Exit:
    """The exit of a tree that is gone."""
    status, detail = _judge(ending, gone, limits)
    text = readable(printed.decode(errors="replace") + ending.text)[-_TEXT:]
    usage = Usage(wall_s=wall, cpu_s=gone.cpu, peak_bytes=gone.peak)
    return Exit(status=status, detail=detail, text=text, usage=usage, level=level)


def _judge(ending: Ending, gone: Gone, limits: Limits) -> tuple[Status, str]:
    if ending.status is Status.DENIED and ending.detail == "syscall":
        return Status.DENIED, syscalls.names().get(gone.refused, f"syscall {gone.refused}")
    if ending.status is not None:
        return ending.status, ending.detail
    if os.WIFSIGNALED(gone.status):
        return _by_signal(os.WTERMSIG(gone.status), gone, limits)
    return Status.ERROR, f"exit {os.waitstatus_to_exitcode(gone.status)}"


def _by_signal(number: int, gone: Gone, limits: Limits) -> tuple[Status, str]:
    if number in (signal.SIGKILL, signal.SIGXCPU) and gone.cpu >= limits.cpu:
        return Status.TIMEOUT, "cpu"
    if number == signal.SIGKILL:
        return Status.KILLED, "SIGKILL"
    if number == signal.SIGSYS:  # the filter kills only for a foreign calling convention
        return Status.DENIED, "foreign system call interface"
    try:
        return Status.SIGNAL, signal.Signals(number).name
    except ValueError:  # a real-time signal
        return Status.SIGNAL, f"signal {number}"


def readable(text: str) -> str:
    """Control characters replaced, so that text of an enemy can be shown in a terminal and in a log."""
    return "".join(c if c.isprintable() or c in "\n\t" else "\N{REPLACEMENT CHARACTER}" for c in text)
