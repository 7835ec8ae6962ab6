"""All paths of an original and a candidate, by symbolic execution: CrossHair (MIT) with the solver Z3 (MIT), in a jail.

*Proved* is told if every path was gone through, none of them left open, and nothing is in doubt about the pair (see
`symbolic_scope`); for arguments of exactly the types told, as far as memory, time and the depth of the stack reach.
Numbers that are too large for C, or for digits, of which the solver knows nothing, are run besides. A difference counts
if both programs show it when they are run on that call as on any other. All else is no opinion.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Sequence
from importlib import metadata
from typing import Self, cast

import msgspec

from cambrian.core.codec import decode, encode
from cambrian.core.errors import CapabilityMissing, CodecError, UsageError
from cambrian.core.evidence import Evidence
from cambrian.core.limits import Limits
from cambrian.core.ports import Exit, Program, Reply, Runtime
from cambrian.sandbox import CPythonJail

from .arena import Arena
from .cases import Case
from .differential import smallest
from .reference import Reference
from .shipping import shipped
from .symbolic_scope import Question, question

__all__ = ["CAPABILITY", "GRACE_S", "Prover", "installed"]

CAPABILITY = "prove.crosshair"
"""Its id in `cambrian doctor`."""
_PACKAGES = ("crosshair-tool", "z3-solver")
_ENGINE = "crosshair.core_and_libs"
_FILE = "verify/inside/paths.py"
_CLAIM = "same behaviour as the original"
_SECONDS = 10.0
_IN_ALL = 4.0
"""Times the seconds of one candidate that all candidates of one original may take."""
GRACE_S = 5.0
"""CPU seconds beyond those asked for, for loading and for what is being looked at when they are over."""
_CALLS = 100
_SHRINK = 100
_ANSWER = 2**20
_VAST = (2**31, -(2**31) - 1, 2**63, -(2**63) - 1, 2**70, 2**20_000, -(2**20_000))
"""Beyond C's int and index, and beyond what Python writes out in digits."""
_SAMPLED = 8


def installed() -> str:
    """Versions of CrossHair and its solver; "" if one is not there."""
    if any(importlib.util.find_spec(name) is None for name in ("crosshair", "z3")):
        return ""
    return f"CrossHair {metadata.version(_PACKAGES[0])}, Z3 {metadata.version(_PACKAGES[1])}"


class _Told(msgspec.Struct):
    """What a jail said: of an enemy's process, so its parts are believed only where `symbolic_scope` has no doubt."""

    exhausted: bool
    paths: int
    open: dict[str, int]
    calls: list[tuple[object, ...]]
    differs: tuple[object, ...] | None


