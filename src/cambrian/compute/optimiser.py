"""Numeric optimisers in a process of their own, so that the engine never imports numpy. Runs our own code only.

`OptimiserWorker` speaks to ``python -m cambrian.compute.optimiser_worker`` over two pipes: a frame is a length (4
bytes, big-endian) and that many bytes of JSON. The child starts at the first request, and ends when its input ends, so
that it cannot outlive its owner, however that dies.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence

import anyio
import anyio.abc
import msgspec
from anyio.streams.buffered import BufferedByteReceiveStream

from cambrian.core.errors import WorkerDied

_PATIENCE = 60.0
"""Seconds for one answer, the child's start and its imports included: a generation takes milliseconds."""


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """An answer of the child.

    Args:
        point: coordinates, for an ask.
        error: what went wrong in the child; empty if nothing did.
    """

    point: list[float] = []
    error: str = ""


class OptimiserWorker:
    """CMA-ES searches, any number up to `sessions`, in one child process. Minimises nothing by value: ranks only.

    A search is known by its key and starts at the origin with a step size of 0.3 in every coordinate; whoever uses it
    scales. Its state depends on the `tell`s alone, in their order: an `ask` changes nothing, and is a pure function of
    the told points and its seed. Replaying the tells therefore restores a search exactly.

    One request at a time is in flight; callers may be concurrent. When the child dies, the request at hand and every
    later one raise `WorkerDied`: its searches are lost, and a silent new start would not be reproducible.

    Args:
        sessions: how many searches are kept; the least recently told is forgotten first.
    """

    def __init__(self, *, sessions: int = 8) -> None:
        self._sessions = sessions
        self._lock = anyio.Lock()
        self._process: anyio.abc.Process | None = None
        self._answers: BufferedByteReceiveStream | None = None
        self._ended = ""

    @property
    def pid(self) -> int | None:
        """The child's process id; ``None`` before the first request and after the end."""
        return None if self._process is None else self._process.pid

    async def ask(self, key: str, dimension: int, seed: int) -> list[float]:
        """Sample a point of a search, in its own coordinates.

        Args:
            key: names the search; an unknown one is sampled at its start.
            dimension: number of coordinates.
            seed: any whole number in [0, 2⁶³); the same one gives the same point, as long as nothing is told.

        Raises:
            WorkerDied: the child is gone.
        """
        return (await self._request(("ask", self._sessions, key, dimension, seed))).point

    async def tell(self, key: str, point: Sequence[float], gain: float | None) -> None:
        """Say how a point did.

        Args:
            key: names the search, which begins if it is new.
            point: what `ask` gave, also in an earlier process.
            gain: more is better; ``None`` if the candidate failed, which ranks below every number.

        Raises:
            WorkerDied: the child is gone.
        """
        await self._request(("tell", self._sessions, key, list(point), gain))

    async def aclose(self) -> None:
        """End the child and wait until it is gone. Idempotent."""
        self._ended = self._ended or "it was closed"
        with anyio.CancelScope(shield=True):
            await self._end()

    async def _request(self, message: tuple[object, ...]) -> Reply:
        async with self._lock:
            if self._ended:
                raise WorkerDied(f"the optimiser's process cannot be asked: {self._ended}")
            try:
                reply = await self._exchange(msgspec.json.encode(message))
            except TimeoutError as error:
                raise await self._died(f"no answer within {_PATIENCE:g} s") from error
            except (anyio.EndOfStream, anyio.IncompleteRead, anyio.BrokenResourceError, OSError) as error:
                raise await self._died(f"it ended unasked ({type(error).__name__})") from error
            if reply.error:
                raise await self._died(reply.error)
            return reply

    async def _exchange(self, message: bytes) -> Reply:
        # Shielded: an answer left in the pipe by a cancelled request would be taken for the next one's.
        with anyio.fail_after(_PATIENCE, shield=True):
            if self._process is None:
                self._process = await _start()
                assert self._process.stdout is not None
                self._answers = BufferedByteReceiveStream(self._process.stdout)
            assert self._process.stdin is not None
            assert self._answers is not None
            await self._process.stdin.send(len(message).to_bytes(4, "big") + message)
            size = int.from_bytes(await self._answers.receive_exactly(4), "big")
            data = await self._answers.receive_exactly(size)
        return msgspec.json.decode(data, type=Reply)

    async def _died(self, reason: str) -> WorkerDied:
        self._ended = reason
        with anyio.CancelScope(shield=True):
            await self._end()
        return WorkerDied(f"the optimiser's process is gone: {reason}")

    async def _end(self) -> None:
        process, self._process, self._answers = self._process, None, None
        if process is not None:
            if process.returncode is None:
                process.kill()
            await process.aclose()


async def _start() -> anyio.abc.Process:
    # -P: a file called random.py in the current folder is not ours to import. A session of its own: Ctrl-C at the
    # terminal goes to the engine, which may still want to finish a generation.
    return await anyio.open_process(
        [sys.executable, "-P", "-m", "cambrian.compute.optimiser_worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
