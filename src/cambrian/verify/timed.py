"""`Timed`: the cases that an original and its candidates are timed on, and how often."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import cast

import msgspec

from cambrian.core.limits import Limits
from cambrian.core.ports import Program, Runtime

from .cases import Case, size
from .laps import Clock, Lap, Laps, first_lap, loads_of

__all__ = ["Timed", "choose", "climb", "may_wait"]

_TOTAL = 0.4
"""Seconds of the first calls of all cases that are kept, unless one alone takes longer."""
_TRIAL = Limits(wall=8.0, cpu=1.5, memory=2 * 2**30, output=2**20)
_PATIENT = Limits(wall=20.0, cpu=6.0, memory=2 * 2**30, output=2**20)
"""Of a trial where no case ends within the first."""
_MOST = 5
_ENOUGH = 0.04
"""Seconds of a call that need not be made longer."""
_STEP = Limits(wall=4.0, cpu=2.0, memory=2**30, output=2**20)
_WANTED_S = 0.015
_LAPS, _MOST_LAPS = 4, 8
"""Of a process, the quickest of which counts: more of them where one cannot take as long as is wanted."""
_BRIEF_S = 0.1
"""Of all cases once: what takes longer has one lap."""
_MOST_ROUNDS, _LOOKS = 5_000, 2
_BYTES = 1_500_000
"""Of the arguments of all cases that are kept, unless one alone has more: each process has to be sent them."""
_LOADING_S = 5e-7
"""Seconds that a byte of them takes, about."""
_PARTS = 500_000
"""Parts of arguments that are made beforehand at most."""


class Timed(msgspec.Struct, frozen=True, kw_only=True):
    """What is timed.

    Args:
        cases: each called once a round.
        rounds: how many are timed together.
        seconds: of the original's calls, all cases together, by the clock.
        first_s: of the first case.
        loads: the cases, encoded.
        clock: that is read: the wall clock where calls wait.
    """

    cases: tuple[Case, ...]
    rounds: int
    seconds: float
    first_s: float
    loads: tuple[bytes, ...] = ()
    clock: Clock = "cpu"

    def pairs(self, guess: float) -> int:
        """How many pairs show something in bearable time: fewer of what takes longer, or gains more.

        Args:
            guess: the speed-up, by other pairs.
        """
        each = self.seconds * self.rounds * self._laps + sum(map(len, self.loads)) * _LOADING_S
        many = 21 if each < 0.1 else 13 if each < 0.3 else 9 if each < 1.0 else 5
        if guess < _PLAIN_GAIN:
            return many
        return 5 if each >= 1.0 else _OUTLIER

    @property
    def _laps(self) -> int:
        """How many laps a process has."""
        if self.seconds >= _BRIEF_S:
            return 1
        return _LAPS if self.seconds * self.rounds >= _WANTED_S / 2 else _MOST_LAPS

    def laps(self, jail: Runtime, control: Program, candidate: Program) -> Laps:
        """The measure for a candidate."""
        keeps = keeps_answers(control, candidate)
        return Laps(
            jail, {"control": control, "candidate": candidate}, self.cases, rounds=1 if keeps else self.rounds,
            laps=1 if keeps else self._laps, warm=not keeps and self.seconds < _BRIEF_S, loads=self.loads,
            clock=self.clock,
        )  # fmt: skip


_PLAIN_GAIN, _OUTLIER = 1.5, 8
"""Where so much is gained, as few pairs do in which one may go astray: the second of eight bounds their median."""
_WAITING = (
    "async", "await", "sleep", "wait", "thread", "Thread", "concurrent", "multiprocessing", "subprocess", "socket",
    "select", "queue", "urllib", "http", "requests", "open(", "read_", "os.", "signal", "input(", "stdin",
)  # fmt: skip
_KEEPERS = ("cache", "memo", "global ", "setdefault(")


def keeps_answers(control: Program, candidate: Program) -> bool:
    """Whether a candidate may keep answers from call to call, by its words: later rounds would find them ready."""
    lines = set("\n".join(control.files.values()).splitlines())
    new = [line for text in candidate.files.values() for line in text.splitlines() if line not in lines]
    return any(word in line for line in new for word in _KEEPERS)


async def climb(jail: Runtime, program: Program, chain: Sequence[Case]) -> Case | None:
    """Of ever larger cases the last that can be timed in bearable time; `None` if not even the first can.

    Raises:
        SandboxError: the machinery failed.
    """
    best = None
    for case in chain:
        lap = await first_lap(jail, program, case, _STEP)
        if lap is None:
            break
        best = case
        if lap.by(lap.clock) > _ENOUGH:
            break
    return best


async def choose(jail: Runtime, program: Program, cases: Sequence[Case], *, most: int = _MOST) -> Timed | None:
    """Of some cases those that can be timed, the slowest of them that are not too slow.

    Args:
        jail: where they run; no session open.
        program: the original.
        cases: at least one; all are tried once.
        most: cases kept.

    Returns:
        `None` if every case raises or ends the program.

    Raises:
        SandboxError: the machinery failed.
    """
    laps = await _tried(jail, program, cases, _TRIAL) or await _tried(jail, program, cases, _PATIENT)
    if not laps:
        return None
    clock = _clock([lap for lap, _ in laps]) if may_wait(program) else "cpu"
    kept = _bearable([(lap.by(clock), case, load) for lap, case in laps for load in loads_of([case])], most)
    chosen, loads = tuple(case for _, case, _ in kept), tuple(load for _, _, load in kept)
    parts = sum(1 if all(map(_unchangeable, case.arguments)) else sum(map(_parts, case.arguments)) for case in chosen)
    timed = Timed(
        cases=chosen, rounds=1, seconds=sum(each for each, _, _ in kept), first_s=kept[0][0], loads=loads, clock=clock
    )
    for _ in range(_LOOKS):  # a first call may take ten times as long as the others, and one alone is told roughly
        again = await timed.laps(jail, program, program)("control", 0) if timed.seconds < _BRIEF_S else None
        if again is None:
            break
        rounds = min(math.ceil(_WANTED_S / max(again, 1e-7)), _PARTS // max(1, parts), _MOST_ROUNDS)
        timed = msgspec.structs.replace(timed, seconds=min(timed.seconds, again), rounds=max(1, rounds))
    return timed


async def _tried(
    jail: Runtime, program: Program, cases: Sequence[Case], limits: Limits
) -> list[tuple[Lap, Case]]:  # fmt: skip
    """First calls of the cases that end well."""
    return [(lap, case) for case in cases if (lap := await first_lap(jail, program, case, limits)) is not None]


_CHARACTERS = 50
"""Of a text that are copied in the time of a number, about."""


def _parts(value: object) -> int:
    """What has to be copied of an argument for each round, in numbers; a long text takes the time of some of them."""
    if isinstance(value, list | tuple | set | frozenset):
        return 1 + sum(map(_parts, cast("Iterable[object]", value)))
    if isinstance(value, dict):
        return 1 + sum(_parts(key) + _parts(item) for key, item in cast("dict[object, object]", value).items())
    if isinstance(value, str | bytes):
        return 1 + len(value) // _CHARACTERS
    return size(Case(arguments=(value,)))


def _unchangeable(value: object) -> bool:
    """Whether all rounds may have the very same argument."""
    return value is None or type(value) in (int, float, complex, bool, str, bytes)


def may_wait(program: Program) -> bool:
    """Whether a program says, by any word, that it may wait: on a crowded machine all calls take long by the wall."""
    return any(word in text for text in program.files.values() for word in _WAITING)


def _clock(laps: Sequence[Lap]) -> Clock:
    """That of most of the time that all of them take."""
    waited = sum(lap.wall_s for lap in laps if lap.clock == "wall")
    return "wall" if waited > sum(lap.cpu_s for lap in laps if lap.clock == "cpu") else "cpu"


_Tried = tuple[float, Case, bytes]


def _bearable(taken: Sequence[_Tried], most: int) -> list[_Tried]:
    """The slowest that fit into time and room; the quickest if none does."""
    kept: list[_Tried] = []
    for each in sorted(taken, key=lambda each: -each[0]):
        seconds, room = sum(one for one, _, _ in kept) + each[0], sum(len(one) for _, _, one in kept) + len(each[2])
        if len(kept) < most and seconds <= _TOTAL and room <= _BYTES:
            kept.append(each)
    return kept or [min(taken, key=lambda each: each[0])]
