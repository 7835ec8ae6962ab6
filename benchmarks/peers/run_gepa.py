"""Runs GEPA, inside an environment that has it: ITERATIONS FOLDER. Its model is a function in the same process."""

import itertools
import sys
from pathlib import Path

from gepa.optimize_anything import EngineConfig, GEPAConfig, ReflectionConfig, optimize_anything

iterations, folder = sys.argv[1:]
program = (Path(__file__).parent / "program.py").read_text()
count = itertools.count(1)


def model(prompt):
    """Another number."""
    return f"```python\n{program.replace('VALUE = 0.5', f'VALUE = {0.5 + next(count) / 1000!r}')}```"


def evaluate(candidate, **kwargs):
    """The number that the program gives; run in this process, as nothing else is offered unasked."""
    names = {}
    exec(candidate, names)
    return float(names["run"]()), {"note": "fine"}


optimize_anything(
    seed_candidate=program, evaluator=evaluate, objective="a large number",
    config=GEPAConfig(
        engine=EngineConfig(
            max_candidate_proposals=int(iterations), run_dir=folder, parallel=False, max_workers=1,
            cache_evaluation=False, display_progress_bar=False,
        ),
        reflection=ReflectionConfig(reflection_lm=model),
    ),
)  # fmt: skip
