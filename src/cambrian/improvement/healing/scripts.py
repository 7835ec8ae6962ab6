"""Improvement, healing: programs as a whole, run in a jail for how they end. One file, or a command of a project.

Both kinds of runner answer the same: did it pass, and if not, how did it fail. `heal` knows no more of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import resources
from typing import NamedTuple, Protocol

import anyio
import msgspec

from cambrian.core.codec import encode
from cambrian.core.errors import SandboxError
from cambrian.core.limits import Limits
from cambrian.core.ports import Exit, Program, Runtime, Session
from cambrian.source.repair.report import Failure

__all__ = ["Ending", "Runner", "ScriptRunner", "first_difference"]

_ENTRY = "healing_script.py"
_BATCH = 16
_LEAST_S, _ROOM = 0.4, 5.0
"""CPU seconds that a candidate gets at least; else so many times what the program itself took."""
_LIMITS = Limits(wall=3600.0, cpu=3600.0, memory=512 * 2**20, output=64 * 2**20)


class Ending(NamedTuple):
    """How a program ended: `failure` is `None` if it passes."""

    failure: Failure | None
    output: str = ""


class Runner(Protocol):
    """Runs a program that is to be healed."""

    @property
    def most(self) -> int:
        """Candidates that are worth trying: runs are cheap or dear."""
        ...

    @property
    def portion(self) -> int:
        """Candidates that are tried before it is looked whether one of them passes."""
        ...

    async def endings(self, texts: Sequence[str]) -> list[Ending]:
        """How each of these texts ends, in the place of the file that is healed."""
        ...

    async def confirm(self, text: str) -> Ending:
        """How a text ends in a process of its own."""
        ...


class _Told(msgspec.Struct, frozen=True):
    """What the jail tells; every member bounded by the session's output limit."""

    type: str = ""
    message: str = ""
    line: int = 0
    lines: list[int] = []
    function: str = ""
    name: str = ""
    owner: str = ""
    members: list[str] = []
    keys: list[str] = []
    visible: dict[str, str] = {}
    holders: list[str] = []
    unawaited: list[str] = []
    output: str = ""


