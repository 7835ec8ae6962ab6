"""Runs in a jail: a program on many inputs, each in a forked child, with its output and exit status. Standard library.

draw    inputs made up while the program asks for them
run     a program on given inputs
once    a program on one input in this very process, which is what is timed from outside
"""

from __future__ import annotations

import builtins
import contextlib
import hashlib
import inspect
import io
import json
import os
import select
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from types import CodeType
from typing import Any, NoReturn, cast

from .stdin_drawing import Drawing, Stream, Weights
from .stdin_reading import Facts

__all__ = ["call"]

_NAME = "program.py"
_KEPT = 4096
"""Bytes of output that are told as they are; of more, the digest."""
_MOST = 8 * 2**20
_WALL = 20.0
"""A child may take so much longer by the wall clock than by its CPU: the machine may be busy."""
_WEIGHTS = Weights()
_SEEN: set[str] = set()
"""Digests of outputs: what shows something new is what is looked for."""


def call(what: str, *arguments: Any) -> str:
    """See the file's text. JSON comes out."""
    return json.dumps(_ACTIONS[what](*arguments))


def _draw(text: str, seeds: list[int], scale: int, limit: float) -> list[dict[str, object]]:
    """For each seed an input, how the program ended with it, and CPU seconds. Learns from each for the next."""
    facts = Facts(text)
    code = compile(text, _NAME, "exec")
    found: list[dict[str, object]] = []
    for seed in seeds:
        drawing = Drawing(facts, _WEIGHTS, seed, scale)
        ended = _forked(lambda drawing=drawing: _drawn(code, drawing), b"", limit)
        told = _said(ended)
        output = str(told.get("output", ""))
        _WEIGHTS.learn(cast("dict[str, str]", told.get("made", {})), bool(told) and ended[0] == 0, output not in _SEEN)
        _SEEN.add(output)
        found.append(
            {"input": told.get("input", ""), "code": ended[0], "cpu": ended[2], "error": told.get("error", "")}
        )
    return found


def _said(ended: tuple[int, bytes, float]) -> dict[str, object]:
    try:
        return cast("dict[str, object]", json.loads(ended[1].rpartition(b"\0")[2]))
    except ValueError:
        return {}


def _drawn(code: CodeType, drawing: Drawing) -> int:
    """In the child: run, then tell what was asked for."""
    stream = Stream(drawing)
    opened = builtins.open

    def read(*_: object) -> str:
        return drawing.line(inspect.currentframe())

    def again(file: Any, *rest: Any, **named: Any) -> Any:
        if file in (0, "/dev/stdin"):
            return stream
        return cast("object", opened(file, *rest, **named))

    printed = io.StringIO()
    sys.stdin, sys.stdout = cast("Any", stream), printed
    changed = cast("Any", builtins)
    changed.input, changed.open = read, again
    status, error = 0, ""
    try:
        status = _executed(code)
    except BaseException as raised:  # noqa: BLE001 - the boundary of the program
        status, error = 1, f"{type(raised).__name__}: {raised}"[:200]
    output = hashlib.sha256(printed.getvalue().encode(errors="replace")).hexdigest()
    lines = "".join(f"{line}\n" for line in drawing.lines)
    told = {"input": lines, "made": drawing.made, "error": error, "output": output}
    _write(1, b"\0" + json.dumps(told).encode())
    return status


def _run(text: str, inputs: list[str], limit: float, stopped: bool) -> list[list[object]]:
    """For each input: exit code (negative: the signal that ended it), output or its digest, CPU seconds.

    If asked to, it stops after the first run that a signal ended.
    """
    try:
        code = compile(text, _NAME, "exec")
    except (SyntaxError, ValueError):
        return [[1, "the program does not compile", 0.0] for _ in inputs]
    found: list[list[object]] = []
    for each in inputs:
        ended = _forked(lambda: _alone(code), each.encode(), limit)
        found.append(_told(*ended))
        if stopped and ended[0] < 0:
            break
    return found


def _told(code: int, output: bytes, cpu: float) -> list[object]:
    text = output.decode(errors="backslashreplace")
    return [code, text if len(output) <= _KEPT else hashlib.sha256(output).hexdigest(), cpu]


def _alone(code: CodeType) -> int:
    """In the child: run as ``python program.py`` does."""
    sys.stdin = io.TextIOWrapper(io.BufferedReader(io.FileIO(0, closefd=False)), encoding="utf-8")
    sys.stdout = io.TextIOWrapper(io.BufferedWriter(io.FileIO(1, "w", closefd=False)), encoding="utf-8")
    try:
        return _executed(code)
    except BaseException:  # noqa: BLE001 - the boundary of the program
        return 1
    finally:
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()


def _executed(code: CodeType) -> int:
    for name in ("exit", "quit"):  # the module `site` brings them, which a jail has not
        if not hasattr(builtins, name):
            setattr(builtins, name, sys.exit)
    try:
        exec(code, {"__name__": "__main__", "__builtins__": builtins})
    except SystemExit as error:
        given = error.code
        return 0 if given is None else given & 0xFF if isinstance(given, int) else 1
    return 0


def _forked(work: Callable[[], int], given: bytes, limit: float) -> tuple[int, bytes, float]:
    """Exit code, output and CPU seconds of some work in a child."""
    source = _file(given)
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        _child(work, source, writing, limit)
    os.close(source)
    os.close(writing)
    output = _heard(reading, pid, limit)
    os.close(reading)
    _, status, usage = os.wait4(pid, 0)
    return os.waitstatus_to_exitcode(status), output, usage.ru_utime + usage.ru_stime


def _child(work: Callable[[], int], source: int, writing: int, limit: float) -> NoReturn:
    code = 70
    try:
        os.dup2(source, 0)
        os.dup2(writing, 1)
        sys.stderr = cast("Any", io.StringIO())
        signal.signal(signal.SIGVTALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_VIRTUAL, limit)
        code = work()
    finally:
        os._exit(code)


def _file(content: bytes) -> int:
    """A descriptor from which this can be read."""
    with tempfile.TemporaryFile() as file:
        descriptor = os.dup(file.fileno())
    _write(descriptor, content)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def _write(descriptor: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(descriptor, view) :]


def _heard(reading: int, pid: int, limit: float) -> bytes:
    until = time.monotonic() + limit + _WALL
    parts: list[bytes] = []
    size = 0
    while size < _MOST:
        ready, _, _ = select.select([reading], [], [], max(0.0, until - time.monotonic()))
        part = os.read(reading, 2**16) if ready else b""
        if not part:
            if not ready:
                os.kill(pid, signal.SIGKILL)
            return b"".join(parts)
        parts.append(part)
        size += len(part)
    os.kill(pid, signal.SIGKILL)
    return b"".join(parts)


def _once(text: str, given: str) -> int:
    """Run here, once: compiled, executed and written out."""
    for name, descriptor in (("stdin", _file(given.encode())), ("stdout", _file(b""))):
        os.dup2(descriptor, 0 if name == "stdin" else 1)
        os.close(descriptor)
    sys.stderr = cast("Any", io.StringIO())
    return _alone(compile(text, _NAME, "exec"))


_ACTIONS: dict[str, Callable[..., object]] = {"draw": _draw, "run": _run, "once": _once}
