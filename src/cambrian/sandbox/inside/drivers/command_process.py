"""Sandbox, inside, drivers: one command: started, heard, ended with all that it has started. Standard library only."""

from __future__ import annotations

import contextlib
import math
import os
import resource
import selectors
import signal
import subprocess
import tempfile
import time
from typing import IO, NamedTuple, cast

__all__ = ["Ended", "Order", "execute", "kill_others"]

_CHUNK = 2**16
_LAST_S = 1.0
_MARK = "/original"  # `root.ORIGINAL`, which only such a jail has


class Order(NamedTuple):
    """What to run.

    Args:
        argv: program and arguments.
        folder: where.
        environment: all of it.
        stdin: what it can read.
        wall: seconds.
        cpu: seconds of each of its processes; that of all is looked at outside.
        most: bytes kept of each stream, the last ones.
    """

    argv: list[str]
    folder: str
    environment: dict[str, str]
    stdin: bytes
    wall: float
    cpu: float
    most: int


class Ended(NamedTuple):
    """How it ended: exit code, negative for a signal; whether time was up; streams, and the bytes cut off of each."""

    code: int
    timeout: bool
    streams: tuple[bytes, bytes]
    cut: tuple[int, int]


class _Stream:
    """What came of one stream: its end."""

    def __init__(self, most: int) -> None:
        self._most, self._text, self._heard = most, bytearray(), 0

    def add(self, part: bytes) -> None:
        self._heard += len(part)
        self._text += part
        if len(self._text) > 2 * self._most:
            del self._text[: -self._most]

    def end(self) -> bytes:
        return bytes(self._text[-self._most :])

    def cut(self) -> int:
        return self._heard - min(self._heard, self._most)


def execute(order: Order) -> Ended:
    """Run a command to its end or to that of its time; nothing that it started lives afterwards.

    Raises:
        OSError: it cannot be started.
    """
    until = time.monotonic() + order.wall
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    os.set_blocking(writing, False)
    woken = signal.set_wakeup_fd(writing)
    heard = signal.signal(signal.SIGCHLD, _noted)
    try:
        return _end(_start(order), reading, until, order)
    finally:
        signal.signal(signal.SIGCHLD, heard)
        signal.set_wakeup_fd(woken)
        os.close(reading)
        os.close(writing)


def _noted(_number: int, _frame: object) -> None:
    """A handler must be there for the wake-up to come."""


def _start(order: Order) -> subprocess.Popen[bytes]:
    stdin = _source(order.stdin)
    try:
        return subprocess.Popen(
            order.argv, cwd=order.folder, env=order.environment, stdin=stdin, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, start_new_session=True, preexec_fn=lambda: _limit(order.cpu),  # noqa: PLW1509 - one thread
        )  # fmt: skip
    finally:
        os.close(stdin)


def _limit(cpu: float) -> None:
    """In the command's process before it is one. A signal tells, and the kernel kills whoever ignores it."""
    least = math.ceil(cpu)
    resource.setrlimit(resource.RLIMIT_CPU, (least, least + 1))


def _source(stdin: bytes) -> int:
    if not stdin:
        return os.open("/dev/null", os.O_RDONLY)
    with tempfile.TemporaryFile() as file:
        file.write(stdin)
        file.seek(0)
        return os.dup(file.fileno())


def _end(process: subprocess.Popen[bytes], bell: int, until: float, order: Order) -> Ended:
    """Hear it until it has ended, or kill it; kill what it has left; hear the rest."""
    streams = {cast("IO[bytes]", file): _Stream(order.most) for file in (process.stdout, process.stderr)}
    with selectors.DefaultSelector() as selector:
        for file in streams:
            os.set_blocking(file.fileno(), False)
            selector.register(file, selectors.EVENT_READ)
        selector.register(bell, selectors.EVENT_READ)
        while process.poll() is None and (left := until - time.monotonic()) > 0:
            _listen(selector, streams, left)
        timeout = process.poll() is None
        kill_others()
        code = process.wait()
        _reap()
        selector.unregister(bell)
        while selector.get_map():  # nobody lives who could write: every pipe ends
            _listen(selector, streams, _LAST_S)
    for file in streams:
        file.close()
    out, err = streams.values()
    return Ended(code, timeout, (out.end(), err.end()), (out.cut(), err.cut()))


def _listen(selector: selectors.BaseSelector, streams: dict[IO[bytes], _Stream], seconds: float) -> None:
    for key, _ in selector.select(seconds):
        part = os.read(key.fd, _CHUNK)
        if isinstance(key.fileobj, int):
            continue
        file = cast("IO[bytes]", key.fileobj)
        if part:
            streams[file].add(part)
        else:
            selector.unregister(file)


def kill_others() -> None:
    """Kill every process of this pid namespace but its first and this one.

    Raises:
        RuntimeError: this is not a jail's pid namespace.
    """
    if os.getppid() != 1 or not os.path.isdir(_MARK):
        raise RuntimeError("not in a pid namespace of its own: nobody is killed")
    with contextlib.suppress(ProcessLookupError):
        os.kill(-1, signal.SIGKILL)


def _reap() -> None:
    """Bury the orphans, which are this process' children since it adopts them."""
    with contextlib.suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)
