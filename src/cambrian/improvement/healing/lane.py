"""Improvement, healing: the fast lane, a jailed worker that holds the tests and tries many candidates per second.

What comes out of it is a guide for the search. Only `checking` says that a candidate is right.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from importlib import resources
from types import TracebackType
from typing import NamedTuple, Self

import anyio
import msgspec

from cambrian.core.codec import encode
from cambrian.core.errors import SandboxError
from cambrian.core.evaluation import Status
from cambrian.core.limits import Limits
from cambrian.core.ports import Exit, Program, Reply, Runtime, Session

__all__ = ["Check", "Checks", "FastLane", "Trial"]

_ENTRY = "healing_lane.py"
_BATCH = 128
"""Texts per call: so many are lost at most, and tried again, when one of them takes the process along."""
_ROOM = 8.0
"""Candidates may take so much longer than the program itself."""
_SLACK = 1.0
"""Seconds for a call beyond what its candidates may take."""
_LIMITS = Limits(wall=3600.0, cpu=3600.0, memory=256 * 2**20, output=16 * 2**20)
_LEAST_S = 0.2
"""CPU seconds with which a worker is worth starting."""


class Check(NamedTuple):
    """A test: an expression in the program's own names, and the literal that it must equal."""

    expression: str
    expected: str


class Checks(msgspec.Struct, frozen=True, kw_only=True):
    """What a program must pass.

    Args:
        tests: the tests.
        prelude: Python that runs before the program, in its names.
        limit: CPU seconds for a candidate, all tests together; more where the program itself needs more.
        recursion: Python's recursion limit meanwhile.
    """

    tests: tuple[Check, ...]
    prelude: str = ""
    limit: float = 0.01
    recursion: int = 300

    @property
    def all(self) -> int:
        """Bits of all tests."""
        return (1 << len(self.tests)) - 1


class Trial(NamedTuple):
    """What a candidate came to.

    `passed` are bits of tests; `nearness` is at most their number, and negative if it does not compile; `behaviour` is
    equal for candidates that did the same in all tests.
    """

    passed: int
    nearness: float
    behaviour: int


_LOST = Trial(0, -1.0, 0)
_Answer = list[tuple[int, float, int]]


class FastLane:
    """A worker in a jail that has no session open. An async context manager; not for concurrent use.

    Args:
        jail: where it runs.
        tests: what candidates must pass.
        whole_s: CPU seconds after which the jail ends the worker, whatever it is doing.

    Attributes:
        tried: candidates so far.
        most_s: CPU seconds after which candidates are not tried any more and count as lost; at most `whole_s`.
    """

    def __init__(self, jail: Runtime, tests: Checks, *, whole_s: float = _LIMITS.cpu) -> None:
        self._jail = jail
        self._tests = tests
        self._whole_s = whole_s
        self._session: Session | None = None
        self._closed_s = self._open_s = 0.0
        self.tried = 0
        self.most_s = whole_s

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._end()

    @property
    def cpu_s(self) -> float:
        """CPU seconds that it took so far, outside this process."""
        return self._closed_s + self._open_s

    async def try_all(self, texts: Sequence[str]) -> list[Trial]:
        """Try candidates, in this order.

        Raises:
            SandboxError: the machinery failed.
        """
        found: list[Trial] = []
        while len(found) < len(texts):
            left = self.most_s - self.cpu_s
            if left <= 0:
                found += [_LOST] * (len(texts) - len(found))
                break
            batch = list(texts[len(found) : len(found) + _BATCH])
            outcome = await self._call(("try", batch, left), _SLACK + len(batch) * 2 * self._tests.limit)
            if isinstance(outcome, Exit):
                lost = _culprit(outcome.text, len(batch))
                if lost:
                    found += await self.try_all(batch[:lost])
                found.append(_LOST)
            else:
                found += _read(outcome, len(batch))
        self.tried += len(texts)
        return found

    async def scale(self, text: str, most: float = 0.5) -> None:
        """Give candidates time in proportion to what the tests take of a program, if they end within `most` seconds."""
        outcome = await self._call(("timed", text, most), _SLACK + 4 * most)
        if not isinstance(outcome, Exit) and not outcome.raised:
            with suppress(msgspec.MsgspecError):
                took = min(msgspec.json.decode(outcome.payload, type=float), most)
                self._tests = msgspec.structs.replace(self._tests, limit=max(self._tests.limit, _ROOM * took))
                await self._call(("slower", took), _SLACK)

    async def lines(self, text: str) -> tuple[frozenset[int], ...]:
        """Lines of a program that each test executes; none where that cannot be had."""
        outcome = await self._call(("lines", text), _SLACK + 10 * self._tests.limit * len(self._tests.tests))
        if isinstance(outcome, Exit) or outcome.raised:
            return ()
        try:
            return tuple(map(frozenset, msgspec.json.decode(outcome.payload, type=list[list[int]])))
        except msgspec.MsgspecError:
            return ()

    async def _call(self, arguments: tuple[object, ...], wall: float) -> Reply | Exit:
        if self._whole_s - self.cpu_s < _LEAST_S:
            return Exit(status=Status.TIMEOUT, detail="cpu")
        session = await self._opened()
        if isinstance(session, Exit):
            return session
        outcome = await session.call(encode(arguments), wall=wall)
        if isinstance(outcome, Exit):
            await self._end()
        else:
            self._open_s += outcome.cpu_s
        return outcome

    async def _opened(self) -> Session | Exit:
        """The worker; how it ended where its time is up before it has begun."""
        if self._session is not None:
            return self._session
        text = resources.files("cambrian.improvement.healing").joinpath("inside/lane.py").read_text(encoding="utf-8")
        limits = msgspec.structs.replace(_LIMITS, cpu=self._whole_s - self.cpu_s)
        session = await self._jail.launch(Program(files={_ENTRY: text}, entry=f"{_ENTRY}:call"), limits)
        if isinstance(session, Exit):
            raise SandboxError(f"the fast lane does not start: {session.status} {session.detail} {session.text[-300:]}")
        self._session = session
        given = self._tests
        tests = [list(test) for test in given.tests]
        outcome = await session.call(encode(("prepare", given.prelude, tests, given.limit, given.recursion)))
        if isinstance(outcome, Exit) or outcome.raised:
            await self._end()
            if isinstance(outcome, Exit) and outcome.detail == "cpu":
                return outcome
            said = outcome.text if isinstance(outcome, Exit) else outcome.payload.decode(errors="replace")
            raise SandboxError(f"the tests cannot be prepared: {said[-500:]}")
        return session

    async def _end(self) -> None:
        session, self._session = self._session, None
        if session is None:
            return
        with anyio.CancelScope(shield=True):
            usage = (await session.close()).usage
            self._closed_s += max(usage.cpu_s, self._open_s)
            self._open_s = 0.0


def _culprit(printed: str, most: int) -> int:
    """Which text was being tried when the process ended, by the last number that it printed."""
    for line in reversed(printed.splitlines()):
        if line.isdecimal() and len(line) < 7 and int(line) < most:
            return int(line)
    return 0


def _read(reply: Reply, count: int) -> list[Trial]:
    if not reply.raised:
        try:
            answer = msgspec.json.decode(reply.payload, type=_Answer)
        except msgspec.MsgspecError:
            answer = []
        if len(answer) == count:
            return [Trial(*each) for each in answer]
    return [_LOST] * count  # a candidate got hold of the worker: none of this batch is believed
