"""The numbers in a program: CMA-ES for floats, own steps for integers. No I/O but that of the optimiser handed in.

Variants that differ in editable numbers only have the same *shape*, and all that is learnt belongs to a shape: a CMA-ES
search over its floats, and how often each step of each integer paid. What an outcome teaches is written in the
variant's origin, so that telling the recorded outcomes again, in their order, restores everything.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from random import Random
from typing import Literal, NamedTuple, Protocol

import msgspec

from cambrian.core.errors import ProposalError, UsageError, WorkerDied
from cambrian.core.ids import digest
from cambrian.core.variant import Origin, Variant
from cambrian.search.proposer import Candidate, Proposer, Scored, Setting
from cambrian.source import blocks, literals, normalise, syntax
from cambrian.source.cache import Cache

_MAX_FLOATS = 60
"""Coordinates of one search; CMA-ES learns a covariance of their square. Further floats stay as they are."""
_SHAPES = 8
_LARGE = 1e250
_LONG = 2**62
"""Numbers beyond these are left alone: they are masks, keys or sentinels, and steps could overflow."""
_STEPS = ("+1", "-1", "*2", "/2")
_Step = Literal["+1", "-1", "*2", "/2"]


class Optimiser(Protocol):
    """What tuning needs of `cambrian.compute.optimiser.OptimiserWorker`; its contracts are told there."""

    async def ask(self, key: str, dimension: int, seed: int) -> list[float]:
        """Sample a point around the origin."""
        ...

    async def tell(self, key: str, point: Sequence[float], gain: float | None) -> None:
        """Say how a point did."""
        ...

    async def aclose(self) -> None:
        """End it."""
        ...


class Lesson(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a tuned variant's outcome is about; kept in `Origin.detail`.

    Args:
        shape: first 16 characters of the shape's digest.
        start: the floats that the search's origin stands for.
        point: the point tried, in the search's coordinates; empty if integers were stepped.
        steps: index of each integer stepped → the step.
        before: the parent's objective.
    """

    shape: str
    start: list[float] = []
    point: list[float] = []
    steps: dict[str, _Step] = {}
    before: float | None = None

    def key(self) -> str:
        """Names its CMA-ES search: coordinates mean something relative to one start only."""
        return f"{self.shape}/{digest(msgspec.json.encode(self.start))[:8]}"


