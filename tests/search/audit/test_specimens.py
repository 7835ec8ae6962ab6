"""The evaluator doctor on small evaluators: each hole is found under its name, and sound evaluators raise no alarm."""

from __future__ import annotations

from pathlib import Path

import pytest

from cambrian.search.audit import Audit, audit_task

from .sound import GOOD
from .specimens import make
from .unsound import BAD as SCORERS
from .unsound_others import OTHERS

BAD = {**SCORERS, **OTHERS}
ENOUGH = 150.0
"""Seconds: no specimen needs a tenth of it, but the machine may be busy."""
FAST = ("empty products", "believes the makespan", "not a number outside", "loose discs", "a check of the length")
QUIET = ("discs in exact arithmetic", "a tolerance that does not pay", "a plan with a note", "an array", "noise")


def told(found: Audit) -> str:
    return "\n".join(f"{item.name}: {item.tried}: {item.result}" for item in found.holes)


async def check_bad(name: str, folder: Path) -> None:
    found = await audit_task(make(BAD[name], folder), seconds=ENOUGH)
    assert found.unfinished == ()
    assert BAD[name].finding in [item.name for item in found.holes], told(found)
    assert not found.ok


async def check_good(name: str, folder: Path) -> None:
    found = await audit_task(make(GOOD[name], folder), seconds=ENOUGH)
    assert found.unfinished == ()
    assert found.ok, told(found)
    assert found.probes > 20


@pytest.mark.parametrize("name", FAST)
async def test_a_hole_is_found(name: str, tmp_path: Path) -> None:
    await check_bad(name, tmp_path)


@pytest.mark.parametrize("name", QUIET)
async def test_a_sound_evaluator_raises_no_alarm(name: str, tmp_path: Path) -> None:
    await check_good(name, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in BAD if name not in FAST])
async def test_every_other_hole_is_found(name: str, tmp_path: Path) -> None:
    await check_bad(name, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in GOOD if name not in QUIET])
async def test_no_other_sound_evaluator_raises_an_alarm(name: str, tmp_path: Path) -> None:
    await check_good(name, tmp_path)
