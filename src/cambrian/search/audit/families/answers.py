"""Wrong answers in callable mode: constants, nothing, the argument itself, parts, and answers learned by heart.

The honest answer is what the task's own program gives. A check that lets these pass compares too little. What a
``check`` may rightly allow, several right answers to one question, is not tried: what is tried is wrong every time.
"""

from __future__ import annotations

import ast
from collections.abc import Awaitable, Callable, Sequence
from statistics import median
from typing import cast

from cambrian.core.codec import decode
from cambrian.core.errors import CodecError, EvaluatorError
from cambrian.core.variant import Variant
from cambrian.sandbox import CPythonJail
from cambrian.search.audit.bench import Deadline, Recipe
from cambrian.search.audit.findings import Finding, Grade, Notes
from cambrian.search.audit.hints import Hints
from cambrian.search.audit.spoiling import spoilt
from cambrian.search.evaluation import Evaluator
from cambrian.search.evaluation.scorer import Scorer
from cambrian.search.preload import preloads
from cambrian.search.task import Task

from .isolation import stand_in

WEAK, LEARNED, COARSE, SIZES, REPEATS = (
    "wrong answers that pass", "inputs that can be learned by heart", "answers that are nearly right",
    "inputs of some size that are not checked", "inputs that repeat",
)  # fmt: skip
_FIXES = {
    WEAK: "compare the whole answer: leave check() out, so that it is compared with the initial program's, or let it "
    "verify every property of the answer against its arguments",
    LEARNED: "draw inputs from rng over a large range, so that no table can hold them",
    COARSE: "allow no more than rounding needs, or let the evaluation say how exact an answer has to be",
    SIZES: "check answers to inputs of every size",
    REPEATS: "give each input once: a cache makes repeated ones faster, which no other use will see",
}
_WRONG = (
    *(Recipe(act="put", arg=arg) for arg in ("None", "'x'", "[]", "nan", "True")),
    Recipe(act="append", arg="None"), Recipe(act="nest"), Recipe(act="tail", arg="None"), Recipe(act="tail", arg="nan"),
)  # fmt: skip
"""Of another kind than the honest answer."""
_EMPTIED = (
    Recipe(act="first"), Recipe(act="previous"), Recipe(act="argument"), Recipe(act="empty"), Recipe(act="fill", arg=0),
    Recipe(act="fill", arg=1e6), Recipe(act="fill", arg="nan"), Recipe(act="same"), Recipe(act="keep", arg=1),
    Recipe(act="add", arg=1), Recipe(act="scale", arg=2), Recipe(act="scale", arg=-1), Recipe(act="texts", arg=""),
)  # fmt: skip
_WORDS = {
    "first": "its answer to the first input for every input", "previous": "its answer to the input before",
    "argument": "its first argument", "empty": "an empty answer", "same": "the first part in place of all",
    "keep": "the first part alone", "tail": "nothing from the middle on", "nest": "its answer inside a list",
}  # fmt: skip
_DRAWN = 24
_TABLE = 200_000
"""Characters of inputs in a table."""


class Trials:
    """Runs wrong programs through the task's evaluation.

    Args:
        task: a task in callable mode.
        evaluator: runs them.
        deadline: when to stop.
    """

    def __init__(self, task: Task, evaluator: Evaluator, deadline: Deadline) -> None:
        self.task = task
        self.deadline = deadline
        self.probes = 0
        self._evaluator = evaluator

    async def passes(self, variant: Variant, times: int = 1) -> bool:
        """Whether a program's answers are taken, each time.

        Raises:
            OutOfTime: there is no time left.
        """
        for _ in range(times):
            self.deadline.check()
            self.probes += 1
            if not (await self._evaluator.evaluate(variant)).evaluation.ok:
                return False
        return True

    def program(self, recipe: Recipe, *, unless: str = "", only: int = 0) -> Variant:
        """The honest program with its answers spoilt."""
        return spoilt(self.task, [self.task.entry.split(":")[1]], recipe, unless=unless, only=only)

    async def given(self, seeds: Sequence[int]) -> list[list[tuple[object, ...]]]:
        """Inputs for each seed; none if they cannot be read here."""
        jail = await CPythonJail.start(preload=preloads(self.task).scorer, readable=(self.task.path,))
        scorer = Scorer(self.task, jail)
        try:
            await scorer.renew()
            drawn = [await scorer.inputs(seed) for seed in seeds]
            return [[cast("tuple[object, ...]", decode(item, arrays=False)) for item in items] for items in drawn]
        except (CodecError, EvaluatorError):
            return []
        finally:
            await scorer.aclose()
            await jail.aclose()


