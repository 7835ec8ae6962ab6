"""An audit from beginning to end: which families are tried on which kind of task, within a time. The evaluator doctor.

Every probe is an ordinary jailed evaluation; nothing is recorded, and nothing is written into the task's folder.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random

import msgspec

from cambrian.core.evaluation import Evaluation
from cambrian.search.evaluation import Evaluator
from cambrian.search.task import Task

from .artifacts import ArtifactBench
from .bench import Bench, Deadline, OutOfTime
from .families import answers, execution, isolation, meaningless, portions, reported, shared, state, tolerance, types
from .findings import Audit, Finding, Notes
from .foreign import ForeignBench
from .hints import Hints, note_risks, read_hints
from .tolerances import HARMLESS, Tolerance, find_tolerances, tightened

__all__ = ["QUICK", "THOROUGH", "audit_task", "probing"]

QUICK, THOROUGH = 18.0, 300.0
"""Seconds of probing."""
_STRICT = (1e-9, 1e-7, 1e-5)
_PATIENCE, _PATIENCE_S = 5.0, 5.0
"""A probe may take so many times as long as the task's own program took, and so many seconds at least."""
_COPIED = 32 * 2**20
"""Bytes of a task's folder that are copied at most, for a strict twin to lie beside the evaluator's data."""

Say = Callable[[str], None]


async def audit_task(task: Task, *, seconds: float = QUICK, say: Say | None = None) -> Audit:
    """Try to satisfy a task's evaluator with wrong answers.

    Args:
        task: the task.
        seconds: of probing; what is left undone is named. Starting the jails and the program's own first run are not
            counted, and a probe that was begun is ended; none takes longer than `probing` lets it.
        say: told which family begins.

    Raises:
        TaskError: its evaluator cannot be loaded.
        IsolationUnavailable: this machine cannot confine it as it asks.
    """
    began = time.monotonic()
    examination = _Examination(task, seconds, say or (lambda _: None))
    async with AsyncExitStack() as stack:
        await examination.go(stack)
    return examination.result(time.monotonic() - began)


class _Examination:
    """One audit under way."""

    def __init__(self, task: Task, seconds: float, say: Say) -> None:
        self.task = task
        self.notes = Notes()
        self.deadline = Deadline(seconds)
        self.unfinished: list[str] = []
        self.probes = 0
        self._seconds = seconds
        self._say = say
        self._hints = _hints(task)

    async def go(self, stack: AsyncExitStack) -> None:
        evaluator = await self._started(stack)
        self._say("the task's own program")
        began = time.monotonic()
        outcome = await evaluator.evaluate(self.task.initial)
        hurried = probing(self.task, time.monotonic() - began)
        if outcome.evaluation.ok and hurried != self.task:
            self.task = hurried
            evaluator = await self._started(stack)
        self.deadline = Deadline(self._seconds)
        if not outcome.evaluation.ok:
            self.unfinished.append(f"everything: the task's own program has no score ({_how(outcome.evaluation)})")
        elif self.task.mode == "callable":
            await self._callable(evaluator)
        elif self.task.framework:
            await self._foreign(evaluator)
        else:
            wall = 2.0 + 20 * outcome.evaluation.usage.scorer_cpu_s
            payloads = outcome.artifact.split(b"\n")
            bench = await ArtifactBench.start(self.task, self.deadline, payloads, wall)
            stack.push_async_callback(bench.aclose)
            await self._artifact(bench, evaluator)
        note_risks(self._hints, self.notes)

    async def _started(self, stack: AsyncExitStack) -> Evaluator:
        evaluator = await Evaluator.start(self.task, chance=Random(0))
        stack.push_async_callback(evaluator.aclose)
        return evaluator

    async def _artifact(self, bench: ArtifactBench, evaluator: Evaluator) -> None:
        await bench.take_honest(3)
        if bench.honest.kind != "scored":
            self.unfinished.append(f"everything: the same answer has no score again ({bench.honest.why})")
            return
        await self._wrong_answers(bench)
        await self._try(state.NAME, lambda: state.probe(bench, self.notes, self._hints))
        await self._try(isolation.READ, lambda: isolation.probe_reach(bench, evaluator, self._hints, self.notes))
        await self._try(isolation.NAME, lambda: self._hostile(evaluator))
        self.probes += bench.probes

    async def _wrong_answers(self, bench: Bench) -> None:
        notes, hints = self.notes, self._hints
        if bench.costly:  # the longest family, and the one that its text asks for
            await self._try(tolerance.NAME, lambda: self._tolerances(bench))
        await self._try(meaningless.NAME, lambda: meaningless.probe(bench, notes))
        await self._try(reported.NAME, lambda: reported.probe(bench, notes, hints))
        await self._try(portions.NAME, lambda: portions.probe(bench, notes, hints))
        if not bench.costly:
            await self._try(tolerance.NAME, lambda: self._tolerances(bench))
        await self._try(types.NAME, lambda: types.probe(bench, notes))
        await self._try(execution.NAME, lambda: execution.probe(bench, notes, hints))

    async def _try(self, name: str, family: Callable[[], Awaitable[None]]) -> None:
        self._say(name)
        try:
            await family()
        except OutOfTime:
            self.unfinished.append(name)

    async def _hostile(self, evaluator: Evaluator) -> None:
        self.probes += await isolation.probe(self.task, evaluator, self.deadline, self.notes)

    async def _tolerances(self, bench: Bench) -> None:
        found = find_tolerances(self.task.evaluator_text)
        if not found:
            return
        for item in found:
            self.notes.add(_allowed(item.value, item.line))
        if _size(self.task.path) > _COPIED:
            self.unfinished.append(f"{tolerance.NAME}: the task's folder is too large to be copied")
            return
        async with AsyncExitStack() as stack:
            place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cambrian-audit-")))
            twins = [await bench.twin(task, stack) for task in _stricter(self.task, found, place)]
            try:
                await tolerance.probe(bench, twins, found, self.notes)
            finally:
                self.probes += sum(twin.probes for twin in twins)

    async def _callable(self, evaluator: Evaluator) -> None:
        bench = answers.Trials(self.task, evaluator, self.deadline)
        for name, family in answers.families(bench, self.notes, self._hints):
            await self._try(name, family)
        self.probes += bench.probes
        await self._try(isolation.NAME, lambda: self._hostile(evaluator))

    async def _foreign(self, evaluator: Evaluator) -> None:
        bench = await ForeignBench.start(self.task, self.deadline, evaluator)
        await bench.take_honest(3)
        if bench.honest.kind != "scored":
            self.unfinished.append(f"everything: the program has no score again ({bench.honest.why})")
            return
        await self._try(shared.NAME, lambda: shared.probe(bench, self.notes))
        if bench.sites:
            await self._wrong_answers(bench)
        self.probes += bench.probes

    def result(self, wall_s: float) -> Audit:
        return Audit(
            task=self.task.name, folder=self.task.folder, evaluator=self.task.evaluator,
            split=not self.task.framework, findings=self.notes.sorted(), probes=self.probes,
            unfinished=tuple(self.unfinished), wall_s=wall_s,
        )  # fmt: skip