class LiteralTuning(Proposer):
    """Candidates that differ from the best parent in its editable numbers only.

    Args:
        setting: the task.
        optimiser: where CMA-ES runs; closed by `aclose`.
        name: registered name.
    """

    structural = False

    def __init__(self, setting: Setting, optimiser: Optimiser, *, name: str = "tune") -> None:
        self.name = name
        self._objective = setting.objectives[0]
        self._optimiser = optimiser
        self._shapes: OrderedDict[str, _Shape] = OrderedDict()
        self._broken = ""

    async def propose(self, parents: Sequence[Scored], rng: Random) -> Candidate:
        """Change floats or integers of the first parent.

        Raises:
            ProposalError: no parent, not Python, no editable number, or the optimiser died.
        """
        if not parents:
            raise ProposalError(f"{self.name!r} needs a parent and was given none")
        numbers = _numbers(parents[0].variant, self.name)
        before = parents[0].evaluation.objectives.get(self._objective.name)
        known = self._shapes.get(numbers.shape) or _Shape()
        share = len(numbers.floats) / (len(numbers.floats) + len(numbers.integers))
        if rng.random() < share:
            return await self._move_floats(numbers, known, before, rng)
        return self._step_integers(numbers, known, before, rng)

    async def tell(self, outcome: Scored) -> None:
        """Teach the shape's search, or its integers' steps."""
        try:
            lesson = msgspec.convert(outcome.variant.origin.detail, Lesson)
        except msgspec.ValidationError as error:
            raise UsageError(f"variant {outcome.variant.id!r} is no record of {self.name!r}: {error}") from error
        value = outcome.evaluation.objectives.get(self._objective.name)
        gain, before = self._gain(value), self._gain(lesson.before)
        shape = self._learning(lesson.shape)
        for index, step in lesson.steps.items():
            shape.note(index, step, better=gain is not None and before is not None and gain > before)
        if lesson.start:
            shape.learn(lesson.start, gain, before)
        if lesson.point and not self._broken:
            try:
                await self._optimiser.tell(lesson.key(), lesson.point, gain)
            except WorkerDied as error:  # said at the next proposal; the outcome itself is safe in the journal
                self._broken = str(error)

    async def aclose(self) -> None:
        """End the optimiser."""
        await self._optimiser.aclose()

    async def _move_floats(self, numbers: _Numbers, known: _Shape, before: float | None, rng: Random) -> Candidate:
        if self._broken:
            raise ProposalError(f"{self.name!r} cannot go on in this run: {self._broken}")
        gain = self._gain(before)
        stale = gain is not None and gain > known.best
        own = [float(number.literal.value) for number in numbers.floats]
        start = own if stale or not known.start else known.start
        lesson = Lesson(shape=numbers.shape, start=start, before=before)
        try:
            point = await self._optimiser.ask(lesson.key(), len(start), rng.getrandbits(62))
        except WorkerDied as error:
            self._broken = str(error)
            raise ProposalError(f"{self.name!r} cannot go on in this run: {error}") from error
        values = [_scaled(origin, at) for origin, at in zip(start, point, strict=True)]
        lesson = msgspec.structs.replace(lesson, point=point)
        return self._candidate(numbers, numbers.floats, values, lesson, f"CMA-ES over {len(start)} floats")

    def _step_integers(self, numbers: _Numbers, known: _Shape, before: float | None, rng: Random) -> Candidate:
        indices = sorted(rng.sample(range(len(numbers.integers)), min(len(numbers.integers), rng.choice((1, 1, 1, 2)))))
        steps: dict[str, _Step] = {str(index): known.draw(str(index), rng) for index in indices}
        changed = [numbers.integers[index] for index in indices]
        values = [
            _stepped(int(number.literal.value), step) for number, step in zip(changed, steps.values(), strict=True)
        ]
        said = ", ".join(
            f"{number.literal.value} → {value} in line {number.literal.line}"
            for number, value in zip(changed, values, strict=True)
        )
        lesson = Lesson(shape=numbers.shape, steps=steps, before=before)
        return self._candidate(numbers, changed, values, lesson, said)

    def _candidate(
        self, numbers: _Numbers, changed: Sequence[_Number], values: Sequence[float], lesson: Lesson, why: str
    ) -> Candidate:
        files = _written(numbers.files, changed, values)
        detail: dict[str, object] = msgspec.to_builtins(lesson)
        return Candidate(files=files, origin=Origin(proposer=self.name, why=why, detail=detail))

    def _gain(self, value: float | None) -> float | None:
        return None if value is None else self._objective.gain(value)

    def _learning(self, key: str) -> _Shape:
        """The shape's memory; begun by the first outcome, so that it depends on outcomes alone."""
        shape = self._shapes.setdefault(key, _Shape())
        self._shapes.move_to_end(key)
        while len(self._shapes) > _SHAPES:
            self._shapes.popitem(last=False)
        return shape


class _Shape:
    """What is known of the variants of one shape.

    `start` is where its present CMA-ES search began and `best` the best gain that any of its searches saw: a parent
    that is better still came by another way, and a new search starts from it.
    """

    def __init__(self) -> None:
        self.start: list[float] = []
        self.best = -math.inf
        self._basis = -math.inf
        self._paid: dict[tuple[str, str], tuple[int, int]] = {}

    def learn(self, start: list[float], gain: float | None, before: float | None) -> None:
        """Take note of a point of the search that began at `start`, from a parent with the gain `before`."""
        basis = -math.inf if before is None else before
        if not self.start or (start != self.start and basis > self._basis):
            self.start, self._basis = start, basis
        self.best = max(self.best, basis, -math.inf if gain is None else gain)

    def note(self, index: str, step: str, *, better: bool) -> None:
        won, tried = self._paid.get((index, step), (0, 0))
        self._paid[index, step] = (won + better, tried + 1)

    def draw(self, index: str, rng: Random) -> _Step:
        weights = [self._rate(index, step) for step in _STEPS]
        return rng.choices(_STEPS, weights)[0]

    def _rate(self, index: str, step: str) -> float:
        won, tried = self._paid.get((index, step), (0, 0))
        return (won + 1) / (tried + 2)


