"""Where probes are tried: a bench holds the honest answer, spoils it as a recipe says, and has it evaluated in jails.

What an answer is worth is compared by the task's objectives in their order. What differs by no more than rounding, or
by no more than the honest answer itself varies, is the same.
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from typing import Literal, cast

import msgspec

from cambrian.search.task import Task

__all__ = ["Bench", "Deadline", "OutOfTime", "Recipe", "Site", "Verdict"]

_ROUNDING = 1e-9
_NOISE = 0.5
"""How much of the honest answer's own range a better score must lie above the best of it, each time."""

Path = tuple[int | str | None, ...]


class OutOfTime(Exception):
    """The audit's time is up."""


class Deadline:
    """When to stop probing.

    Args:
        seconds: from now.
    """

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    @property
    def left(self) -> float:
        """Seconds left; below zero afterwards."""
        return self._end - time.monotonic()

    def check(self) -> None:
        """Go on, if there is time.

        Raises:
            OutOfTime: there is none.
        """
        if self.left <= 0:
            raise OutOfTime


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """A place in the honest answer; see `cambrian.search.inside.corruption`.

    Args:
        path: steps from the root; `None` stands for every child.
        kind: of the value there: whole, real, text, flag, none, list, tuple, dict, array, other.
        value: a number's.
        size: number of children.
        ids: the numbers below are a row without gaps, each there once.
        shape: an array's.
    """

    path: Path
    kind: str
    value: float | None = None
    size: int = 0
    ids: bool = False
    shape: tuple[int, ...] = ()

    @property
    def numeric(self) -> bool:
        """It is a number."""
        return self.kind in ("whole", "real")

    @property
    def holds(self) -> bool:
        """It has children."""
        return self.kind in ("list", "tuple", "dict", "array")

    def __str__(self) -> str:
        if not self.path:
            return "the answer"
        return "answer" + "".join("[*]" if step is None else f"[{step!r}]" for step in self.path)


class Recipe(msgspec.Struct, frozen=True, kw_only=True):
    """How an answer is spoilt.

    Args:
        path: where.
        act: a name of `cambrian.search.inside.corruption.ACTS`.
        arg: its argument.
        which: which answer, where the program gives several; -1: all.
        also: what every number of the answer is multiplied by afterwards.
    """

    path: Path = ()
    act: str = "as it is"
    arg: str | float | int | None = None
    which: int = -1
    also: float = 1.0


