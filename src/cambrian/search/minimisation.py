"""The winner without the edits that do not matter: fewer changes to read, and it is known which ones earn the score.

Delta debugging (Zeller & Hildebrandt 2002) over the hunks between the initial program and the winner, at last line by
line: whatever can be left out without the score getting worse is left out. Each trial is an ordinary evaluation. Where
the objective varies from run to run, an edit stays unless leaving it out is not worse in fresh runs of both, and the
result must not be worse than the winner in fresh runs once more.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

import msgspec

from cambrian.compute.local import LocalPool
from cambrian.core.evaluation import Evaluation
from cambrian.core.ids import VariantId
from cambrian.core.variant import Origin, Variant
from cambrian.source.patch import Patch
from cambrian.verify.averages import bounded, mean

from .archives import Rank
from .evaluation import Evaluator, Outcome
from .facts import Dropped, Tried
from .filters import Filters
from .proposer import Scored
from .task import Task

Pool = LocalPool[Evaluator, Outcome]
Tell = Callable[[Tried], Awaitable[None]]
NAME = "minimise"
"""What a minimised winner's origin names as its proposer."""
NEW_LINES = 20
"""A program with so many more new lines than the initial one has in all is another program: it is left as it is."""


class _Enough(Exception):
    """The budget or a person ended it; what is known by then holds."""


class Smaller(msgspec.Struct, frozen=True, kw_only=True):
    """What a minimisation found.

    Args:
        scored: the smaller winner with its score; `None` if nothing could be left out.
        dropped: what each edit of the winner is worth, as far as it was tried.
        edits: how many there are.
        left: how many were left out.
    """

    scored: Scored | None
    dropped: tuple[Dropped, ...]
    edits: int
    left: int