class _Number(NamedTuple):
    file: str
    literal: literals.Literal


class _Numbers(NamedTuple):
    """The editable numbers of a variant and the shape they leave when they are taken out."""

    files: Mapping[str, str]
    floats: Sequence[_Number]
    integers: Sequence[_Number]
    shape: str


_NUMBERS: Cache[tuple[tuple[str, str], ...], _Numbers] = Cache(500_000)
_KEPT, _FIXED, _EACH = 4, 1_000, 150
"""Of the programs with the most numbers, how many are remembered; bytes that one weighs, about, and each number."""


def _numbers(variant: Variant, proposer: str) -> _Numbers:
    if variant.language != "python":
        raise ProposalError(f"{proposer!r} reads Python, and variant {variant.id!r} is {variant.language!r}")
    key = tuple(sorted(variant.files.items()))
    known = _NUMBERS.get(key)
    if known is not None:
        return known
    made = _read_numbers(variant, proposer)
    weight = _FIXED + sum(len(text) for _, text in key) + _EACH * (len(made.floats) + len(made.integers))
    _NUMBERS.widen(_KEPT * weight)
    return _NUMBERS.put(key, made, weight)


def _read_numbers(variant: Variant, proposer: str) -> _Numbers:
    try:
        editable = blocks.editable(variant.files)
    except UsageError as error:
        raise ProposalError(f"{proposer!r} cannot edit variant {variant.id!r}: {error}") from error
    found = [
        _Number(name, literal)
        for name, text in sorted(variant.files.items())
        if editable[name] and syntax.is_python(name, "python")
        for literal in literals.literals(text, editable[name])
    ]
    if not found:
        raise ProposalError(f"{proposer!r} finds no editable number in variant {variant.id!r}")
    blank = _written(variant.files, found, [0] * len(found))
    floats = [n for n in found if isinstance(n.literal.value, float) and abs(n.literal.value) < _LARGE][:_MAX_FLOATS]
    integers = [n for n in found if isinstance(n.literal.value, int) and abs(n.literal.value) < _LONG]
    if not floats and not integers:
        raise ProposalError(f"{proposer!r} finds only numbers too large to tune in variant {variant.id!r}")
    return _Numbers(
        files=variant.files, floats=floats, integers=integers, shape=normalise.canonical(blank, "python")[:16]
    )


def _written(files: Mapping[str, str], changed: Sequence[_Number], values: Sequence[float]) -> dict[str, str]:
    result = dict(files)
    for name in {number.file for number in changed}:
        pairs = [(n.literal, value) for n, value in zip(changed, values, strict=True) if n.file == name]
        result[name] = literals.replace(files[name], [old for old, _ in pairs], [new for _, new in pairs])
    return result


def _scaled(start: float, at: float) -> float:
    """A value at a coordinate: by factors where the start is far from 1, by differences otherwise."""
    size = abs(start)
    if size > 10 or 0 < size < 0.1:
        value = start * math.exp(max(-300.0, min(300.0, at)))
    else:
        value = start + at * max(size, 0.5)
    return float(f"{max(-_LARGE, min(_LARGE, value)):.12g}")


def _stepped(value: int, step: _Step) -> int:
    match step:
        case "+1":
            return value + 1
        case "-1":
            return value - 1
        case "*2":
            return value * 2 if value else 1
        case "/2":
            return (abs(value) // 2) * (1 if value > 0 else -1)