class Prover:
    """Looks through all paths of pairs. Make with `start`; not for concurrent use. A `cascade.Prove`.

    Args:
        arena: runs what was found, and says whether it is a difference.
        jail: where CrossHair is; another one than the arena's.
        seconds: of CPU for the paths of one pair.
    """

    def __init__(self, arena: Arena, jail: Runtime, seconds: float) -> None:
        self._arena, self._jail, self._seconds = arena, jail, seconds
        self._method = f"symbolic execution of all paths ({installed()})"
        self._spent: tuple[Program, float] | None = None

    @classmethod
    async def start(cls, arena: Arena, *, seconds: float = _SECONDS) -> Self:
        """Start its jail.

        Raises:
            CapabilityMissing: CrossHair is not installed.
            IsolationUnavailable: this machine has no jail.
        """
        if not installed():
            why = "nothing can be proved: CrossHair is not installed"
            raise CapabilityMissing(CAPABILITY, why, fix="pip install 'cambrian[prove]', or do without --prove")
        return cls(arena, await CPythonJail.start(preload=(_ENGINE,)), seconds)

    async def aclose(self) -> None:
        """End its jail. Idempotent."""
        await self._jail.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def __call__(self, reference: Reference, candidate: Program) -> Evidence:
        """What symbolic execution says about a candidate.

        Args:
            reference: the original; its cases give the types of arguments without hints.
            candidate: what should behave the same.

        Returns:
            ``proved``; or ``not_shown``: with n = 0 it is no opinion, else the two differ.

        Raises:
            SandboxError: the machinery failed.
        """
        try:
            asked = question(reference.program, candidate, reference.cases)
        except UsageError as error:
            return self._no_opinion(str(error))
        left = self._left(reference.program)
        if left <= 0:
            return self._no_opinion("other candidates took the time")
        told = await self._look(asked, reference.program, candidate, left)
        if isinstance(told, str):
            return self._no_opinion(told)
        found = await self._replayed(reference, candidate, told)
        if found is not None:
            return found
        return self._judged(asked, told)

    def _left(self, program: Program) -> float:
        """Seconds that may be taken, the least of what is left for this original and of what one pair gets."""
        if self._spent is None or self._spent[0] is not program:
            self._spent = program, 0.0
        return min(self._seconds, _IN_ALL * self._seconds - self._spent[1])

    async def _look(self, asked: Question, original: Program, candidate: Program, seconds: float) -> _Told | str:
        if any(path.split("/")[0] in ("cambrian", "cambrian.py") for path in original.files):
            return "a file of the program hides the machinery"
        files = {**original.files, **shipped((_FILE,))}
        text = candidate.files[asked.path]
        arguments = (
            asked.module, asked.function, text, list(asked.hints), seconds, self._arena.policy.exceptions, _CALLS,
        )  # fmt: skip
        limits = Limits(cpu=seconds + GRACE_S, wall=3 * (seconds + GRACE_S), memory=2**31, output=_ANSWER, disk=2**20)
        program = Program(files=files, entry=f"cambrian/{_FILE}:look")
        session = await self._jail.launch(program, limits)
        if isinstance(session, Exit):
            return _ended(session)
        try:
            reply = await session.call(encode(arguments))
        finally:
            end = await session.close()
        if self._spent is not None:
            self._spent = self._spent[0], self._spent[1] + end.usage.cpu_s
        return _read(reply)

    async def _replayed(self, reference: Reference, candidate: Program, told: _Told) -> Evidence | None:
        """A call on which the two differ when they are run, of those that came out; `None` if there is none."""
        calls = [told.differs] if told.differs is not None else told.calls
        cases = [Case(arguments=call, origin="paths") for call in calls]
        cases += [Case(arguments=call, origin="beyond") for call in _beyond(calls)] if told.exhausted else []
        ran = await self._arena.run(reference.program, cases)
        verdicts = await self._arena.compare(ran, await self._arena.run(candidate, cases))
        if told.differs is None and any(verdict.kind == "unfit" for verdict in verdicts[: len(calls)]):
            told.open["the original cannot be run on a call that takes a path"] = 1
        for case, verdict in zip(cases, verdicts, strict=True):
            if verdict.kind == "different":
                found = await smallest(
                    reference.program, candidate, case, verdict.how, reference.source, self._arena, _SHRINK
                )
                if found.alone:
                    detail = f"differs on {found}"[:500]
                    return Evidence(
                        kind="not_shown", claim=_CLAIM, n=max(1, told.paths), method=self._method, detail=detail
                    )
                told.open["a difference shows only after other calls"] = 1
        return None

    def _judged(self, asked: Question, told: _Told) -> Evidence:
        if told.differs is not None:
            return self._no_opinion("a difference was found by the solver, and by nobody who ran it")
        doubts = [*asked.doubts, *map(_printable, told.open)]
        if not told.exhausted:
            doubts.insert(0, f"{told.paths} paths were gone through, and there are more or open ones")
        if doubts:
            return self._no_opinion("; ".join(doubts))
        detail = f"for {asked.bound}; a call on each path was run, too"
        return Evidence(kind="proved", claim=_CLAIM, n=told.paths, method=self._method, detail=detail)

    def _no_opinion(self, why: str) -> Evidence:
        return Evidence(kind="not_shown", claim=_CLAIM, method=self._method, detail=f"no opinion: {why}"[:500])


def _beyond(calls: Sequence[tuple[object, ...]]) -> Iterator[tuple[object, ...]]:
    """The calls with numbers beyond what the machine counts with, which the solver knows nothing of.

    ``len(range(2**63))`` and ``str(2**20_000)`` raise errors, ``chr(2**70)`` another one than ``chr(-1)``.
    """
    for call in calls[:_SAMPLED]:
        for place, value in enumerate(call):
            for number in _VAST:
                larger = _with(value, number)
                if larger != value:
                    yield (*call[:place], larger, *call[place + 1 :])


def _with(value: object, number: int) -> object:
    """A value with another number in the place of its own ones."""
    if type(value) is int:
        return number
    if type(value) in (list, tuple):
        items = [_with(each, number) for each in cast("Sequence[object]", value)]
        return items if isinstance(value, list) else tuple(items)
    return value


def _ended(how: Exit) -> str:
    return f"it ended: {how.status.value} {how.detail}".strip()


def _read(reply: Reply | Exit) -> _Told | str:
    if isinstance(reply, Exit):
        return _ended(reply)
    if reply.raised:
        return "CrossHair ended with an exception"
    try:
        return msgspec.convert(decode(reply.payload, max_bytes=_ANSWER, arrays=False), _Told)
    except (CodecError, msgspec.ValidationError):
        return "what it answered cannot be read"


def _printable(words: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in words)[:100]
