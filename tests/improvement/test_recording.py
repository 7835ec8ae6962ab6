"""Calls of methods: objects are told by their attributes while tests run, and made again in a jail."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from random import Random
from typing import cast

import pytest

from cambrian.core.codec import Shape
from cambrian.core.errors import IsolationUnavailable
from cambrian.core.limits import Limits
from cambrian.core.ports import Exit, Reply
from cambrian.improvement.project import Project
from cambrian.improvement.recording import Recorded, record_calls
from cambrian.improvement.targets import target_of
from cambrian.improvement.testing import ProjectTests
from cambrian.sandbox import CPythonJail
from cambrian.sandbox.commands import Commands
from cambrian.verify.behaviour import around
from cambrian.verify.cases import Case
from cambrian.verify.growth import grown
from cambrian.verify.inside.behaviour import read_behaviour
from cambrian.verify.policy import ANSWERS

pytestmark = pytest.mark.anyio

KINDS = """\
from collections import deque
from dataclasses import dataclass
from enum import Enum


class Colour(Enum):
    RED = 1


@dataclass(frozen=True, slots=True)
class Price:
    cents: int
    colour: Colour = Colour.RED


class Base:
    def __init__(self, **words):
        self.known = words.pop("known")


class Cart(Base):
    def __init__(self, owner, *names, **words):
        super().__init__(**words)
        self.owner = owner.upper()
        self.names, self.recent = list(names), deque(names, 2)
        self.least = Price(3)

    def shown(self, end):
        return f"{self.owner} {self.names} {list(self.recent)} {self.known} {self.least.cents} {self.least.colour}{end}"


class Empty:
    def __init__(self, must):
        del must

    def one(self):
        return type(self).__name__


class Locked:
    def __init__(self):
        import threading
        self.lock = threading.Lock()

    def use(self):
        return 1


class Own:
    def __new__(cls):
        return super().__new__(cls)

    def use(self):
        return 1
"""
TESTS = """\
from kinds import Cart, Empty, Locked, Own

def test_all():
    class Local(Cart):
        pass
    cart = Cart("ann", "a", "b", "c", known={"x": (1, 2)})
    assert cart.shown("!") == "ANN ['a', 'b', 'c'] ['b', 'c'] {'x': (1, 2)} 3 Colour.RED!"
    cart.names.append("d")
    cart.shown("?")
    Local("c", known=None).shown("")
    assert Empty(1).one() == "Empty"
    assert Locked().use() == Own().use() == 1
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    root = tmp_path_factory.mktemp("project")
    (root / "src").mkdir()
    (root / "src" / "kinds.py").write_text(KINDS)
    (root / "tests").mkdir()
    (root / "tests" / "test_kinds.py").write_text(TESTS)
    (root / "pyproject.toml").write_text('[tool.pytest.ini_options]\npythonpath = ["src"]\n')
    return Project.open(root)


@pytest.fixture(scope="module")
async def commands(project: Project, anyio_backend: str) -> AsyncIterator[Commands]:
    try:
        made = await Commands.start(project.root)
    except IsolationUnavailable as error:
        pytest.skip(f"needs jail.L3: {error}")
    yield made
    await made.aclose()


@pytest.fixture(scope="module")
async def tests(project: Project, commands: Commands) -> ProjectTests:
    return ProjectTests(commands, project, "pytest -q")


async def record(project: Project, commands: Commands, name: str) -> Recorded:
    found = await record_calls(project, ["pytest", "-q"], f"src/kinds.py:{name}", commands=commands)
    assert found.result.passed, found.result.stdout
    return found


async def answers(project: Project, name: str, cases: tuple[Case, ...]) -> list[object]:
    """What the calls give in a jail that has only what the function needs."""
    program = around(target_of(project.root / "src" / "kinds.py", name).program(), ANSWERS, cases=True)
    jail = await CPythonJail.start()
    session = await jail.launch(program, Limits(wall=20.0))
    assert not isinstance(session, Exit)
    try:
        replies = [await session.call(case.payload) for case in cases]
    finally:
        await session.close()
        await jail.aclose()
    told = [read_behaviour(one.raised, one.payload, captured=True) for one in replies if isinstance(one, Reply)]
    return [one.value for one in told]


async def test_objects_are_made_again_as_they_were(project: Project, tests: ProjectTests) -> None:
    cases = await tests.record(target_of(project.root / "src" / "kinds.py", "Cart.shown"))
    assert await answers(project, "Cart.shown", cases) == [
        "ANN ['a', 'b', 'c'] ['b', 'c'] {'x': (1, 2)} 3 Colour.RED!",
        "ANN ['a', 'b', 'c', 'd'] ['b', 'c'] {'x': (1, 2)} 3 Colour.RED?",
    ]
    first = cases[0].arguments[0]
    assert isinstance(first, Shape)
    assert first.type == "kinds.Cart"
    assert tests.lost == ""


async def test_an_object_without_attributes_needs_no_constructor(project: Project, tests: ProjectTests) -> None:
    cases = await tests.record(target_of(project.root / "src" / "kinds.py", "Empty.one"))
    assert await answers(project, "Empty.one", cases) == ["Empty"]


@pytest.mark.parametrize(
    ("name", "told"),
    [("Locked.use", "argument 1.lock is a _thread.lock, which cannot be made again"),
     ("Own.use", "argument 1 is a kinds.Own, which cannot be made again")],
    ids=["lock", "own-ways"],
)  # fmt: skip
async def test_what_cannot_be_made_again_is_told(
    project: Project, commands: Commands, tests: ProjectTests, name: str, told: str
) -> None:
    found = await record(project, commands, name)
    assert (found.payloads, found.strange, found.why) == ((), 1, told)
    assert await tests.record(target_of(project.root / "src" / "kinds.py", name)) == ()
    assert tests.lost == f"1 calls were seen while the tests ran, and {told}"


async def test_classes_that_are_not_at_hand_are_left_out(project: Project, commands: Commands) -> None:
    found = await record(project, commands, "Cart.shown")
    assert (len(found.payloads), found.strange) == (2, 1)  # a class of a function cannot be named
    assert found.cases(lambda _: "") == ()
    assert [len(case.arguments) for case in found.cases(lambda path: Path(path).stem)] == [2, 2]


def test_objects_grow_in_their_containers() -> None:
    case = Case(arguments=(Shape("m.C", (("=names", ["a", "b"]), ("=n", 3))),))
    large = grown(case, 16, Random(1)).arguments[0]
    assert isinstance(large, Shape)
    names, number = (cast("list[str]", part) for _, part in large.parts)
    assert (len(names), number) == (32, 3)
