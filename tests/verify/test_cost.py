"""Deterministic cost: counts repeat, a cheat gets a guide and no evidence, callgrind's output is read strictly."""

from __future__ import annotations

import shutil
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cambrian.core.codec import decode, encode
from cambrian.core.errors import CapabilityMissing, IsolationUnavailable, UsageError
from cambrian.core.limits import Limits
from cambrian.core.ports import Exit, Program, Reply
from cambrian.sandbox import CPythonJail
from cambrian.verify.cost import Cost, Counted, compare_costs, count_instructions, count_opcodes, read_callgrind

LOOP = "def f(n):\n    total = 0\n    for i in range(n):\n        total += i\n    return total\n"
PARTS = {"pkg/__init__.py": "", "pkg/inner.py": "def g(n):\n    return n + 1\n"}
CALLER = "from pkg.inner import g\ndef f(n):\n    return [g(i) for i in range(n)]\n"
QUITS = """
import sys
def f(n):
    sys.settrace(None)
    sys._getframe().f_trace = None
    if hasattr(sys, "monitoring"):
        sys.monitoring.set_events(4, 0)
    return sum([i for i in range(n)])
"""
LIES = """
import json, sys
def f(text):
    sys.modules["cambrian_opcodes_entry"].__report__ = json.loads(text)
"""
CALLGRIND = "version: 1\nevents: Ir\nsummary: 126665\n\nfn=(1) main\n1 5\n\ntotals: 126665\n"


@pytest.fixture(scope="module")
async def jail(anyio_backend: str) -> AsyncIterator[CPythonJail]:
    try:
        made = await CPythonJail.start()
    except IsolationUnavailable as error:
        pytest.skip(f"needs jail.L2: {error}")
    yield made
    await made.aclose()


async def counted(jail: CPythonJail, text: str, *arguments: object, files: dict[str, str] | None = None) -> Counted:
    program = Program(files={"main.py": text, **(files or {})}, entry="main.py:f")
    return await count_opcodes(jail, program, encode(arguments), Limits())


async def test_counts_repeat_and_grow_with_the_work(jail: CPythonJail) -> None:
    found = [await counted(jail, LOOP, n) for n in (100, 100, 1000)]
    values = [item.cost.value for item in found if item.cost is not None]
    assert values[0] == values[1]
    assert 8 < values[2] / values[0] < 10.5
    outcome = found[0].outcome
    assert isinstance(outcome, Reply)
    assert decode(outcome.payload) == sum(range(100))


async def test_calls_into_other_files_count(jail: CPythonJail) -> None:
    bare = await counted(jail, "def f(n):\n    return list(range(n))\n", 50, files=PARTS)
    calls = await counted(jail, CALLER, 50, files=PARTS)
    assert bare.cost is not None
    assert calls.cost is not None
    assert calls.cost.value > bare.cost.value + 50 * 3


async def test_a_program_that_switches_the_counting_off_gains_no_evidence(jail: CPythonJail) -> None:
    honest, cheat = await counted(jail, LOOP, 500), await counted(jail, QUITS, 500)
    assert honest.cost is not None
    assert cheat.cost is not None
    assert cheat.cost.value < honest.cost.value / 10, "the cheat works, which is why opcodes show nothing"
    found = compare_costs([honest.cost], [cheat.cost])
    assert not found.shown
    assert "guide only" in found.detail


@pytest.mark.parametrize("report", ['{"opcodes": -5}', '{"opcodes": "7"}', "[1]", '{"opcodes": 1e300}', "{}"])
async def test_a_report_that_is_no_count_is_none(jail: CPythonJail, report: str) -> None:
    found = await counted(jail, LIES, report)
    assert found.cost is None
    assert isinstance(found.outcome, Reply)


async def test_a_call_that_raises_or_ends_has_no_cost(jail: CPythonJail) -> None:
    raised = await counted(jail, "def f():\n    return 1 // 0\n")
    assert raised.cost is None
    assert isinstance(raised.outcome, Reply)
    assert raised.outcome.raised
    ended = await counted(jail, "import os\ndef f():\n    os._exit(0)\n")
    assert ended.cost is None
    assert isinstance(ended.outcome, Exit)
    broken = await counted(jail, "def f(:\n")
    assert isinstance(broken.outcome, Exit)


async def test_the_meters_names_are_its_own(jail: CPythonJail) -> None:
    with pytest.raises(UsageError, match="cambrian_opcodes"):
        await counted(jail, LOOP, 1, files={"cambrian_opcodes.py": ""})


def needs_callgrind() -> None:
    if shutil.which("valgrind") is None:
        pytest.skip("needs callgrind: valgrind is not installed here")


async def test_instructions_of_a_command_repeat(tmp_path: Path) -> None:
    needs_callgrind()
    true = shutil.which("true") or "/bin/true"
    first, second = [await count_instructions([true], cwd=tmp_path) for _ in range(2)]
    assert first.unit == "instructions"
    assert first.value == pytest.approx(second.value, rel=0.01)
    assert list(tmp_path.iterdir()) == []


async def test_a_command_that_fails_or_lasts_is_named(tmp_path: Path) -> None:
    needs_callgrind()
    with pytest.raises(UsageError, match="ended with 1"):
        await count_instructions([shutil.which("false") or "/bin/false"], cwd=tmp_path)
    with pytest.raises(UsageError, match="did not end within"):
        await count_instructions([shutil.which("sleep") or "/bin/sleep", "60"], cwd=tmp_path, wall=1.5)


async def test_without_valgrind_the_error_names_capability_and_fix(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CapabilityMissing, match="install valgrind") as caught:
        await count_instructions([sys.executable, "-c", "pass"], cwd=tmp_path)
    assert caught.value.capability == "callgrind"


def test_callgrinds_output_is_read_strictly() -> None:
    assert read_callgrind(CALLGRIND) == 126665
    assert read_callgrind("events: Ir Dr\nsummary: 12 7\n") == 12
    for text in ("", "events: Dr\ntotals: 3\n", "events: Ir\n", "events: Ir\ntotals: x\n"):
        with pytest.raises(UsageError, match="callgrind"):
            read_callgrind(text)


def instructions(*values: int) -> list[Cost]:
    return [Cost(value=value, unit="instructions", method="callgrind") for value in values]


def test_fewer_instructions_on_every_input_are_tested() -> None:
    found = compare_costs(instructions(200, 800), instructions(100, 200))
    assert found.kind == "tested"
    assert found.estimate == pytest.approx(8**0.5)
    assert (found.lower, found.upper) == (2, 4)
    assert not compare_costs(instructions(200, 100), instructions(100, 100)).shown


def test_counts_of_different_kinds_do_not_compare() -> None:
    opcodes = [Cost(value=5, unit="opcodes", method="m")]
    for other in (opcodes, instructions(), instructions(0)):
        with pytest.raises(UsageError):
            compare_costs(instructions(5), other)
    with pytest.raises(UsageError, match="0 counts"):
        compare_costs([], [])
