"""`Template`: emits optimiser programs and carries their state from launch to launch. Runs nothing itself."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import cast

import msgspec

from cambrian.core.errors import ProposalError
from cambrian.core.evaluation import Status
from cambrian.search.proposer import Candidate, Proposer, Scored, Setting

from .emission import emit

SEARCHES = ("basin_hopping", "insertion", "multistart", "differential_evolution")
"""The searches that there are; the proposers are called ``template.<search>``."""

NOMINAL_EVALUATION_S = 0.01
"""What one ordinary evaluation costs, in nominal seconds; the unit of `Origin.cost`."""
_FIRST_S = 0.5  # nominal seconds of the first launch; each next one of a lane takes twice as long, up to a ceiling
_CEILING_S = 4.0
_CEILING_SHARE = 0.2  # of the limits, since nominal seconds may be off by two
_BRAKE_SHARE = 0.6  # of the limits: where the program's own clock stops it
_MOST_HALVINGS = 5
_MOST_ERRORS = 2


class _Lane(msgspec.Struct, kw_only=True):
    """One chain of launches, each continuing the one before."""

    launches: int = 0
    report: bytes = b""
    waiting: bool = False


class Template(Proposer):
    """Proposes an optimiser over the task's problem file.

    With several candidates in flight it runs as many independent lanes, since a launch needs the end of the one
    before. What it knows comes from `tell` alone, so a resumed run goes on where the recorded one was.

    Args:
        setting: the task.
        search: one of `SEARCHES`.
    """

    parents = 0
    structural = False

    def __init__(self, setting: Setting, search: str = "basin_hopping") -> None:
        if search not in SEARCHES:
            raise ValueError(f"search {search!r} is not one of {', '.join(SEARCHES)}")
        self.name = f"template.{search}"
        self._setting = setting
        self._search = search
        self._lanes: dict[int, _Lane] = {}
        self._halvings = 0
        self._errors = 0
        self._widenings = 0
        self._last_error = ""

    async def propose(self, parents: Sequence[Scored], rng: Random) -> Candidate:  # noqa: ARG002 - the port's
        """The next launch of a free lane. The parents do not matter: a template replaces what they do.

        Raises:
            ProposalError: the task has no problem file, is not about an answer, or launches keep failing.
        """
        problem = self._problem()
        number = next(index for index in range(len(self._lanes) + 1) if not self._lane(index).waiting)
        lane = self._lane(number)
        nominal_s = self._nominal(lane.launches)
        settings = {
            "search": self._search,
            "seed": (self._setting.seed % 2**63, number, lane.launches),
            "nominal_s": nominal_s,
            "cpu_s": _BRAKE_SHARE * self._setting.limits.cpu,
            "wall_s": _BRAKE_SHARE * self._setting.limits.wall,
            "margin": 1000.0**self._widenings,
        }
        files = emit(self._setting.initial, problem, name=self.name, settings=settings, state=lane.report)
        lane.waiting = True
        why = f"{self._search.replace('_', ' ')} over problem.py, launch {lane.launches + 1}"
        detail: dict[str, object] = {"lane": number, "launch": lane.launches}
        cost = nominal_s / NOMINAL_EVALUATION_S
        origin = msgspec.structs.replace(self._setting.initial.origin, proposer=self.name, why=why)
        return Candidate(files=files, origin=msgspec.structs.replace(origin, cost=cost, detail=detail))

    async def tell(self, outcome: Scored) -> None:
        """Keep the launch's report for the next one of its lane; after a failure plan less work."""
        detail = outcome.variant.origin.detail
        lane = self._lane(cast("int", detail["lane"]))
        lane.waiting = False
        status = outcome.evaluation.status
        if outcome.report:
            lane.report = outcome.report
            lane.launches = max(lane.launches, cast("int", detail["launch"]) + 1)
        self._learn(status, outcome.evaluation.feedback)

    def _learn(self, status: Status, feedback: str) -> None:
        if status is Status.OK:
            self._errors = 0
        elif status is Status.TIMEOUT:
            self._halvings += 1
        elif status is Status.INVALID:
            self._widenings = min(self._widenings + 1, 2)
        elif status is not Status.CANCELLED and status is not Status.SCORER_ERROR:
            self._errors += 1
            self._last_error = feedback[-200:]

    def _problem(self) -> str:
        """The problem file's text, if this template can do anything with it."""
        setting = self._setting
        if setting.problem is None:
            raise ProposalError(f"{self.name} needs a problem.py in the task's folder, and there is none")
        if setting.mode != "artifact":
            raise ProposalError(f"{self.name} makes answers; this task's mode is {setting.mode!r}")
        if setting.initial.language != "python":
            raise ProposalError(f"{self.name} emits Python; this task's language is {setting.initial.language!r}")
        if self._errors >= _MOST_ERRORS:
            raise ProposalError(f"{self.name} failed {self._errors} times in a row, last with: {self._last_error}")
        if self._halvings > _MOST_HALVINGS:
            raise ProposalError(f"{self.name} hits the time limit even with {2.0**-_MOST_HALVINGS:.0%} of its work")
        return setting.problem

    def _nominal(self, launches: int) -> float:
        limits = self._setting.limits
        ceiling = min(_CEILING_S, _CEILING_SHARE * limits.wall, _CEILING_SHARE * limits.cpu)
        return min(_FIRST_S * 2.0 ** min(launches, 10), ceiling) / 2.0**self._halvings

    def _lane(self, number: int) -> _Lane:
        return self._lanes.setdefault(number, _Lane())


def templates(setting: Setting) -> tuple[Template, ...]:
    """One template for each search. They refuse, with reasons, tasks that they cannot serve."""
    return tuple(Template(setting, search) for search in SEARCHES)
