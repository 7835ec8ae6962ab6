"""``cambrian init``: a small task that works, with comments that teach. The texts of its files stand here."""

from __future__ import annotations

from pathlib import Path

from cambrian.core.errors import UsageError
from cambrian.search.proposer import Mode

from .export import write_files

_ARTIFACT = {
    "task.toml": """\
# A task: a program that may change, and a scorer that may not. `cambrian check .` tries it, `cambrian evolve .` runs.
name = "fit"
description = "Find coefficients of a polynomial that follows a curve."
mode = "artifact"                # the program is called for what it returns; "callable" is for speed
program = ["program.py"]         # the files that may change
entry = "program.py:coefficients"
evaluator = "evaluate.py"

[objectives]                     # the first one ranks; the scorer reports them by these names
error = "minimize"

[limits]                         # of one evaluation; when one is hit, the whole process tree is killed
wall = "5s"
memory = "256MiB"

[budget]                         # of a run: what comes first ends it
wall = "20s"
evaluations = 300
""",
    "program.py": '''\
"""The program under evolution. Only what stands between the two markers may change; without markers, everything may."""


# EVOLVE-BLOCK-START
def coefficients():
    """Four numbers a, b, c, d of a + b*x + c*x**2 + d*x**3."""
    return [0.1, 0.9, 0.0, -0.1]
# EVOLVE-BLOCK-END
''',
    "evaluate.py": '''\
"""The scorer. It runs in a jail of its own and sees only what the program returned, never the program."""

import math


def score(artifact):
    """Turn an answer into numbers.

    The answer comes from an untrusted program: check all that you rely on. ValueError means "this answer is invalid";
    any other exception counts as a fault of this file.
    """
    if not isinstance(artifact, (list, tuple)) or len(artifact) != 4:
        raise ValueError("a list of four numbers is wanted")
    for number in artifact:
        if type(number) not in (int, float) or not math.isfinite(number):
            raise ValueError("every coefficient must be a finite number")
    a, b, c, d = artifact
    points = [index / 20 - 1 for index in range(41)]
    gaps = [abs(a + b * x + c * x**2 + d * x**3 - math.sin(2 * x)) for x in points]
    return {
        "error": math.fsum(gaps) / len(gaps),  # an objective, named in task.toml
        "worst_gap": max(gaps),                # any further number is kept as a measure
        "feedback": f"the gap is widest at x = {points[gaps.index(max(gaps))]}",
    }
''',
}

_CALLABLE = {
    "task.toml": """\
# A task: a program that may change, and a scorer that may not. `cambrian check .` tries it, `cambrian evolve .` runs.
name = "speed"
description = "Find the pairs that add up to a sum, faster, with the same answers."
mode = "callable"                # the program is called on fresh inputs; time is taken outside its jail
program = ["program.py"]         # the files that may change
entry = "program.py:count_pairs"
evaluator = "evaluate.py"

[objectives]
speedup = "maximize"             # CPU time of the program as it is here, divided by the candidate's

[limits]                         # of one evaluation; when one is hit, the whole process tree is killed
wall = "5s"
memory = "256MiB"

[budget]                         # of a run: what comes first ends it
wall = "30s"
evaluations = 200
""",
    "program.py": '''\
"""The program under evolution. Only what stands between the two markers may change; without markers, everything may."""


# EVOLVE-BLOCK-START
def count_pairs(numbers, total):
    """How many pairs of different places hold numbers that add up to the total."""
    count = 0
    for i in range(len(numbers)):
        for j in range(len(numbers)):
            if i < j and numbers[i] + numbers[j] == total:
                count = count + 1
    return count
# EVOLVE-BLOCK-END
''',
    "evaluate.py": '''\
"""Fresh inputs for every evaluation. Runs in a jail of its own; the program sees the inputs, never this file.

The answers of the program as it stood at the start are the reference. If you would rather compute them here, define
expected(*arguments); it is called in this jail, so what it returns never reaches the candidate.
"""


def inputs(rng):
    """Argument tuples, one call each, drawn from a random.Random."""
    cases = [([], 3), ([1, 2], 3)]  # edges belong to the inputs too
    for _ in range(4):
        numbers = [rng.randrange(200) for _ in range(250)]
        cases.append((numbers, rng.randrange(400)))
    return cases
''',
}

_FILES: dict[Mode, dict[str, str]] = {"artifact": _ARTIFACT, "callable": _CALLABLE}


def scaffold(folder: Path, mode: Mode) -> list[str]:
    """Write a task into a folder that is new or empty.

    Returns:
        The names of the files.

    Raises:
        UsageError: something is in the folder; nothing is overwritten.
    """
    try:
        write_files(folder, _FILES[mode])
    except UsageError as error:
        raise UsageError(f"{error}; init overwrites nothing") from None
    return sorted(_FILES[mode])
