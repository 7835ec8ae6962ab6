"""Bytes of an enemy through the whole engine: whatever a candidate sends, one evaluation fails and the run goes on.

A candidate may hijack the runner in its own process and write what it likes to the engine's socket: frames of every
kind, with bodies and reports that are no values, or values that are hard to print, to store or to take apart.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from cambrian.core.budget import Budget
from cambrian.core.evaluation import Objective, Status

from .conftest import Lab
from .tasks import INITIAL, Scripted, number_task

pytestmark = pytest.mark.anyio

FORGE = """
import os, struct

def f():
    body, report = {body}, {report}
    frame = struct.pack("<BxxxIII", {kind}, 1, len(body), len(report)) + body + report
    for fd in range(3, 64):
        try:
            os.fstat(fd)
        except OSError:
            continue
        data = frame
        while data:
            data = data[os.write(fd, data):]
    os._exit(0)
"""
SPEED = (Objective(name="speedup"),)
ROOMY = INITIAL + "# room for a long candidate\n" * 30
VALUE, RAISED = 4, 5
FORGERIES = {
    "exception with a key that is no text": (RAISED, """b'{"d":[[1,2]]}'""", "b''"),
    "exception with an integer too long to print": (
        RAISED,
        """b'{"o":{"type":{"i":"' + b'f' * 20000 + b'"}}}'""",
        "b''",
    ),
    "exception with half a character": (RAISED, r"""b'{"o":{"type":"\\ud800","message":"x"}}'""", "b''"),
    "exception that is a list": (RAISED, "b'[1,2,3]'", "b''"),
    "exception that is no JSON": (RAISED, r"b'\xff\x00{'", "b''"),
    "exception with control characters": (RAISED, r"""b'{"o":{"type":"\\u001b[2J","message":"\\u0000"}}'""", "b''"),
    "infinite number without its tag": (VALUE, "b'1e999'", "b''"),
    "deep answer": (VALUE, "b'[' * 60000 + b']' * 60000", "b''"),
    "answer with half a character": (VALUE, r"""b'"\\udfff"'""", "b''"),
    "array whose shape lies": (VALUE, """b'{"a":["<f8",[99999999999,99999999999],""]}'""", "b''"),
    "array of objects": (VALUE, """b'{"a":["|O",[1],"AAAAAAAAAAA="]}'""", "b''"),
}
REPORTS = {
    "deep report": """b'{"x":' + b'[' * 100000 + b']' * 100000 + b'}'""",
    "report that is no JSON": r"b'\xff\xfe{'",
    "report with a huge count": """b'{"calls": ' + b'9' * 4000 + b'}'""",
    "report with a negative count": """b'{"calls": -5}'""",
    "report with a count that is text": """b'{"calls": "many"}'""",
}


@pytest.mark.parametrize("case", FORGERIES)
async def test_a_forged_answer_has_no_score(case: str, lab: Lab, tmp_path: Path) -> None:
    kind, body, report = FORGERIES[case]
    proposer = Scripted([FORGE.format(kind=kind, body=body, report=report), "def f():\n    return 2.0\n"])
    _, view = await lab.evolve(number_task(tmp_path, program=ROOMY, budget=Budget(evaluations=3)), proposer)
    forged, honest = (outcome.evaluation for outcome in proposer.told)
    assert not forged.ok
    assert forged.status in (Status.ERROR, Status.INVALID)
    assert honest.objectives == {"x": 2.0}
    assert view.evaluations == 3
    msgspec.json.encode(forged)


@pytest.mark.parametrize("case", REPORTS)
async def test_a_forged_report_says_nothing(case: str, lab: Lab, tmp_path: Path) -> None:
    forged = FORGE.format(kind=VALUE, body="b'3.0'", report=REPORTS[case])
    proposer = Scripted([forged, "def f():\n    return 2.0\n"])
    await lab.evolve(number_task(tmp_path, program=ROOMY, budget=Budget(evaluations=3)), proposer)
    first, honest = (outcome.evaluation for outcome in proposer.told)
    assert first.usage.inner_calls == 0
    assert honest.objectives == {"x": 2.0}


async def test_inputs_of_a_speed_task_cannot_be_computed_from_the_seed(lab: Lab, tmp_path: Path) -> None:
    """Two runs with one seed see different inputs: no program can have learned the answers by heart."""
    evaluator = "def inputs(rng):\n    return [(rng.random(),)]\n"
    echo = "def f(x):\n    raise ValueError(repr(x))\n"
    seen = set[str]()
    for number in range(2):
        task = number_task(
            tmp_path / str(number), evaluator=evaluator + "def expected(x):\n    return x\n",
            program="def f(x):\n    return x\n", mode="callable", objectives=SPEED,
            budget=Budget(evaluations=2),
        )  # fmt: skip
        proposer = Scripted([echo])
        await lab.evolve(task, proposer, seed=7)
        seen.add(proposer.told[0].evaluation.feedback)
    assert len(seen) == 2