HONEST = Recipe()


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What became of an answer.

    Args:
        kind: ``"scored"``; ``"rejected"`` by the evaluator; ``"fault"``: the evaluator failed; ``"failed"``: the
            program or its answer did not get so far.
        numbers: objective → value, if it was scored.
        gains: the objectives in order, more is better.
        why: what was said.
    """

    kind: Literal["scored", "rejected", "fault", "failed"]
    numbers: Mapping[str, float] = {}
    gains: tuple[float, ...] = ()
    why: str = ""


class Bench(ABC):
    """See the module.

    Args:
        task: the task.
        deadline: when to stop.
    """

    def __init__(self, task: Task, deadline: Deadline) -> None:
        self.task = task
        self.deadline = deadline
        self.sites: tuple[Site, ...] = ()
        self.answers = 1
        self.probes = 0
        self.honest = Verdict(kind="failed")
        self._known: dict[Recipe, Verdict] = {}
        self._range = 0.0

    costly = False
    """A probe takes as long as a whole evaluation."""

    @abstractmethod
    async def judge(self, recipe: Recipe) -> Verdict:
        """Have a spoilt answer evaluated.

        Raises:
            SandboxError: the machinery failed.
        """

    @abstractmethod
    async def renew(self) -> None:
        """Begin afresh: nothing of earlier evaluations is left."""

    @abstractmethod
    async def twin(self, task: Task, open: AsyncExitStack) -> Bench:
        """A bench for the same answers and another evaluator.

        Args:
            task: names the other evaluator.
            open: closes it.
        """

    async def take_honest(self, times: int) -> None:
        """Have the honest answer evaluated in fresh places, to know its worth and, if it varies, how much.

        Once at least; no more when the time is up, as nothing is compared then.
        """
        found: list[Verdict] = []
        while len(found) < (times if not varies(found) else 3 * times) and (not found or self.deadline.left > 0):
            await self.renew()
            found.append(await self.judge(HONEST))
            self.probes += 1
            if found[-1].kind != "scored":
                break
        self.honest = max(found, key=lambda item: item.gains) if found[-1].kind == "scored" else found[-1]
        firsts = [item.gains[0] for item in found if item.gains]
        self._range = max(firsts) - min(firsts) if firsts else 0.0

    @property
    def noisy(self) -> bool:
        """The honest answer's worth varies."""
        return self._range > self._rounding(self.honest.gains[0])

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """All so far, the honest answer's left out."""
        return tuple(self._known.values())

    @property
    def again(self) -> int:
        """How often a finding is tried again before it is told."""
        return 3 if self.noisy else 1

    async def attempt(self, recipe: Recipe) -> Verdict:
        """The verdict on a recipe; each is evaluated once.

        Raises:
            OutOfTime: there is no time left.
        """
        if recipe not in self._known:
            self.deadline.check()
            self.probes += 1
            self._known[recipe] = await self.judge(recipe)
        return self._known[recipe]

    async def sure(self, recipe: Recipe, least: int = 0) -> bool:
        """Whether a recipe is at least as good (`least` 0) or better (1) in a fresh place, too, and if noisy, again."""
        if self.order(await self.attempt(recipe)) < least:
            return False
        for _ in range(self.again):
            self.deadline.check()
            await self.renew()
            self.probes += 1
            if self.order(await self.judge(recipe)) < least:
                return False
        return True

    def order(self, verdict: Verdict, other: Verdict | None = None) -> int:
        """1: better than the honest answer (or `other`), 0: as good, -1: worse or not scored."""
        if verdict.kind != "scored":
            return -1
        than = (other or self.honest).gains
        for at, (mine, theirs) in enumerate(zip(verdict.gains, than, strict=True)):
            margin = max(self._rounding(theirs), _NOISE * self._range if at == 0 else 0.0)
            if abs(mine - theirs) > margin:
                return 1 if mine > theirs else -1
        return 0

    def same(self, verdict: Verdict) -> bool:
        """Scored like the honest answer."""
        return self.order(verdict) == 0

    @staticmethod
    def _rounding(value: float) -> float:
        return _ROUNDING * max(abs(value), 1e-300)

    @property
    def first(self) -> str:
        """Name of the objective that ranks."""
        return self.task.objectives[0].name

    def verdict(self, numbers: Mapping[str, float]) -> Verdict:
        """Of a score; one without the objectives is a fault."""
        missing = [item.name for item in self.task.objectives if item.name not in numbers]
        if missing:
            return Verdict(kind="fault", why=f"the evaluator gave no {missing[0]!r}")
        gains = tuple(item.gain(numbers[item.name]) for item in self.task.objectives)
        return Verdict(kind="scored", numbers=dict(numbers), gains=gains)


def varies(found: Sequence[Verdict]) -> bool:
    """Whether scores of one answer differ by more than rounding."""
    firsts = [item.gains[0] for item in found if item.gains]
    return bool(firsts) and max(firsts) - min(firsts) > _ROUNDING * max(map(abs, firsts))


def plain(recipe: Recipe) -> dict[str, object]:
    """A recipe as `cambrian.search.inside.corruption` takes it."""
    return {"path": list(recipe.path), "act": recipe.act, "arg": recipe.arg, "also": recipe.also}


def read_sites(raw: object) -> tuple[Site, ...]:
    """The sites that a jail told of."""
    items = cast("Sequence[object]", raw)
    return tuple(msgspec.convert(item, Site, strict=False) for item in items)
