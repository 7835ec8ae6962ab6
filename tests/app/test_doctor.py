"""The doctor's own trials: what is there is found by using it, what is not is told with its cost."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import msgspec
import pytest

from cambrian.app.doctor import Tool, examine, is_fit, script_presets, try_tool
from cambrian.sandbox.probe import Capability

PYTHON = Tool(
    id="run.python", command=sys.executable, source=("hello.py", "print('6 times 7 is', 6 * 7)"), compiles=False,
    cost="nothing runs", package="python3",
)  # fmt: skip


def test_a_tool_that_works_is_available() -> None:
    found = try_tool(PYTHON)
    assert (found.available, found.value) == (True, sys.executable)


@pytest.mark.parametrize(
    ("tool", "told"),
    [
        (msgspec.structs.replace(PYTHON, command="no-such-compiler"), "not found"),
        (msgspec.structs.replace(PYTHON, source=("hello.py", "print(41)")), "it printed '41"),
        (msgspec.structs.replace(PYTHON, source=("hello.py", "raise SystemExit('broken')")), "ended with 1: broken"),
    ],
)
def test_a_tool_that_does_not_do_its_work_is_not(tool: Tool, told: str) -> None:
    found = try_tool(tool)
    assert not found.available
    assert told in found.value
    assert "python3" in found.fix
    assert found.cost_of_absence == "nothing runs"


def test_only_a_jail_makes_a_machine_fit() -> None:
    def jail(id: str, available: bool) -> Capability:
        return Capability(id=id, available=available)

    assert is_fit([jail("jail.L3", False), jail("jail.L2", True)])
    assert is_fit([jail("jail.L3", True)])
    assert not is_fit([jail("jail.L3", False), jail("jail.L2", False), jail("compile.gcc", True)])
    assert not is_fit([])


def present(*ids: str) -> list[Capability]:
    return [Capability(id=id, available=True) for id in ids]


BETTER = "make jail.L3 work (see above)"
ALL = present("runtime.monty", "runtime.cpython", "runtime.quickjs", "runtime.deno")


@pytest.mark.parametrize(
    ("jails", "runtimes", "python", "javascript"),
    [
        (["jail.L3", "jail.L2"], ALL, "", ""),
        (["jail.L2"], ALL, f"{BETTER}, or write --preset dev", ""),
        (["jail.L2"], present("runtime.monty"), BETTER, BETTER),
        ([], ALL, f"{BETTER}, or write --preset dev", f"{BETTER}, or write --preset dev"),
    ],
)  # fmt: skip
def test_the_doctor_says_which_preset_runs_scripts(
    jails: list[str], runtimes: list[Capability], python: str, javascript: str
) -> None:
    found = {item.id: item for item in script_presets(present(*jails), runtimes)}
    assert (found["scripts.python"].fix, found["scripts.javascript"].fix) == (python, javascript)
    assert found["scripts.python"].available == (not python)
    if jails == ["jail.L2"] and runtimes is ALL:
        assert found["scripts.python"].value == "at level 2 dev: cpython"
        assert found["scripts.javascript"].value == "at level 2 dev: quickjs; standard: quickjs"


async def test_everything_is_examined_and_nothing_is_left_behind(tmp_path: Path) -> None:
    found = {item.id: item for item in await examine(tmp_path / "not" / "there")}
    assert {
        "tools.mcp",
        "scripts.python",
        "ns.user",
        "jail.L2",
        "compile.gcc",
        "run.node",
        "callgrind",
        "disk.room",
        "disk.fsync",
        "cores",
    } <= set(found)
    assert found["python"].available
    assert found["disk.fsync"].value.endswith(" ms")
    assert list(tmp_path.iterdir()) == []
    assert found["compile.gcc"].available == (shutil.which("gcc") is not None)
    assert all(item.cost_of_absence for item in found.values() if not item.available)
