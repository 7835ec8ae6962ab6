"""Racing alternatives: several ways to one result, the first valid or the best one wins, the others end at once.

What an alternative does to the world goes through its `Branch`: reading is free, anything else waits until the branch
has won. So a loser has changed nothing, and there is nothing to take back.

`Odds` learns who wins, and a race that knows them starts the likely winner first and the others only if it is late.
"""

from __future__ import annotations

import math
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, Literal, TypeVar

import anyio
import anyio.abc
import anyio.lowlevel
import msgspec

from cambrian.core.errors import CambrianError, UsageError

__all__ = ["Alternative", "Branch", "NobodyWon", "Odds", "Raced", "race"]

T = TypeVar("T")
R = TypeVar("R")
Mode = Literal["first", "best"]
End = Literal["won", "valid", "invalid", "failed", "cancelled", "not started"]
"""valid: it was valid too, and another one won. cancelled: it was ended because another one had won."""


class NobodyWon(CambrianError):
    """Every alternative failed or gave something that is not valid; names each with its reason."""


class Alternative(msgspec.Struct, Generic[T], frozen=True):
    """One way to the result.

    Args:
        name: by which its odds are learnt.
        run: does it. It is cancelled at its next ``await`` when another one has won, and has to end what it started on
            its way out; programs in a jail do.
        confidence: chance, in (0, 1), that its result is valid, as far as its author knows; counts like two races.
    """

    name: str
    run: Callable[[Branch], Awaitable[T]]
    confidence: float = 0.5


class Odds(msgspec.Struct):
    """Who won so far: name → (valid results, runs that ended by themselves). Plain data; keep it with your facts."""

    seen: dict[str, tuple[int, int]] = {}

    def chance(self, alternative: Alternative[T]) -> float:
        """Chance that it gives a valid result: the mean of a beta distribution that starts at its confidence."""
        good, runs = self.seen.get(alternative.name, (0, 0))
        return (2 * alternative.confidence + good) / (2 + runs)

    def tell(self, ends: dict[str, End]) -> None:
        """Take a race in. Who was cancelled or never started shows nothing."""
        for name, end in ends.items():
            if end in ("won", "valid", "invalid", "failed"):
                good, runs = self.seen.get(name, (0, 0))
                self.seen[name] = good + (end in ("won", "valid")), runs + 1


