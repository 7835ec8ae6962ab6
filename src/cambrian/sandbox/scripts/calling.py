"""Sandbox, scripts: the calls of a run, answered from the record or carried out as effects. The only way out.

What is durable when: a call that may change something is recorded before it starts, and its outcome before the code
hears of it. Calls of read-only tools, refusals and notes are recorded with whatever is recorded next, or with the first
answer that comes a second after the last record; if the engine is killed before that, a read-only call is made again.
"""

from __future__ import annotations

from collections.abc import Sequence

import anyio
import msgspec

from cambrian.core.effect import EffectId, EffectState, Intent
from cambrian.core.event import Fact, fact
from cambrian.core.ports import Clock, EffectLog
from cambrian.core.tool import Answer, Call, Tool, ToolInvoker
from cambrian.journal.crashpoints import crash_point

from .facts import ANSWERED
from .replay import Recorded, Replay

__all__ = ["LABELS", "Caller"]

LABELS = ("scripts.call.intended", "scripts.call.invoked", "scripts.call.concluded")
"""Labels of crash points here."""

_WAIT_S = 1.0
"""Seconds from which on what waits to be recorded does not wait for the next effect."""


class Caller:
    """Answers the calls of one run, and keeps its record.

    Args:
        tools: carries calls out.
        log: the run.
        clock: when an answer came.
        run: the run's id.
        record: calls made already.
    """

    def __init__(
        self, tools: ToolInvoker, log: EffectLog, clock: Clock, *, run: str, record: Sequence[Recorded] = ()
    ) -> None:
        self._tools, self._log, self._clock, self._run = tools, log, clock, run
        self._known = {tool.name: tool for tool in tools.tools()}
        self._later: list[Fact] = []
        self._blobs: list[bytes] = []
        self._recorded = clock.monotonic()
        self.record = list(record)
        self._count = max((_number(each.key) for each in self.record), default=0)

    def later(self, note: Fact, *blobs: bytes) -> None:
        """Have something recorded together with what is recorded next."""
        self._later.append(note)
        self._blobs += blobs

    async def flush(self, *facts: Fact) -> None:
        """Record what waits, and these."""
        waiting, blobs = self._waiting()
        await self._log.append(*waiting, *facts, blobs=blobs)

    async def finish(self, *facts: Fact) -> None:
        """Record what waits, and these, which are the run's last."""
        waiting, blobs = self._waiting()
        await self._log.finish(*waiting, *facts, blobs=blobs)

    async def keep(self) -> None:
        """Record what waits, if anything does: nothing comes after it, as the run was given up."""
        if self._later:
            await self.flush()

    def _waiting(self) -> tuple[list[Fact], list[bytes]]:
        self._recorded = self._clock.monotonic()
        waiting, self._later = (self._later, self._blobs), []
        self._blobs = []
        return waiting

    async def answers(self, calls: Sequence[Call], replay: Replay) -> tuple[list[Answer], float]:
        """The answers of calls made together, in their order, and the time at which the last one came.

        Raises:
            Diverged: a call is new although the record holds calls that were not asked for; none was made.
        """
        known = [replay.take(call) for call in calls]
        for call, found in zip(calls, known, strict=True):
            if found is None:
                replay.check_new(call)
        records: list[Recorded | None] = list(known)
        todo = [
            (place, msgspec.structs.replace(found or self._entry(call), call=call))
            for place, (call, found) in enumerate(zip(calls, known, strict=True))
            if found is None or found.answer is None
        ]
        if len(todo) == 1:  # a group of one would only cost
            await self._fill(records, *todo[0])
        else:
            async with anyio.create_task_group() as group:
                for place, entry in todo:
                    group.start_soon(self._fill, records, place, entry)
        made = [each for each in records if each is not None]
        for new, old in zip(made, known, strict=True):
            self._remember(new, old)
        if self._later and self._clock.monotonic() - self._recorded >= _WAIT_S:
            await self.flush()
        answers = [_addressed(each, call) for each, call in zip(made, calls, strict=True)]
        return answers, max(each.now for each in made)

    def _remember(self, new: Recorded, old: Recorded | None) -> None:
        """Put a call into the record; one that was found unanswered there is in it once, with its answer."""
        if old is None:
            self.record.append(new)
        elif new is not old:
            self.record[self.record.index(old)] = new

    def _entry(self, call: Call) -> Recorded:
        self._count += 1
        return Recorded(call=call, answer=None, now=0.0, key=f"{self._run}/{self._count}")

    async def _fill(self, records: list[Recorded | None], place: int, entry: Recorded) -> None:
        records[place] = await self._carry_out(entry)

    async def _carry_out(self, entry: Recorded) -> Recorded:
        call = entry.call
        refusal = self._tools.refusal(call)
        tool = self._known.get(call.tool)
        if refusal or tool is None:
            return await self._refuse(entry, refusal or f"there is no tool {call.tool!r}")
        if entry.effect:  # found executing after a crash, and may be repeated
            return await self._conclude(*await self._invoke(entry))
        if tool.read_only and not tool.approval:
            return self._note(*await self._invoke(entry))
        return await self._effect(tool, entry)

    async def _effect(self, tool: Tool, entry: Recorded) -> Recorded:
        effect = EffectId(f"call-{_number(entry.key)}")
        entry = msgspec.structs.replace(entry, effect=effect)
        data: dict[str, object] = {"call": msgspec.to_builtins(entry.call)}
        intent = Intent(effect=effect, kind="tool", key=entry.key, idempotent=tool.idempotent, data=data)
        waiting, blobs = self._waiting()
        if tool.approval:
            await self._log.intend(intent, *waiting, blobs=blobs, state=EffectState.PENDING)
            denial = await self._tools.approve(entry.call)
            if denial:
                return await self._refuse(entry, denial, EffectState.DENIED)
            await self._log.start(effect)
        else:
            await self._log.intend(intent, *waiting, blobs=blobs)
        crash_point("scripts.call.intended")
        entry, answer = await self._invoke(entry)
        crash_point("scripts.call.invoked")
        return await self._conclude(entry, answer)

    async def _invoke(self, entry: Recorded) -> tuple[Recorded, Answer]:
        begun = self._clock.monotonic()
        answer = await self._tools.invoke(entry.call, key=entry.key)
        return msgspec.structs.replace(entry, took=round(self._clock.monotonic() - begun, 6)), answer

    async def _refuse(self, entry: Recorded, why: str, state: EffectState = EffectState.SEALED) -> Recorded:
        """Tell the code why its call was not made. One found executing after a crash is sealed: it may have been."""
        answer = Answer(call=entry.call.id, error=why)
        if not entry.effect:
            return self._note(entry, answer)
        made = self._made(entry, answer)
        await self._log.conclude(entry.effect, state, fact(ANSWERED, made), why=why)
        return made

    async def _conclude(self, entry: Recorded, answer: Answer) -> Recorded:
        made = self._made(entry, answer)
        state = EffectState.FAILED if answer.error else EffectState.APPLIED
        await self._log.conclude(entry.effect, state, fact(ANSWERED, made))
        crash_point("scripts.call.concluded")
        return made

    def _note(self, entry: Recorded, answer: Answer) -> Recorded:
        made = self._made(entry, answer)
        self.later(fact(ANSWERED, made))
        return made

    def _made(self, entry: Recorded, answer: Answer) -> Recorded:
        return msgspec.structs.replace(entry, answer=answer, now=self._clock.wall())


def _number(key: str) -> int:
    return int(key.rpartition("/")[2])


def _addressed(record: Recorded, call: Call) -> Answer:
    assert record.answer is not None
    return msgspec.structs.replace(record.answer, call=call.id)