class ScriptRunner:
    """Runs one Python file as a script in a jail.

    Args:
        jail: without an open session.
        name: the file's name.
        files: other files beside it: relative path → text.
        stdin: what it reads.
        expected: what it must print; `None`: whatever it prints.
        limit: CPU seconds of a run; candidates get less where the program itself needs little.
    """

    def __init__(
        self, jail: Runtime, name: str, *, files: Mapping[str, str] | None = None, stdin: str = "",
        expected: str | None = None, limit: float = 2.0, most: int = 2000,
    ) -> None:  # fmt: skip
        self._jail = jail
        self._name = name
        self._files = dict(files or {})
        self._stdin = stdin
        self._expected = expected
        self._limit = limit
        self.most = most
        self.portion = 16
        self._session: Session | None = None
        self._scaled: float | None = None
        self.cpu_s = 0.0

    async def endings(self, texts: Sequence[str]) -> list[Ending]:
        """See `Runner.endings`.

        Raises:
            SandboxError: the machinery failed.
        """
        found: list[Ending] = []
        while len(found) < len(texts):
            batch = list(texts[len(found) : len(found) + _BATCH])
            found += await self._batch(batch)
        return found

    async def _batch(self, batch: list[str]) -> list[Ending]:
        session = await self._opened()
        limit = self._limit if self._scaled is None else self._scaled
        given = encode(("try", batch, self._name, self._stdin, limit))
        outcome = await session.call(given, wall=10.0 + 4 * limit * len(batch))
        if not isinstance(outcome, Exit) and not outcome.raised:
            self.cpu_s += outcome.cpu_s
            if self._scaled is None:  # what comes first is the program itself
                self._scaled = min(self._limit, max(_LEAST_S, _ROOM * outcome.cpu_s))
            told = _read(outcome.payload)
            if len(told) == len(batch):
                return [self._ending(each) for each in told]
        await self.aclose()
        lost = _culprit(outcome.text, len(batch)) if isinstance(outcome, Exit) else 0
        kind = outcome.status if isinstance(outcome, Exit) else "error"
        ended = Ending(Failure(type="Ended", message=f"{kind} of the process", file=self._name))
        return [*(await self._batch(batch[:lost]) if lost else []), ended]

    def _ending(self, told: _Told) -> Ending:
        failure = Failure(
            type=told.type, message=told.message, file=self._name, line=told.line, function=told.function,
            lines=tuple(told.lines), name=told.name, owner=told.owner, visible=told.visible,
            members=tuple(told.keys if told.type == "KeyError" else told.members), holders=tuple(told.holders),
            unawaited=tuple(told.unawaited), output=told.output,
        )  # fmt: skip
        if told.type:
            return Ending(failure, told.output)
        if self._expected is not None and told.output.rstrip() != self._expected.rstrip():
            said = first_difference(told.output, self._expected)
            return Ending(msgspec.structs.replace(failure, type="Output", message=said), told.output)
        if told.unawaited:
            said = f"{told.unawaited[0]}() was called and never awaited"
            return Ending(msgspec.structs.replace(failure, type="Unawaited", message=said), told.output)
        return Ending(None, told.output)

    async def confirm(self, text: str) -> Ending:
        """See `Runner.confirm`."""
        await self.aclose()
        kept, self._scaled = self._scaled, self._limit
        [ending] = await self.endings([text])
        self._scaled = kept
        await self.aclose()
        return ending

    async def _opened(self) -> Session:
        if self._session is None:
            text = (
                resources.files("cambrian.improvement.healing").joinpath("inside/script.py").read_text(encoding="utf-8")
            )
            program = Program(files={**self._files, _ENTRY: text}, entry=f"{_ENTRY}:call")
            session = await self._jail.launch(program, _LIMITS)
            if isinstance(session, Exit):
                raise SandboxError(f"the runner of scripts does not start: {session.status} {session.text[-300:]}")
            self._session = session
        return self._session

    async def aclose(self) -> None:
        """End the worker. Idempotent; the next run starts another one."""
        session, self._session = self._session, None
        if session is not None:
            with anyio.CancelScope(shield=True):
                await session.close()


def _read(payload: bytes) -> list[_Told]:
    """What the jail told: the codec tags dicts, which is taken off here."""
    try:
        raw = msgspec.json.decode(payload, type=list[dict[str, dict[str, msgspec.Raw]]])
        return [_told(each["o"]) for each in raw]
    except (msgspec.MsgspecError, KeyError, UnicodeDecodeError):
        return []


def _told(members: Mapping[str, msgspec.Raw]) -> _Told:
    plain = {name: bytes(value) for name, value in members.items()}
    if "visible" in plain:
        plain["visible"] = bytes(msgspec.json.decode(plain["visible"], type=dict[str, msgspec.Raw]).get("o", b"{}"))
    text = b"{" + b",".join(msgspec.json.encode(name) + b":" + value for name, value in plain.items()) + b"}"
    return msgspec.json.decode(text, type=_Told)


def _culprit(printed: str, most: int) -> int:
    for line in reversed(printed.splitlines()):
        if line.isdecimal() and len(line) < 7 and int(line) < most:
            return int(line)
    return 0


def first_difference(got: str, expected: str) -> str:
    """Where an output is another than the one asked for, in words."""
    ours, theirs = got.rstrip().splitlines(), expected.rstrip().splitlines()
    for number, (a, b) in enumerate(zip(ours, theirs, strict=False), 1):
        if a != b:
            return f"line {number} of its output is {a[:80]!r}, not {b[:80]!r}"
    return f"it prints {len(ours)} lines, not {len(theirs)}"
