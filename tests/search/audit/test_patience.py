"""A probe that never ends does not hold an audit up for the task's whole limit."""

from __future__ import annotations

import time
from pathlib import Path

import msgspec
import pytest

from cambrian.app.frameworks.finding import find_task
from cambrian.search.audit import audit_task
from cambrian.search.audit.auditing import probing

PROGRAM = "# EVOLVE-BLOCK-START\ndef run():\n    return [1.0, 2.0, 3.0]\n# EVOLVE-BLOCK-END\n"
ENDLESS = """
def evaluate(program_path):
    space = {}
    with open(program_path) as file:
        exec(file.read(), space)
    answer = space["run"]()
    while answer != [1.0, 2.0, 3.0]:
        pass
    return {"combined_score": sum(answer)}
"""


@pytest.mark.slow
async def test_a_wrong_answer_that_hangs_the_evaluator_costs_seconds_not_its_limit(tmp_path: Path) -> None:
    for name, text in (("initial_program.py", PROGRAM), ("evaluator.py", ENDLESS)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    task = find_task(tmp_path)
    assert task.limits.wall == 300.0, "the usual limit of such evaluators"
    began, tried = time.monotonic(), list[str]()
    found = await audit_task(task, seconds=2.0, say=tried.append)
    assert time.monotonic() - began < 60.0
    assert found.unfinished, "what was not tried in time is named"
    assert tried[0] == "the task's own program"


def test_the_limit_follows_the_tasks_own_program(tmp_path: Path) -> None:
    for name, text in (("initial_program.py", PROGRAM), ("evaluator.py", ENDLESS)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    task = find_task(tmp_path)
    assert probing(task, 0.1).limits.wall == 5.0
    assert probing(task, 10.0).limits.wall == 50.0
    assert probing(task, 100.0).limits.wall == 300.0
    short = msgspec.structs.replace(task, limits=msgspec.structs.replace(task.limits, wall=3.0))
    assert probing(short, 2.0) == short