class Minimisation:
    """Trials of the winner without some of its edits.

    Args:
        task: the task.
        pool: where they run; idle.
        initial: the initial program with its score.
        winner: the best found.
        filters: what need not run.
        noisy: the score varies from run to run.
        known: trials that an earlier process of this run has made.
        tell: writes a trial down.
        runs: evaluations that it may take.
    """

    def __init__(
        self, task: Task, pool: Pool, *, initial: Scored, winner: Scored, filters: Filters, noisy: bool,
        known: Mapping[VariantId, Tried], tell: Tell, runs: int,
    ) -> None:  # fmt: skip
        self._task = task
        self._pool = pool
        self._initial = initial
        self._winner = winner
        self._filters = filters
        self._pairs = task.sampling.least if noisy or task.mode == "callable" else 0
        self._known = dict(known)
        self._tell = tell
        self._runs = runs - sum(trial.runs for trial in known.values())
        self._left: Callable[[], float | None] = lambda: None
        self._goal = self._rank(winner.evaluation)
        self._best = winner
        self._cpu_s = 0.0

    async def run(self, left: Callable[[], float | None]) -> Smaller | None:
        """Leave out what can be left out; `None` if there is nothing to try.

        Args:
            left: seconds of the wall budget that are left; `None` without one.

        Raises:
            SandboxError: the machinery failed.
        """
        self._left = left
        coarse = Patch(self._initial.variant.files, self._winner.variant.files)
        if _another_program(coarse, self._initial.variant):
            return None
        worth: dict[int, Tried] = {}
        try:
            await self._reduce(coarse, worth)
            rest = Patch(self._initial.variant.files, self._best.variant.files, fine=True)
            if len(rest.pieces) > rest.hunks:
                await self._reduce(rest, {})
            if self._pairs and self._best is not self._winner and not await self._holds(self._best):
                self._best = self._winner
        except _Enough:
            if self._pairs:  # what noise has chosen and was not tried once more is not believed
                self._best = self._winner
        return Smaller(
            scored=None if self._best is self._winner else self._best, edits=len(coarse.pieces),
            dropped=tuple(self._dropped(coarse, piece, trial) for piece, trial in sorted(worth.items())),
            left=len(coarse.pieces) - len(Patch(self._initial.variant.files, self._best.variant.files).pieces),
        )  # fmt: skip

    async def _reduce(self, patch: Patch, worth: dict[int, Tried]) -> None:
        """Leave out groups of pieces, then ever smaller ones, until no single one can go.

        Args:
            patch: what leads to the best program so far.
            worth: takes what came of leaving a piece out.
        """
        kept = list(range(len(patch.pieces)))
        size = max(1, len(kept) // 2)
        while kept:
            before = len(kept)
            for group in _groups(kept, size):
                rest = [piece for piece in kept if piece not in group]
                trial, scored = await self._try(patch.apply(rest))
                if len(group) == 1:
                    worth[group[0]] = trial
                if scored is not None:
                    kept, self._best = rest, scored
                    worth.update(dict.fromkeys(group, trial))
            if size == 1 and len(kept) == before:
                break
            size = max(1, size // 2)

    async def _try(self, files: dict[str, str]) -> tuple[Tried, Scored | None]:
        """Run a program that has fewer edits: what came of it, and the program if it is no worse."""
        variant = self._variant(files)
        if variant.id == self._initial.variant.id:
            return _of(self._winner, variant, self._initial.evaluation, self._rank(self._initial.evaluation)), None
        if self._filters.canonical(files) == self._filters.canonical(self._best.variant.files):
            evaluation = msgspec.structs.replace(self._best.evaluation, variant=variant.id)
            same = _of(self._winner, variant, evaluation, self._goal)
            return same, Scored(variant=variant, evaluation=evaluation)
        unfit = self._filters.unfit(files)
        if unfit is not None:
            return Tried(variant=self._winner.variant.id, trial=variant.id, evaluation=None, why=unfit), None
        trial = self._known.get(variant.id) or await self._run(variant)
        if trial.evaluation is None or not trial.evaluation.ok or not trial.gains:
            return trial, None
        good = trial.gains >= (trial.against or self._goal)
        return trial, Scored(variant=variant, evaluation=trial.evaluation) if good else None

    async def _run(self, variant: Variant) -> Tried:
        if self._pairs:
            trial = await self._compare(variant, self._pairs)
        else:
            evaluation = await self._evaluate(variant, best=self._goal)
            gains = self._rank(evaluation) if evaluation.ok else ()
            trial = _of(self._winner, variant, evaluation, gains, runs=1)
        self._known[variant.id] = trial
        await self._told(trial)
        return trial

    async def _told(self, trial: Tried) -> None:
        cpu_s, self._cpu_s = self._cpu_s, 0.0
        await self._tell(msgspec.structs.replace(trial, cpu_s=cpu_s))

    async def _holds(self, smaller: Scored) -> bool:
        """Whether what a noisy objective has chosen is no worse than the winner in fresh runs."""
        trial = await self._compare(smaller.variant, self._task.sampling.most)
        await self._told(msgspec.structs.replace(trial, again=True))
        return bool(trial.gains) and trial.gains >= trial.against

    async def _compare(self, variant: Variant, pairs: int) -> Tried:
        """Run a program and the winner in turn; the means count."""
        ours, theirs = list[Evaluation](), list[Evaluation]()
        for number in range(pairs):
            order = [(variant, ours), (self._winner.variant, theirs)]
            for program, found in order if number % 2 else order[::-1]:
                evaluation = await self._evaluate(program)
                found.append(evaluation)
                if not evaluation.ok:
                    lost = program is not variant  # a winner that fails now shows nothing about the other
                    return _of(self._winner, variant, ours[-1] if ours and not lost else None, (), runs=2 * number + 2)
        means = [self._mean(found) for found in (ours, theirs)]
        return _of(self._winner, variant, self._summed(variant, ours), means[0], against=means[1], runs=2 * pairs)

    def _mean(self, found: Sequence[Evaluation]) -> Rank:
        return tuple(map(mean, zip(*map(self._rank, found), strict=True)))

    def _summed(self, variant: Variant, found: Sequence[Evaluation]) -> Evaluation:
        name = self._task.objectives[0].name
        means = {key: mean(item.objectives[key] for item in found) for key in found[0].objectives}
        samples = tuple(item.objectives[name] for item in found)
        return msgspec.structs.replace(found[-1], variant=variant.id, objectives=means, samples=samples)

    async def _evaluate(self, variant: Variant, best: Rank | None = None) -> Evaluation:
        """One run, if there is room for it."""
        seconds = self._left()
        if self._runs < 1 or (seconds is not None and seconds < 1.2 * self._winner.evaluation.usage.wall_s):
            raise _Enough
        self._runs -= 1
        self._pool.start(0, lambda slot: slot.evaluate(variant, best=best))
        done = await self._pool.next(timeout=seconds)
        if done is None:
            self._pool.cancel()
            done = await self._pool.next()
        if done is None or done.cancelled:
            raise _Enough
        if done.error is not None:
            raise done.error
        if done.result is None:
            raise _Enough
        evaluation = done.result.evaluation
        self._cpu_s += evaluation.usage.cpu_s + evaluation.usage.scorer_cpu_s
        return msgspec.structs.replace(evaluation, artifact=None, report=None)  # blobs that nobody keeps

    def _variant(self, files: dict[str, str]) -> Variant:
        winner = self._winner.variant
        origin = Origin(proposer=NAME, why=f"variant {winner.id} without the edits that do not matter")
        return Variant(
            files=files, entry=winner.entry, parents=(winner.id,), origin=origin, language=winner.language
        )  # fmt: skip

    def _rank(self, evaluation: Evaluation) -> Rank:
        return tuple(item.gain(evaluation.objectives[item.name]) for item in self._task.objectives)

    def _dropped(self, patch: Patch, piece: int, trial: Tried) -> Dropped:
        place = patch.pieces[piece]
        loss = bounded((trial.against or self._goal)[0] - trial.gains[0]) if trial.gains else None
        fails = "" if trial.gains else trial.why or (trial.evaluation.status.value if trial.evaluation else "unknown")
        samples = max(1, trial.runs // 2) if self._pairs else 1
        return Dropped(
            variant=self._winner.variant.id, path=place.path, line=place.line, loss=loss, samples=samples, fails=fails
        )  # fmt: skip


def _groups(pieces: Sequence[int], size: int) -> list[tuple[int, ...]]:
    return [tuple(pieces[at : at + size]) for at in range(0, len(pieces), size)]


def _of(
    winner: Scored, variant: Variant, evaluation: Evaluation | None, gains: Rank, *, against: Rank = (), runs: int = 0
) -> Tried:
    return Tried(
        variant=winner.variant.id, trial=variant.id, evaluation=evaluation, gains=gains, against=against, runs=runs
    )  # fmt: skip


def _another_program(patch: Patch, initial: Variant) -> bool:
    new = sum(piece.added.count("\n") for piece in patch.pieces)
    return new > NEW_LINES + sum(text.count("\n") for text in initial.files.values())


def allowed(task: Task, evaluations: int) -> int:
    """Evaluations that minimising may take after a search of so many."""
    return int(task.minimise * evaluations)


def reserve(task: Task, *, initial: Scored, winner: Scored, evaluations: int) -> float:
    """Seconds of the wall budget that a search leaves for minimising its winner.

    Args:
        task: the task.
        initial: the initial program.
        winner: the best so far.
        evaluations: finished so far.
    """
    if task.budget.wall is None or not task.minimise or winner.variant.id == initial.variant.id:
        return 0.0
    patch = Patch(initial.variant.files, winner.variant.files)
    if len(patch.pieces) < 2 or _another_program(patch, initial.variant):
        return 0.0
    runs = min(2 * len(patch.pieces) + 2, max(4, allowed(task, evaluations)))
    return min(task.minimise * task.budget.wall, 1.2 * runs * winner.evaluation.usage.wall_s)
