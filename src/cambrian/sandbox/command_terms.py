"""Sandbox: what a command is asked with and how it ended: the messages between `commands` and its driver. Pure."""

from __future__ import annotations

import signal
from collections.abc import Mapping

import msgspec

from cambrian.core.evaluation import Status
from cambrian.core.ports import Exit

from .inside import root

__all__ = ["LARGEST", "Asked", "CommandResult", "Copied", "CopyAsked", "Told", "ended", "result"]

LARGEST = 4 * 2**20
"""Bytes of a file from which on it is linked instead of copied."""


class CommandResult(msgspec.Struct, frozen=True, kw_only=True):
    """How a command ended. All of it is the command's own word but status, times and what a limit says.

    Args:
        status: ``ok`` if it ended by itself, whatever its exit code; else which limit ended it, ``signal`` for a signal
            of its own making, ``error`` if it could not be started.
        detail: which limit, which signal, why it was not started.
        exit_code: None unless it ended by itself.
        stdout: the end of what it printed, decoded as UTF-8 with replacements.
        stderr: the same of its errors.
        cut: bytes that are missing at the beginning of both.
        wall_s: seconds.
        cpu_s: CPU seconds of its whole tree, putting the copy right included.
        files: what `collect` asked for: path → content.
        left_out: paths that `collect` asked for and that were too large.
    """

    status: Status
    detail: str = ""
    exit_code: int | None = None
    stdout: str = ""
    stderr: str = ""
    cut: tuple[int, int] = (0, 0)
    wall_s: float = 0.0
    cpu_s: float = 0.0
    files: Mapping[str, bytes] = {}
    left_out: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether it ended by itself, with exit code 0."""
        return self.status is Status.OK and self.exit_code == 0


class Copied(msgspec.Struct, frozen=True):
    """What a copy consists of: files, their bytes, links to what is not copied; and the CPU seconds it took."""

    files: int = 0
    size: int = 0
    linked: int = 0
    cpu_s: float = 0.0


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Run a command."""

    ask: str = "run"
    argv: tuple[str, ...]
    cwd: str
    environment: Mapping[str, str]
    stdin: bytes
    changes: Mapping[str, bytes | None]
    collect: tuple[str, ...]
    wall: float
    cpu: float
    most: int


class CopyAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Make the copy."""

    ask: str = "copy"
    scratch: str = root.SCRATCH
    original: str = root.ORIGINAL
    copy: str = root.COPY
    project: str
    linked: tuple[str, ...]
    left_out: tuple[str, ...]
    largest: int = LARGEST


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What a driver says: of a copy, of a run, or that neither could be."""

    copied: Copied = Copied()
    files: Mapping[str, bytes] = {}
    code: int = 0
    timeout: bool = False
    wall_s: float = 0.0
    stdout: bytes = b""
    stderr: bytes = b""
    cut: tuple[int, int] = (0, 0)
    left_out: tuple[str, ...] = ()
    unstarted: str = ""
    refused: str = ""
    full: bool = False
    spoiled: bool = False


def ended(end: Exit) -> CommandResult:
    """A command that took the whole jail down with it."""
    return CommandResult(
        status=Status.KILLED if end.status is Status.OK else end.status, detail=end.detail, stderr=end.text,
        wall_s=end.usage.wall_s, cpu_s=end.usage.cpu_s,
    )  # fmt: skip


def result(told: Told, cpu_s: float, asked: Asked) -> CommandResult:
    """What a driver said, with the CPU seconds that were measured outside."""
    if told.unstarted:
        return CommandResult(status=Status.ERROR, detail=told.unstarted, cpu_s=cpu_s)
    status, detail = _verdict(told, cpu_s, asked)
    return CommandResult(
        status=status, detail=detail, exit_code=told.code if status is Status.OK else None,
        stdout=told.stdout.decode(errors="replace"), stderr=told.stderr.decode(errors="replace"), cut=told.cut,
        wall_s=told.wall_s, cpu_s=cpu_s, files=told.files, left_out=told.left_out,
    )  # fmt: skip


def _verdict(told: Told, cpu_s: float, asked: Asked) -> tuple[Status, str]:
    if told.timeout:
        return Status.TIMEOUT, "wall"
    if cpu_s > asked.cpu or told.code == -signal.SIGXCPU:
        return Status.TIMEOUT, "cpu"
    if told.code >= 0:
        return Status.OK, ""
    try:
        return Status.SIGNAL, signal.Signals(-told.code).name
    except ValueError:  # a real-time signal
        return Status.SIGNAL, f"signal {-told.code}"
