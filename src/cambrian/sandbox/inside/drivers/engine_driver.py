"""Sandbox, inside, drivers: JavaScript engines that are processes of their own: Deno, Bun, Node. One script each.

The engine is started when this file is loaded, in the same jail, so that it is warm when a script comes. It talks over
its standard streams, which its script can reach too: what is not marked is something that the script printed, and what
the script could forge with the mark in hand is an answer of its own run. Everything is looked at as an enemy's.
"""

from __future__ import annotations

import json
import os
import resource
import secrets
import selectors
import signal
import subprocess
import time
from typing import IO, NoReturn, cast

from .engine_settings import COMMAND, HEAP_FLAG, HERE, LOOP, OVERHEAD
from .javascript_bridge import PARTS
from .javascript_turns import opening, told

__all__ = ["step"]

_FILE = os.path.abspath("engine.mjs")
_CHUNK = 2**16
_MIB = 2**20
_RESERVED = 2**30  # that the jail allows beyond what may be resident
_LEAST_HEAP = 16
_BUSY_S = 30.0  # until the host's kill comes
_LARGEST = 2**28  # of one message; the host's own limit is far below
_FATAL = (b"out of memory", b"OutOfMemory", b"Out of memory", b"allocation failed", b"Allocation failed")


def _heap() -> str:
    """The option for the heap: what the jail allows, less what is not the script's."""
    allowed = resource.getrlimit(resource.RLIMIT_DATA)[0] - _RESERVED - OVERHEAD
    return HEAP_FLAG.format(max(_LEAST_HEAP, allowed // _MIB))


class _Engine:
    """The process, and what has come from it."""

    def __init__(self) -> None:
        with open(_FILE, "w", encoding="utf-8") as file:
            file.write(LOOP)
        flags = [_heap()] if HEAP_FLAG else []
        self._process = subprocess.Popen(
            [*COMMAND[:-1], *flags, *COMMAND[-1:], _FILE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=HERE if HERE and os.path.isdir(HERE) else None,
        )
        self._out, self._err = (cast("IO[bytes]", stream) for stream in (self._process.stdout, self._process.stderr))
        self._streams = selectors.DefaultSelector()
        for stream in (self._out, self._err):
            os.set_blocking(stream.fileno(), False)
            self._streams.register(stream, selectors.EVENT_READ)
        self._mark = f"\n{secrets.token_hex(16)}".encode()
        self.heard = {self._out: b"", self._err: b""}
        self.printed = {self._out: "", self._err: ""}
        self.most = _LARGEST
        self.send({"mark": self._mark[1:].decode(), "parts": PARTS})
        try:
            self.turn()
        except EOFError:
            words = self.last_words()[-1000:].decode(errors="replace")
            raise RuntimeError(f"the engine did not start; status {self.ended()}: {words}") from None

    def send(self, message: dict[str, object]) -> None:
        """Give it a message; it may have ended, which the next turn tells."""
        body = json.dumps(message).encode()
        view = memoryview(len(body).to_bytes(4, "little") + body)
        descriptor = cast("IO[bytes]", self._process.stdin).fileno()
        try:
            while view:
                view = view[os.write(descriptor, view) :]
        except BrokenPipeError:
            return

    def turn(self) -> str:
        """Wait for marked text.

        Raises:
            OverflowError: it has printed more than it may.
            EOFError: the engine has ended.
        """
        while True:
            before, mark, after = self.heard[self._out].partition(self._mark)
            text, end, rest = after.partition(b"\n")
            if mark and end:
                self.heard[self._out] = rest
                self._keep(self._out, before)
                return text.decode(errors="replace")
            if len(before) > self.most or len(self.heard[self._err]) > self.most:
                raise OverflowError("too much was printed")
            self._listen()

    def _listen(self) -> None:
        for key, _ in self._streams.select():
            stream = cast("IO[bytes]", key.fileobj)
            part = os.read(stream.fileno(), _CHUNK)
            self.heard[stream] += part
            if not part:
                self._streams.unregister(stream)
                if stream is self._out:
                    raise EOFError("the engine has ended")

    def _keep(self, stream: IO[bytes], text: bytes) -> None:
        self.printed[stream] += text.decode(errors="replace")

    def stray(self) -> tuple[str, str]:
        """What was printed past the bridge since the last turn, to output and to error."""
        while self._err in {key.fileobj for key, _ in self._streams.select(0)}:
            part = os.read(self._err.fileno(), _CHUNK)
            if not part:
                self._streams.unregister(self._err)
                break
            self.heard[self._err] += part
        self._keep(self._err, self.heard[self._err])
        self.heard[self._err] = b""
        said = self.printed[self._out], self.printed[self._err]
        self.printed = {self._out: "", self._err: ""}
        return said

    def ended(self) -> int:
        """How it ended; killed if it has not."""
        try:
            return self._process.wait(1.0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()

    def last_words(self) -> bytes:
        """The end of what it wrote to standard error."""
        os.set_blocking(self._err.fileno(), True)
        return (self.heard[self._err] + self._err.read(_CHUNK))[-_CHUNK:]


class _Run:
    """The one script of this process."""

    def __init__(self, engine: _Engine, request: dict[str, object]) -> None:
        self._engine = engine
        self._code, self._name = str(request["code"]), str(request["name"])
        self._calls = 0
        engine.most = int(cast("int", request["output"])) * 6 + _CHUNK
        engine.send({**opening(request), "code": self._code, "language": str(request["language"])})

    def go_on(self, request: dict[str, object]) -> None:
        """Give it the answers of the last turn."""
        self._engine.send({"answers": request["answers"], "now": request["now"]})

    def turn(self) -> dict[str, object]:
        """The next turn."""
        try:
            text = self._engine.turn()
        except OverflowError:
            self._engine.ended()
            return _raised("OutputLimit", "the script printed more than it may")
        except EOFError:
            return self._dead()
        said = told(text, self._code, self._name, self._calls)
        turn = cast("dict[str, list[object]]", said["turn"])
        self._calls += len(turn.get("calls", ()))
        out, err = self._engine.stray()
        return {"turn": turn, "stdout": out + str(said["stdout"]), "stderr": err + str(said["stderr"])}

    def _dead(self) -> dict[str, object]:
        words = self._engine.last_words()
        status = self._engine.ended()
        if any(text in words for text in _FATAL):
            raise MemoryError(words[-500:].decode(errors="replace"))
        if status == -signal.SIGKILL:
            _wait_for_the_kill()
        return _raised("EngineExit", f"the script ended its engine, with status {status}")


def _raised(kind: str, message: str) -> dict[str, object]:
    turn = {"turn": "raised", "type": kind, "message": message, "traceback": "", "line": None}
    return {"turn": turn, "stdout": "", "stderr": ""}


def _wait_for_the_kill() -> NoReturn:
    """The host has begun to kill this tree and knows why; whoever is still alive says nothing about it."""
    time.sleep(_BUSY_S)
    raise RuntimeError("the engine was killed, and not by the host")


_engine = _Engine()
_runs: list[_Run] = []


def step(request: dict[str, object]) -> dict[str, object]:
    """One step of a script: see `sandbox.scripts.port`."""
    if request["ask"] == "begin" and not _runs:
        _runs.append(_Run(_engine, request))
    elif request["ask"] == "resume" and _runs:
        _runs[0].go_on(request)
    else:
        raise ValueError(f"a driver of an engine for one script has no {request['ask']!r} now")
    return _runs[0].turn()
