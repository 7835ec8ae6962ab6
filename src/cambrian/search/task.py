"""`Task`: what is to be made better, and how it is measured. A value: reading folders is the app's business."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Literal

import msgspec

from cambrian.core.budget import Budget
from cambrian.core.errors import UsageError
from cambrian.core.evaluation import Objective
from cambrian.core.limits import Level, Limits
from cambrian.core.variant import Origin, Variant
from cambrian.verify.policy import ANSWERS, Policy

from .novelty import Novelty
from .proposer import Mode, Setting
from .strategy_config import StrategyConfig

MEASURED = ("speedup", "cpu_s")
"""Objectives that callable mode measures itself, outside the jail."""


class Sampling(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How often programs run, and on what ground an improvement is claimed; ``[sampling]`` of ``task.toml``.

    Args:
        detect: runs of the initial program by which a noisy objective is known; 1 takes the objective as exact.
        least: runs of a candidate whose objective is noisy, unless it is hopeless before.
        most: runs of one that is still promising, and fresh runs of one that would be the best.
        revisit: evaluations between two looks at an elite that is run again, so that luck does not last; 0: none.
        confirm: pairs of fresh runs, initial program and winner, by which the winner is confirmed in the end; 0: none.
        alpha: chance, in (0, 0.5), of claiming an improvement where there is none.
    """

    detect: int = 2
    least: int = 3
    most: int = 8
    revisit: int = 25
    confirm: int = 9
    alpha: float = 0.05

    def __post_init__(self) -> None:
        for field, lowest in (("detect", 1), ("least", 1), ("most", 2), ("revisit", 0), ("confirm", 0)):
            if getattr(self, field) < lowest:
                raise UsageError(f"sampling.{field} is {getattr(self, field)!r}; it must be at least {lowest}")
        if self.least > self.most:
            raise UsageError(f"sampling.least is {self.least!r}; it must not exceed sampling.most {self.most!r}")
        if not 0 < self.alpha < 0.5:
            raise UsageError(f"sampling.alpha is {self.alpha!r}; it must lie between 0 and 0.5, such as 0.05")


Framework = Literal["", "openevolve", "shinka", "gepa"]


class FrameworkOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an evaluator written for another framework has to be called with; ``[framework_options]`` of ``task.toml``.

    Args:
        script: run the evaluator as a script with the program's path, and read the JSON that it prints (openevolve).
        cascade: call ``evaluate_stage1`` to ``3`` in turn instead of ``evaluate`` (openevolve).
        thresholds: score that a stage has to reach for the next one to be called (openevolve).
        ignored: metrics that do not count in the mean where there is no ``combined_score`` (openevolve).
        function: the evaluator's name (gepa).
        components: names of the candidate's parts in the order of ``program``; empty hands over a text (gepa).
        dataset: name of a list in the evaluator's module, or of a .json or .jsonl file beside it, whose members are
            the examples; empty calls it once without one (gepa).
    """

    script: bool = False
    cascade: bool = False
    thresholds: tuple[float, ...] = (0.5, 0.75, 0.9)
    ignored: tuple[str, ...] = ()
    function: str = "evaluate"
    components: tuple[str, ...] = ()
    dataset: str = ""


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """A task, complete.

    Args:
        name: for people.
        description: for people.
        folder: absolute path of the task's folder. Scorers may read it; programs never can.
        program: path → text of every file of the program.
        starts: further programs to begin with, each as `program`; they are evaluated before anything is proposed.
        entry: ``"file.py:function"``.
        language: a language's lower-case name.
        mode: see `Setting`.
        evaluator: file name of the scorer in the folder.
        evaluator_text: its text when the task was read; a resume refuses another one.
        problem: text of ``problem.py``, if there is one.
        objectives: the first ranks, the others break ties in order.
        target: value of the first objective at which the run stops.
        limits: of one evaluation.
        scorer_limits: of the scorer.
        budget: of a run.
        strategy: the search's knobs.
        sampling: how often programs run.
        novelty: what need not run because nearly the same did.
        minimise: share of the budget, at most 0.5, for taking back edits of the winner that do not matter; 0: none.
        cache: use evaluations that earlier searches of the workspace have made (artifact mode, exact objectives).
        same_files: refuse to take a run up again when a file beside the scorer is not as it was when the run began.
        cases: inputs on which candidates failed that are kept and asked first (callable mode); 0: none.
        imports: modules that are imported once, before the jail closes: faster launches.
        level: weakest jail level accepted.
        framework: whose evaluator it is, if it was written for another framework: it runs as it is, in the candidate's
            process; empty for a scorer of Cambrian's own.
        framework_options: how such an evaluator is called.
        equivalence: what counts as the same behaviour (callable mode).
    """

    name: str
    description: str = ""
    folder: str
    program: dict[str, str]
    starts: tuple[dict[str, str], ...] = ()
    entry: str
    language: str = "python"
    mode: Mode = "artifact"
    evaluator: str = "evaluate.py"
    evaluator_text: str
    problem: str | None = None
    objectives: tuple[Objective, ...]
    target: float | None = None
    limits: Limits = Limits()
    scorer_limits: Limits = Limits()
    budget: Budget = Budget(evaluations=200)
    strategy: StrategyConfig = StrategyConfig()
    sampling: Sampling = Sampling()
    novelty: Novelty = Novelty()
    cache: bool = True
    same_files: bool = True
    minimise: float = 0.1
    cases: int = 16
    imports: tuple[str, ...] = ()
    level: Level = Level.L2
    framework: Framework = ""
    framework_options: FrameworkOptions = FrameworkOptions()
    equivalence: Policy = ANSWERS

    def __post_init__(self) -> None:
        if not self.objectives:
            raise UsageError(f"task {self.name!r} has no objective; name one, such as score = 'maximize'")
        if self.target is not None and not math.isfinite(self.target):
            raise UsageError(f"target is {self.target!r}; it must be a finite number")
        if self.cases < 0:
            raise UsageError(f"cases is {self.cases!r}; it must be a number from 0")
        if not 0 <= self.minimise <= 0.5:
            raise UsageError(f"minimise is {self.minimise!r}; it must be a share of the budget from 0 to 0.5")
        if self.mode == "callable" and self.limits.processes > 1:
            raise UsageError(
                f"limits.processes is {self.limits.processes!r} in callable mode, where CPU time is the score and "
                f"that of ended processes can be hidden; set it to 1"
            )
        if self.mode == "callable" and self.framework:
            raise UsageError(f"framework is {self.framework!r}, whose evaluators give scores; set mode to 'artifact'")
        unmeasured = [item.name for item in self.objectives if item.name not in MEASURED]
        if self.mode == "callable" and unmeasured:
            raise UsageError(
                f"objective {unmeasured[0]!r} is not measured in callable mode; choose from {', '.join(MEASURED)}"
            )

    @property
    def initial(self) -> Variant:
        """The task's own program as the first variant."""
        origin = Origin(proposer="initial", why="the task's own program")
        return Variant(files=self.program, entry=self.entry, origin=origin, language=self.language)

    @property
    def path(self) -> Path:
        """The task's folder."""
        return Path(self.folder)

    def setting(self, seed: int) -> Setting:
        """What proposers may know of it."""
        return Setting(
            initial=self.initial, objectives=self.objectives, mode=self.mode, limits=self.limits,
            problem=self.problem, seed=seed,
        )  # fmt: skip
