"""Improvement, healing: JavaScript and TypeScript: the `Healer`, and the `Runner` of single files, on jailed Node."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from importlib import resources

import anyio
import msgspec

from cambrian.core.errors import SandboxError
from cambrian.core.limits import Limits
from cambrian.core.ports import Exit
from cambrian.core.script import Calls, Raised, Script
from cambrian.core.tool import Answer, Tool
from cambrian.sandbox.scripts import node
from cambrian.sandbox.scripts.port import Said, ScriptExecution, Terms
from cambrian.sandbox.scripts.runtime import DrivenRuntime
from cambrian.source.repair.report import Absent, Failure, Fix
from cambrian.source.repair.script import logic
from cambrian.source.repair.script.guessed import guessed
from cambrian.source.repair.script.named import constants, members, modules, names, rare, unbound, uncalled
from cambrian.source.repair.script.program import Ready, is_typescript, ready
from cambrian.source.repair.script.shapes import reshaped
from cambrian.source.repair.script.structure import Site, structural
from cambrian.source.tree import Problem

from .scripts import Ending, first_difference

__all__ = ["JavaScriptHealer", "JavaScriptRunner"]

_BATCH, _WATCHED = 24, 6
_SLACK_S = 1.5
"""Wall seconds beyond what a run may take."""
_LEAST_S, _ROOM = 0.5, 10.0
"""Seconds that a candidate gets at least; else so many times what the program itself took."""
_LIMITS = Limits(wall=3600.0, cpu=3600.0, memory=1024 * 2**20, output=64 * 2**20)
_TERMS = Terms(seed=1, now=1_700_000_000.0)
_TOOL = Tool(name="batch", asynchronous=True)


class JavaScriptHealer:
    """See `healing.Healer`.

    Args:
        name: of the file, which tells the dialect.
    """

    def __init__(self, name: str = "program.js") -> None:
        self._name = name

    def named(self, text: str, failure: Failure) -> Sequence[Fix]:
        """See `healing.Healer.named`."""
        site = Site.read(text, self._name)
        if site is None:
            return reshaped(text, failure.line, "typescript" if is_typescript(self._name) else "javascript")
        if all(each.checked for each in failure.absent):  # no run was watched
            known = {each.start for each in failure.absent}
            more = (each for each in guessed(site, failure) if each.start not in known)
            failure = msgspec.structs.replace(failure, absent=(*failure.absent, *more))
        found = [
            *names(site, failure),
            *members(site, failure),
            *modules(site, failure),
            *constants(site, failure),
            *uncalled(site, failure),
            *(rare(site) if failure.type == "Output" or not failure.absent else ()),
            *structural(site, failure),
        ]
        if failure.type == "SyntaxError":
            found += reshaped(text, failure.line, "typescript" if is_typescript(self._name) else "javascript")
        return sorted(found, key=lambda fix: fix.cost)

    def unknown(self, text: str) -> Sequence[str]:
        """See `healing.Healer.unknown`."""
        site = Site.read(text, self._name)
        return () if site is None else tuple(dict.fromkeys(node.text for node in unbound(site)))

    def edits(self, text: str, failure: Failure) -> Iterator[Fix]:
        """See `healing.Healer.edits`; those on the lines of the failure come first."""
        site = Site.read(text, self._name)
        if site is not None:
            near = {failure.line, *failure.lines}
            yield from sorted(logic.edited(site), key=lambda fix: (fix.line not in near, fix.cost))


class _Told(msgspec.Struct, frozen=True):
    """What the jail tells of a run."""

    type: str = ""
    message: str = ""
    line: int = 0
    lines: list[int] = []
    output: str = ""
    absent: list[Absent] = []


class JavaScriptRunner:
    """Runs one file in the jail, each candidate in a context of its own of one Node.

    Args:
        name: the file's name.
        expected: what it must print; `None`: whatever it prints.
        limit: seconds of a run.
        most: candidates that are worth trying.

    Raises:
        CapabilityMissing: Node is not installed.
    """

    def __init__(self, name: str, *, expected: str | None = None, limit: float = 2.0, most: int = 1500) -> None:
        self._runtime = DrivenRuntime(node.driver(), workers=1)
        self._name, self._expected, self._limit = name, expected, limit
        self.most = most
        self.portion = _BATCH
        self._execution: ScriptExecution | None = None
        self._turn: Calls | None = None
        self._first: tuple[str, str] | None = None
        self._scaled = False

    async def endings(self, texts: Sequence[str]) -> list[Ending]:
        """See `Runner.endings`.

        Raises:
            SandboxError: the machinery failed.
        """
        found: list[Ending] = []
        while len(found) < len(texts):
            batch = list(texts[len(found) : len(found) + _BATCH])
            found += await self._watched(batch, await self._batch(batch))
        return found

    async def _watched(self, texts: list[str], endings: list[Ending]) -> list[Ending]:
        """The same; where it failed in a new way, with what objects did not have."""
        if self._first is None and endings[0].failure is not None:
            self._first = ("", "")
        new = [index for index, ending in enumerate(endings) if self._is_new(ending)][:_WATCHED]
        first = endings[new[0]].failure if new else None
        if first is not None and self._first == ("", ""):
            self._first = (first.type, first.message)
        told = await self._batch([texts[index] for index in new], watch=True) if new else []
        for index, again in zip(new, told, strict=True):
            failure = endings[index].failure
            if failure is not None and again.failure is not None:
                more = msgspec.structs.replace(failure, absent=again.failure.absent)
                endings[index] = Ending(more, endings[index].output)
        return endings

    def _is_new(self, ending: Ending) -> bool:
        """Whether it failed in another way than at first, by what an object may not have had."""
        failure = ending.failure
        if failure is None or failure.type in ("Ended", "SyntaxError"):
            return False
        return (failure.type, failure.message) != self._first

    async def _batch(self, texts: list[str], *, watch: bool = False) -> list[Ending]:
        made = [ready(text, self._name, watch=watch) for text in texts]
        good = [each for each in made if not isinstance(each, Problem)]
        told = iter(await self._told([_given(each, self._limit) for each in good]) if good else [])
        return [self._unread(each) if isinstance(each, Problem) else next(told) for each in made]

    def _unread(self, problem: Problem) -> Ending:
        return Ending(Failure(type="SyntaxError", message=problem.message, file=self._name, line=problem.line))

    async def _told(self, given: list[dict[str, object]]) -> list[Ending]:
        """How each of them ended; they are handed over one by one, so that one that never ends is known at once."""
        found: list[Ending] = []
        for each in given:
            turn = await self._asked()
            assert self._execution is not None
            said: Said | Exit | None = None
            begun = time.monotonic()
            with anyio.move_on_after(_SLACK_S + 1.5 * self._limit):
                answer = Answer(call=turn.calls[0].id, value=[each])
                said = await self._execution.resume([answer], now=_TERMS.now)
            self._scale(time.monotonic() - begun)
            told = _read(said.turn.calls[0].args) if isinstance(said, Said) and isinstance(said.turn, Calls) else []
            if isinstance(said, Said) and isinstance(said.turn, Calls) and len(told) == 1:
                self._turn = said.turn
                found.append(self._ending(told[0]))
                continue
            await self._end()
            lost = Failure(type="Ended", message="it ended its process, or never ended", file=self._name)
            found.append(Ending(lost))
        return found

    def _scale(self, took: float) -> None:
        """What comes first is the program itself: candidates get time in proportion."""
        if not self._scaled:
            self._scaled = True
            self._limit = min(self._limit, max(_LEAST_S, _ROOM * took))

    def _ending(self, told: _Told) -> Ending:
        failure = Failure(
            type=told.type, message=told.message, file=self._name, line=told.line, lines=tuple(told.lines),
            output=told.output, absent=tuple(told.absent),
        )  # fmt: skip
        if told.type:
            return Ending(failure, told.output)
        if self._expected is not None and told.output.rstrip() != self._expected.rstrip():
            said = first_difference(told.output, self._expected)
            return Ending(msgspec.structs.replace(failure, type="Output", message=said), told.output)
        return Ending(None, told.output)

    async def confirm(self, text: str) -> Ending:
        """See `Runner.confirm`."""
        await self._end()
        [ending] = await self._batch([text])
        await self._end()
        return ending

    async def _asked(self) -> Calls:
        """The turn in which the jail waits for a batch."""
        if self._execution is None or self._turn is None:
            text = resources.files("cambrian.improvement.healing").joinpath("inside/script.js").read_text("utf-8")
            script = Script(code=text, language="javascript")
            self._execution, said = await self._runtime.begin(script, [_TOOL], _LIMITS, _TERMS)
            if isinstance(said, Exit) or not isinstance(said.turn, Calls):
                why = said.text if isinstance(said, Exit) else said.turn
                told = why.message if isinstance(why, Raised) else why
                raise SandboxError(f"the runner of JavaScript files does not start: {told}")
            self._turn = said.turn
        return self._turn

    async def _end(self) -> None:
        execution, self._execution, self._turn = self._execution, None, None
        if execution is not None:
            with anyio.CancelScope(shield=True):
                await execution.close()

    async def aclose(self) -> None:
        """End the worker. Idempotent."""
        await self._end()
        await self._runtime.aclose()


def _given(made: Ready, limit: float) -> dict[str, object]:
    return {"code": made.code, "waits": made.waits, "typed": made.typed, "limit": int(limit * 1000)}


def _read(args: Sequence[object]) -> list[_Told]:
    try:
        return msgspec.convert(args[0], list[_Told]) if args else []
    except msgspec.ValidationError:
        return []