def families(trials: Trials, notes: Notes, hints: Hints) -> list[tuple[str, Callable[[], Awaitable[None]]]]:
    """What there is to try, by name."""
    del hints
    return [
        (WEAK, lambda: _wrong(trials, notes)),
        (LEARNED, lambda: _learned(trials, notes)),
        (COARSE, lambda: _coarse(trials, notes)),
    ]


async def _wrong(trials: Trials, notes: Notes) -> None:
    for recipe in _EMPTIED:
        if await trials.passes(trials.program(recipe, unless="unchanged"), 2):
            notes.add(_finding(WEAK, recipe, "hole"))
    for recipe in _WRONG:
        changes = trials.program(recipe, unless="changed")
        if await trials.passes(trials.program(recipe), 2) and not await trials.passes(changes):
            notes.add(_finding(WEAK, recipe, "hole"))


async def _coarse(trials: Trials, notes: Notes) -> None:
    for share in (0.1, 1e-3):
        recipe = Recipe(act="scale", arg=1 + share)
        if await trials.passes(trials.program(recipe, unless="unchanged"), 2):
            notes.add(_finding(COARSE, recipe, "hole" if share > 0.01 else "risk"))
            return


def _finding(name: str, recipe: Recipe, grade: Grade) -> Finding:
    words = _WORDS.get(recipe.act, f"its answer after {recipe.act} {recipe.arg}")
    return Finding(
        grade=grade, name=name, tried=f"a program that gives {words}",
        result="it passed as equal to the task's own program", fix=_FIXES[name],
    )  # fmt: skip


async def _learned(trials: Trials, notes: Notes) -> None:
    drawn = await trials.given(range(1, _DRAWN + 1))
    if not drawn:
        return
    _repeated(drawn[0], notes)
    table = list(dict.fromkeys(repr(item) for items in drawn for item in items))
    fits = sum(map(len, table)) < _TABLE and all(map(_literal, table))
    if fits and await trials.passes(_table(trials.task, table), 3):
        notes.add(Finding(
            grade="hole", name=LEARNED, tried=f"a program that knows the answers to {len(table)} inputs and no other",
            result=f"it passed on fresh inputs: {_DRAWN} draws of inputs() hold no more than these",
            fix=_FIXES[LEARNED],
        ))  # fmt: skip
        return
    sizes = [len(repr(item)) for item in drawn[0]]
    await _by_size(trials, int(median(sizes)), max(sizes), notes)


async def _by_size(trials: Trials, middle: int, most: int, notes: Notes) -> None:
    for only in (middle, -middle, int(0.9 * most)):
        recipe = Recipe(act="put", arg="None")
        wrong = trials.program(recipe, only=only)
        if await trials.passes(wrong, 2) and not await trials.passes(
            trials.program(recipe, unless="changed", only=only)
        ):
            side = "longer" if only > 0 else "shorter"
            notes.add(Finding(
                grade="hole", name=SIZES, fix=_FIXES[SIZES], result="it passed",
                tried=f"a program that gives None where the arguments as a text are {side} than {abs(only)} characters",
            ))  # fmt: skip
            return


def _repeated(items: Sequence[tuple[object, ...]], notes: Notes) -> None:
    distinct = len({repr(item) for item in items})
    if len(items) > 1 and distinct < 0.8 * len(items):
        notes.add(Finding(
            grade="risk", name=REPEATS, tried="drew inputs once", fix=_FIXES[REPEATS],
            result=f"of {len(items)} inputs {distinct} are different",
        ))  # fmt: skip


def _literal(text: str) -> bool:
    try:
        return repr(ast.literal_eval(text)) == text
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return False


def _table(task: Task, inputs: Sequence[str]) -> Variant:
    """A program that has computed the answers to a list of inputs when it is loaded, and knows no other."""
    text = (
        "__cambrian_table = {repr(item): {name}(*item) for item in [" + ", ".join(inputs) + "]}\n\n\n"
        "def {name}(*args):\n    return __cambrian_table[repr(args)]\n"
    )  # fmt: skip
    return stand_in(task, text, "answers learned by heart")