def probing(task: Task, taken_s: float) -> Task:
    """The task as it is probed: a wrong program that never ends must not hold the audit up for the task's whole limit.

    Args:
        task: the task.
        taken_s: seconds that its own program took, evaluator included.
    """
    wall = min(task.limits.wall, max(_PATIENCE_S, _PATIENCE * taken_s))
    return msgspec.structs.replace(task, limits=msgspec.structs.replace(task.limits, wall=wall))


def _hints(task: Task) -> Hints:
    """What the text gives away; that an evaluator of another framework executes candidates is its business."""
    hints = read_hints(task.evaluator_text)
    return msgspec.structs.replace(hints, executing=0) if task.framework else hints


def _how(evaluation: Evaluation) -> str:
    said = evaluation.feedback.strip().splitlines()
    return f"{evaluation.status.value}{f': {said[-1][:200]}' if said else ''}"


def _allowed(value: float, line: int) -> Finding:
    return Finding(
        grade="risk", name=tolerance.LOOSE, tried=f"read: {value:g} is allowed", line=line,
        result=f"a search finds and uses up whatever more than {HARMLESS:g} is worth",
        fix="compare without a tolerance, in exact arithmetic, or allow no more than rounding needs",
    )  # fmt: skip


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in _files(folder))


def _files(folder: Path) -> list[Path]:
    """What a twin needs beside it: nothing hidden, nothing compiled."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path for path in files if not any(map(_left_behind, path.relative_to(folder).parts))]


def _left_behind(part: str) -> bool:
    return part.startswith(".") or part == "__pycache__"


def _stricter(task: Task, found: Sequence[Tolerance], place: Path) -> Iterator[Task]:
    """The task with stricter and stricter twins of its evaluator, each in a folder of its own; the strictest first."""
    largest = max(item.value for item in found)
    for strict in (size for size in _STRICT if size < largest / 5):
        folder, text = place / f"{strict:g}", tightened(task.evaluator_text, found, strict)
        for path in _files(task.path):
            target = folder / path.relative_to(task.path)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
        (folder / task.evaluator).write_text(text, encoding="utf-8")
        yield msgspec.structs.replace(task, folder=str(folder), evaluator_text=text)
