"""``cambrian check`` in real jails, on scorers good and bad."""

from __future__ import annotations

from pathlib import Path

from cambrian.app.checking import Checkup, check_task
from cambrian.app.taskfile import load_task

TASK = 'program = ["program.py"]\nentry = "program.py:solve"\n[objectives]\nscore = "maximize"\n[limits]\nwall = "5s"\n'
CREDULOUS = "def score(artifact):\n    return 1.0\n"
FRAGILE = "def score(artifact):\n    return artifact[0][0] + 1.0\n"
FICKLE = "import random\ndef score(artifact):\n    if artifact != 1: raise ValueError\n    return random.random()\n"


async def checked(folder: Path, scorer: str, program: str = "def solve():\n    return 1\n") -> Checkup:
    for name, text in {"task.toml": TASK, "program.py": program, "evaluate.py": scorer}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return await check_task(load_task(folder))


async def test_a_scorer_that_believes_anything_is_warned_of(tmp_path: Path) -> None:
    checkup = await checked(tmp_path, CREDULOUS)
    assert checkup.ok
    assert checkup.repeats
    assert {trial.verdict for trial in checkup.trials} == {"scored"}
    assert any("gives a score to None" in warning for warning in checkup.warnings)


async def test_a_scorer_that_fails_is_told_apart_from_one_that_refuses(tmp_path: Path) -> None:
    checkup = await checked(tmp_path, FRAGILE, "def solve():\n    return [[1.0]]\n")
    verdicts = {trial.answer: trial.verdict for trial in checkup.trials}
    assert verdicts["None"] == "fault"
    assert any("raise ValueError there" in warning for warning in checkup.warnings)


async def test_luck_in_a_scorer_is_noticed(tmp_path: Path) -> None:
    checkup = await checked(tmp_path, FICKLE)
    assert not checkup.repeats
    assert any("different scores" in warning for warning in checkup.warnings)
    assert {trial.verdict for trial in checkup.trials} == {"rejected"}


async def test_a_program_without_a_score_is_not_good(tmp_path: Path) -> None:
    checkup = await checked(tmp_path, CREDULOUS, "def solve():\n    raise KeyError('oops')\n")
    assert not checkup.ok
    assert checkup.evaluations[0].status.startswith("error")
    assert "oops" in checkup.evaluations[0].feedback


CALLABLE = 'mode = "callable"\nprogram = ["program.py"]\nentry = "program.py:solve"\n[limits]\nwall = "5s"\n'
COUNTS = "def solve(values):\n    return sum(1 for value in values if value > 3)\n"


async def test_inputs_that_bring_no_mistake_to_light_are_warned_of(tmp_path: Path) -> None:
    texts = {"task.toml": CALLABLE, "program.py": COUNTS, "evaluate.py": "def inputs(rng):\n    return [([],)] * 200\n"}
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    blind = await check_task(load_task(tmp_path))
    assert blind.ok
    assert blind.oracle is not None
    assert not blind.oracle.strong
    assert any("this passes: program.py:2: " in warning for warning in blind.warnings)
    inputs = "def inputs(rng):\n    return [([rng.randrange(8) for _ in range(500)],) for _ in range(20)]\n"
    (tmp_path / "evaluate.py").write_text(inputs, encoding="utf-8")
    good = await check_task(load_task(tmp_path))
    assert good.oracle is not None
    assert good.oracle.strong, good.oracle.survivors
    assert good.warnings == ()


async def test_a_limit_far_above_what_speed_needs_is_told(tmp_path: Path) -> None:
    inputs = "def inputs(rng):\n    return [([rng.randrange(8) for _ in range(500)],) for _ in range(20)]\n"
    patient = CALLABLE.replace('"5s"', '"300s"')
    for name, text in {"task.toml": patient, "program.py": COUNTS, "evaluate.py": inputs}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    [warning] = (await check_task(load_task(tmp_path))).warnings
    assert "a candidate that never ends is waited for 5m00s" in warning
    assert "under [limits] would do" in warning