class Raced(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """How a race ended.

    Args:
        winner: name of the alternative whose result it is.
        value: the result.
        ends: name → how it ended, in the order given.
        why: name → one line of those that failed or were not valid.
        wall_s: seconds from the start to the end of the last loser.
    """

    winner: str
    value: T
    ends: dict[str, End]
    why: dict[str, str]
    wall_s: float


class Branch:
    """What an alternative has in hand while it runs."""

    def __init__(self, name: str, changed: Callable[[], None]) -> None:
        self.name = name
        self.waits = False
        self._changed = changed
        self._won = anyio.Event()

    @property
    def won(self) -> bool:
        """Whether it has won and may change the world."""
        return self._won.is_set()

    async def effect(self, do: Callable[[], Awaitable[R]], *, read_only: bool = False) -> R:
        """Do something to the world, or ask it something.

        Args:
            do: does it.
            read_only: it changes nothing, so it is done at once. Anything else waits until this branch has won: that is
                when no other one can get any further without changing the world either.
        """
        if not read_only and not self.won:
            self.waits = True
            self._changed()
            await self._won.wait()
            self.waits = False
        return await do()

    def win(self) -> None:
        """It is the winner."""
        self._won.set()


async def race(
    alternatives: Sequence[Alternative[T]],
    *,
    valid: Callable[[T], bool] = lambda _: True,
    best: Callable[[T], float] | None = None,
    odds: Odds | None = None,
    head_start_s: float = 0.0,
) -> Raced[T]:
    """Run alternatives against each other.

    Args:
        alternatives: two or more, or one; names differ.
        valid: whether a result may win.
        best: how good a result is, more is better: all run to their end and the best valid one wins; who only waits to
            change the world then is cancelled. Without it the first valid one wins, and the others are cancelled.
        odds: learnt from earlier races, told of this one. Likely ones start first.
        head_start_s: seconds that each has before the next one starts; it starts at once when all before have failed.

    Returns:
        The result, when every loser has ended.

    Raises:
        NobodyWon: no result is valid. If a branch had won by changing the world, it names what failed after that.
        UsageError: no alternative, names that repeat, or a confidence that is no chance.
    """
    _check(alternatives, head_start_s)
    known = odds or Odds()
    order = sorted(alternatives, key=lambda item: -known.chance(item))
    running = _Race(order, valid=valid, best=best, head_start_s=head_start_s, chance=known.chance)
    raced = await running.run()
    known.tell(running.ends)
    if raced is None:
        told = "; ".join(f"{name}: {running.why.get(name, end)}" for name, end in running.ends.items())
        raise NobodyWon(f"none of {len(order)} alternatives gave a valid result ({told})")
    return raced


def _check(alternatives: Sequence[Alternative[T]], head_start_s: float) -> None:
    names = [item.name for item in alternatives]
    if not names:
        raise UsageError("alternatives is empty; give one at least")
    if len(set(names)) < len(names):
        raise UsageError(f"alternatives are named {names!r}; each name may stand there once")
    for item in alternatives:
        if not 0 < item.confidence < 1:
            raise UsageError(f"confidence of {item.name!r} is {item.confidence!r}; it is a chance above 0 and below 1")
    if not (math.isfinite(head_start_s) and head_start_s >= 0):
        raise UsageError(f"head_start_s is {head_start_s!r}; it is a number of seconds, 0 or more")


class _Race(Generic[T]):
    """One race under way."""

    def __init__(
        self, order: Sequence[Alternative[T]], *, valid: Callable[[T], bool], best: Callable[[T], float] | None,
        head_start_s: float, chance: Callable[[Alternative[T]], float],
    ) -> None:  # fmt: skip
        self._order, self._valid, self._best, self._chance = order, valid, best, chance
        self._head_start_s = head_start_s
        self._wake = anyio.Event()
        self._branches: dict[str, Branch] = {}
        self._scopes: dict[str, anyio.CancelScope] = {}
        self._values: dict[str, T] = {}
        self._worth: dict[str, float] = {}
        self.ends: dict[str, End] = {item.name: "not started" for item in order}
        self.why: dict[str, str] = {}

    async def run(self) -> Raced[T] | None:
        began = time.monotonic()
        winner: str | None = None
        async with anyio.create_task_group() as group:
            winner = await self._until_won(group)
            for name, scope in self._scopes.items():
                if name != winner:
                    scope.cancel()
        if winner is None or winner not in self._values:
            return None
        self.ends[winner] = "won"
        return Raced(
            winner=winner, value=self._values[winner], ends=self.ends, why=self.why, wall_s=time.monotonic() - began
        )

    async def _until_won(self, group: anyio.abc.TaskGroup) -> str | None:
        """Start one after the other and wait; the winner's name, or nothing if all have ended without one."""
        waiting = list(self._order)
        while True:
            self._wake = anyio.Event()
            winner = self._winner(last=not waiting)
            if winner is not None or not (waiting or self._scopes):
                return winner
            if waiting and (self._head_start_s == 0 or not self._active()):
                self._start(group, waiting.pop(0))
                continue
            with anyio.move_on_after(self._head_start_s if waiting else None) as late:
                await self._wake.wait()
            if late.cancelled_caught and waiting:
                self._start(group, waiting.pop(0))

    def _start(self, group: anyio.abc.TaskGroup, alternative: Alternative[T]) -> None:
        name = alternative.name
        self._branches[name] = Branch(name, self._changed)
        self._scopes[name] = anyio.CancelScope()
        group.start_soon(self._run_one, alternative, self._branches[name], self._scopes[name])

    async def _run_one(self, alternative: Alternative[T], branch: Branch, scope: anyio.CancelScope) -> None:
        name = alternative.name
        self.ends[name] = "cancelled"
        try:
            with scope:
                value = await _run_out(alternative, branch)
                self.ends[name] = "invalid"
                if self._valid(value):
                    self._worth[name] = 0.0 if self._best is None else _number(self._best(value))
                    self._values[name], self.ends[name] = value, "valid"
                else:
                    self.why[name] = f"not valid: {value!r:.100}"
        except Exception as error:  # noqa: BLE001 - the worker loop's boundary: one alternative may not end the others
            self.ends[name], self.why[name] = "failed", f"{type(error).__name__}: {error}"
        except anyio.get_cancelled_exc_class():
            if anyio.current_effective_deadline() == -math.inf:  # whoever waits for the race was cancelled
                raise
            self.ends[name], self.why[name] = "failed", "it cancelled itself"
        del self._scopes[name]
        self._changed()

    def _changed(self) -> None:
        self._wake.set()

    def _active(self) -> bool:
        """Whether somebody runs and does not wait to change the world."""
        return any(not self._branches[name].waits for name in self._scopes)

    def _winner(self, *, last: bool) -> str | None:
        """Who has won, if that is decided. Who waits to change the world wins when nobody can go on without that."""
        committed = next((name for name, branch in self._branches.items() if branch.won), None)
        if committed is not None:
            return committed if committed not in self._scopes else None
        if self._values and (self._best is None or (last and not self._active())):
            return self._finisher()  # who only waits to change the world has nothing to be compared by
        if self._scopes and last and not self._active() and not self._values:
            self._commit()
        return None

    def _finisher(self) -> str:
        if self._best is None:
            return next(iter(self._values))
        return max(self._values, key=self._worth.__getitem__)

    def _commit(self) -> None:
        """Everybody who still runs waits to change the world: the likeliest may, the others end."""
        by_name = {item.name: item for item in self._order}
        winner = max(self._scopes, key=lambda name: self._chance(by_name[name]))
        for name, scope in self._scopes.items():
            if name != winner:
                scope.cancel()
        self._branches[winner].win()


async def _run_out(alternative: Alternative[T], branch: Branch) -> T:
    """What an alternative gives. If it has cancelled its own task, that comes out here and not when the task ends."""
    try:
        return await alternative.run(branch)
    finally:
        await anyio.lowlevel.cancel_shielded_checkpoint()


def _number(worth: float) -> float:
    if math.isnan(worth):
        raise ValueError("best() gave NaN for its result")
    return worth
