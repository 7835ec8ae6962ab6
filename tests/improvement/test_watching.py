"""Where a project's tests spend their time, and with which arguments they call a function."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import cast

import pytest

from cambrian.core.codec import decode
from cambrian.core.errors import IsolationUnavailable, UsageError
from cambrian.improvement.profiling import hot_lines, hot_spots, profile_command
from cambrian.improvement.project import Project
from cambrian.improvement.recording import record_calls
from cambrian.improvement.watching import watched
from cambrian.sandbox.commands import Commands
from cambrian.verify.generators import from_traces

SHOP = """\
def slow(items):
    total = 0
    for item in items:
        total += sum(range(item))
    return total


def quick(a, b=2, *rest):
    return a + b + sum(rest)


class Basket:
    def __init__(self):
        self.items = []

    def add(self, item):
        self.items.append(item)
        return len([each for each in self.items])


def only(*, key):
    return key


def numbers(most):
    for number in range(most):
        yield number


def spoil(items):
    items.clear()
"""
TESTS = """\
import subprocess, sys
from shop import Basket, numbers, only, quick, slow, spoil

def test_shop():
    assert slow([20_000] * 50) > 0
    assert quick(1) == 3
    assert quick(1, 2, 3, 4) == 10
    assert quick(1) == 3
    basket = Basket()
    for n in range(30):
        basket.add(n)
    assert only(key=1) == 1
    assert list(numbers(3)) == [0, 1, 2]
    items = [1, 2]
    spoil(items)
    spoil(items)

def test_another_process():
    code = "import sys; sys.path.insert(0, 'src'); from shop import quick; quick(7, 8)"
    subprocess.run([sys.executable, "-c", code], check=True)
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    root = tmp_path_factory.mktemp("project")
    (root / "src").mkdir()
    (root / "src" / "shop.py").write_text(SHOP)
    (root / "tests").mkdir()
    (root / "tests" / "test_shop.py").write_text(TESTS)
    (root / "pyproject.toml").write_text('[tool.pytest.ini_options]\npythonpath = ["src"]\n')
    (root / "run.py").write_text("import sys\nsys.path.insert(0, 'src')\nimport shop\nshop.slow([50_000] * 50)\n")
    return Project.open(root)


@pytest.fixture(scope="module")
async def commands(project: Project, anyio_backend: str) -> AsyncIterator[Commands]:
    try:
        made = await Commands.start(project.root, environment={"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"})
    except IsolationUnavailable as error:
        pytest.skip(f"needs jail.L3: {error}")
    yield made
    await made.aclose()


async def test_time_by_function(project: Project, commands: Commands) -> None:
    profile = await profile_command(project, ["pytest", "-q"], commands=commands)
    assert profile.result.passed, profile.result.stdout
    spots = {spot.place: spot for spot in profile.spots}
    slow, add = spots["src/shop.py:slow"], spots["src/shop.py:Basket.add"]
    assert next(spot for spot in profile.spots if not spot.test) == slow
    assert (slow.calls, slow.line, slow.test, add.calls) == (1, 1, False, 30)
    assert slow.share > add.share > 0.0
    assert slow.own_s > 0.0
    test = spots["tests/test_shop.py:test_shop"]
    assert test.test
    assert test.cumulative_s > slow.cumulative_s > test.own_s
    assert sum(profile.shares().values()) == pytest.approx(1.0, abs=0.01)
    assert not [place for place in spots if "listcomp" in place]
    assert not [spot for spot in profile.spots if "site-packages" in spot.path]


async def test_any_command_can_be_profiled(project: Project, commands: Commands) -> None:
    (first, *_) = await hot_spots(project, ["python", "run.py"], commands=commands)
    assert (first.place, first.calls) == ("src/shop.py:slow", 1)
    assert await hot_spots(project, ["python", "-c", "pass"], commands=commands) == ()


async def test_time_by_line(project: Project, commands: Commands) -> None:
    lines = await hot_lines(project, ["python", "run.py"], "src/shop.py", "slow", commands=commands)
    assert lines.calls == 1
    assert {line.line: line.times for line in lines.lines} == {2: 1, 3: 51, 4: 50, 5: 1}
    assert max(lines.lines, key=lambda line: line.seconds).line == 4


async def test_arguments_of_calls(project: Project, commands: Commands) -> None:
    found = await record_calls(project, ["pytest", "-q"], "src/shop.py:quick", commands=commands)
    assert found.result.passed, found.result.stdout
    assert [decode(payload) for payload in found.payloads] == [(1, 2), (1, 2, 3, 4), (7, 8)]
    assert (found.calls, found.strange, found.keywords) == (4, 0, 0)
    assert [case.arguments for case in from_traces(found.payloads)] == [(1, 2), (1, 2, 3, 4), (7, 8)]


async def test_arguments_are_those_at_the_entry(project: Project, commands: Commands) -> None:
    found = await record_calls(project, ["pytest", "-q"], "src/shop.py:spoil", commands=commands)
    assert [decode(payload) for payload in found.payloads] == [([1, 2],), ([],)]


async def test_what_cannot_be_recorded_is_counted(project: Project, commands: Commands) -> None:
    methods = await record_calls(project, ["pytest", "-q"], "src/shop.py:Basket.add", commands=commands)
    assert (len(methods.payloads), methods.calls, methods.strange) == (30, 30, 0)
    keyword = await record_calls(project, ["pytest", "-q"], "src/shop.py:only", commands=commands)
    assert (keyword.payloads, keyword.calls, keyword.keywords) == ((), 1, 1)
    generator = await record_calls(project, ["pytest", "-q"], "src/shop.py:numbers", commands=commands)
    assert ([decode(payload) for payload in generator.payloads], generator.calls) == ([(3,)], 1)


async def test_the_first_and_the_largest_are_kept(project: Project, commands: Commands) -> None:
    code = "import sys; sys.path.insert(0, 'src'); import shop\nfor n in range(3000): shop.slow([1] * (n % 500))"
    found = await record_calls(project, ["python", "-c", code], "src/shop.py:slow", 8, commands=commands)
    sizes = [len(items) for payload in found.payloads for items in cast("tuple[list[int]]", decode(payload))]
    assert found.calls == 3000
    assert sizes == [0, 1, 2, 3, 4, 5, 498, 499]


async def test_a_target_must_be_there(project: Project) -> None:
    with pytest.raises(UsageError, match="path:function"):
        await record_calls(project, ["pytest"], "shop.slow")
    with pytest.raises(UsageError, match="at least one"):
        await record_calls(project, ["pytest"], "src/shop.py:slow", 0)
    with pytest.raises(UsageError, match="no command"):
        await hot_spots(project, [])


async def test_a_command_that_is_not_there_is_told(project: Project, commands: Commands) -> None:
    with pytest.raises(UsageError, match="'no-such-program' could not be watched"):
        await hot_spots(project, ["no-such-program"], commands=commands)


async def test_the_environment_s_own_start_runs_too(project: Project) -> None:
    code = "import os; os.environ['OWN'] = 'ran'"
    argv = ["python", "-c", "import os; print(os.environ.get('OWN'))"]
    (project.root / "own").mkdir()
    (project.root / "own" / "sitecustomize.py").write_text(code)
    async with await Commands.start(project.root, environment={"PYTHONPATH": f"{project.root}/own"}) as other:
        assert (await other.run(argv)).stdout == "ran\n"  # the control
        _, ended = await watched(project, argv, {"kind": "profile"}, list[object], commands=other)
    assert ended.stdout == "ran\n"
