"""Functions as tools: what their signatures and docstrings become, and how they are carried out."""

from __future__ import annotations

import dataclasses
import datetime
import enum
import functools
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, Literal, NotRequired, TypedDict, cast

import anyio
import jsonschema
import msgspec
import pytest
from pydantic import BaseModel
from pydantic import Field as Constrained

from cambrian.core.errors import UsageError
from cambrian.tools.entry import Outcome
from cambrian.tools.functions import FunctionTool, ToolFunction, idempotency_key, tool
from cambrian.tools.schema import Schema
from cambrian.tools.threads import Threads

if TYPE_CHECKING:  # a name that is not there when the program runs
    from decimal import Decimal as Missing


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


@dataclasses.dataclass
class Leaf:
    size: int
    children: list[Leaf] = dataclasses.field(default_factory=list[Any])


class Options(TypedDict):
    depth: int
    label: NotRequired[str]


class Address(BaseModel):
    city: str
    zip: str = Constrained(pattern="^[0-9]{5}$")


class Person(BaseModel):
    name: str
    address: Address


class Unknown: ...


def made(function: ToolFunction, *, timeout: float = 30.0) -> FunctionTool:
    return FunctionTool(function, threads=Threads(), timeout=timeout)


async def called(function: ToolFunction, **arguments: object) -> Outcome:
    return await made(function).call(arguments, key="k")


def paint(
    where: Leaf,
    colour: Colour = Colour.RED,
    mode: Literal["fast", "slow"] = "fast",
    at: tuple[int, int] = (0, 0),
    *,
    options: Options | None = None,
    weight: Annotated[float, "in kilograms"] = 1.0,
) -> dict[str, int]:
    """Paint a leaf.

    Slowly.

    Args:
        where: the leaf,
            with all below it.
        colour (Colour): which one.

    Returns:
        Areas by name.

    Raises:
        ValueError: never.
    """
    return {"size": where.size + where.children[0].size, "x": at[0]}


def test_schema_of_a_signature() -> None:
    described = made(paint).tool
    assert described.name == "paint"
    assert described.description == "Paint a leaf.\n\nSlowly.\n\nReturns: Areas by name."
    assert described.parameters["required"] == ["where"]
    assert described.parameters["additionalProperties"] is False
    properties = cast("dict[str, dict[str, object]]", described.parameters["properties"])
    assert list(properties) == ["where", "colour", "mode", "at", "options", "weight"]
    assert properties["where"]["description"] == "the leaf, with all below it."
    assert properties["colour"]["description"] == "which one."
    assert properties["colour"]["default"] == "red"
    assert properties["mode"]["enum"] == ["fast", "slow"]
    assert properties["weight"] == {"type": "number", "description": "in kilograms", "default": 1.0}
    assert properties["at"]["default"] == [0, 0]
    assert described.returns == {"type": "object", "additionalProperties": {"type": "integer"}}
    jsonschema.Draft202012Validator.check_schema(described.parameters)


async def test_arguments_become_what_the_annotations_say() -> None:
    seen: list[object] = []

    def see(leaf: Leaf, colour: Colour, at: tuple[int, ...], day: datetime.date, raw: bytes, more: set[int]) -> None:
        seen.extend([leaf, colour, at, day, raw, more])

    outcome = await called(
        see, leaf={"size": 1, "children": [{"size": 2}]}, colour="blue", at=[1], day="2026-01-02", raw="AA==", more=[1]
    )
    assert outcome == Outcome(value=None)
    assert seen == [Leaf(1, [Leaf(2)]), Colour.BLUE, (1,), datetime.date(2026, 1, 2), b"\0", {1}]


async def test_pydantic_models_check_their_own_fields() -> None:
    def greet(person: Person) -> Person:
        return person

    parameters = made(greet).tool.parameters
    jsonschema.Draft202012Validator.check_schema(parameters)
    check = Schema(parameters)
    good: dict[str, object] = {"person": {"name": "Ada", "address": {"city": "London", "zip": "12345"}}}
    assert check.problem(good) == ""
    assert check.problem({"person": {"name": "Ada", "address": {"city": 1}}})
    outcome = await called(greet, **good)
    assert outcome.value == Person(name="Ada", address=Address(city="London", zip="12345"))
    wrong = await called(greet, person={"name": "Ada", "address": {"city": "London", "zip": "x"}})
    assert "arguments of greet() do not fit" in wrong.error
    assert "zip" in wrong.error


def test_marks() -> None:
    @tool(name="remove", approval=True, idempotent=True, description="Remove it.")
    def delete() -> None:
        """Hidden by the mark."""

    @tool(read_only=True)
    async def look() -> int:
        return 1

    @tool
    def plain() -> None: ...

    assert (made(delete).tool.name, made(delete).tool.description) == ("remove", "Remove it.")
    assert made(delete).tool.approval
    assert made(delete).tool.idempotent
    assert not made(delete).tool.read_only
    assert made(look).tool.read_only
    assert made(look).tool.idempotent
    assert made(look).tool.asynchronous
    assert not made(plain).tool.asynchronous
    assert delete() is None


class Counter:
    """Counts."""

    def __init__(self) -> None:
        self.count = 0

    def add(self, by: int) -> int:
        """Add to it."""
        self.count += by
        return self.count

    async def __call__(self, by: int) -> int:
        return by


async def test_methods_objects_and_partial_functions() -> None:
    counter = Counter()
    assert (await called(counter.add, by=2)).value == 2
    assert made(counter.add).tool.description == "Add to it."
    assert (made(counter).tool.name, made(counter).tool.asynchronous) == ("Counter", True)
    assert (await called(counter, by=3)).value == 3
    half = functools.partial(paint, mode="slow")
    assert made(half).tool.name == "paint"


async def test_positional_only_parameters() -> None:
    def power(base: int, exponent: int = 2, /) -> int:
        return base**exponent

    assert (await called(power, base=3)).value == 9
    assert (await called(power, base=3, exponent=3)).value == 27


def takes_rest(*rest: int) -> None: ...
def takes_more(**more: int) -> None: ...
def takes_unknown(first: int, second: Unknown) -> None: ...
def delete(x: int) -> None: ...
def nameless() -> ToolFunction:
    return lambda: None


def unresolved(x: Missing) -> None: ...


@pytest.mark.parametrize(("function", "words"), [
    (takes_rest, r"takes '\*rest"),
    (takes_more, r"takes '\*\*more"),
    (takes_unknown, "parameter 'second'.*Unknown.*has no JSON form"),
    (delete, r'no identifier in both Python and JavaScript\n  fix: @tool\(name="delete_"\)'),
    (unresolved, "'Missing' is not defined"),
    (nameless(), "it has no name"),
])  # fmt: skip
def test_what_cannot_be_a_tool(function: ToolFunction, words: str) -> None:
    with pytest.raises(UsageError, match=words) as caught:
        made(function)
    assert f"{__file__}:" in str(caught.value)
    assert "fix: " in str(caught.value)


def test_a_timeout_must_be_a_time() -> None:
    with pytest.raises(UsageError, match="timeout"):
        tool(timeout=0.0)


@pytest.mark.parametrize("error", [KeyError("gone"), SystemExit(3), RecursionError()])
@pytest.mark.parametrize("asynchronous", [True, False])
async def test_what_a_function_raises_is_its_answer(error: BaseException, asynchronous: bool) -> None:
    def raising() -> None:
        raise error

    async def raising_later() -> None:
        await anyio.sleep(0)
        raise error

    outcome = await called(raising_later if asynchronous else raising)
    assert outcome.error.startswith(type(error).__name__)
    assert __file__ not in outcome.error


async def test_time_limits() -> None:
    cancelled: list[bool] = []
    over = threading.Event()

    async def sleeps() -> None:
        try:
            await anyio.sleep(60)
        finally:
            cancelled.append(True)

    late = await made(sleeps, timeout=0.05).call({}, key="")
    assert "longer than 0.05 s and was cancelled" in late.error
    assert cancelled == [True]
    blocked = await made(lambda_named(over.wait), timeout=0.05).call({}, key="")
    over.set()
    assert "still runs in a thread, which cannot be killed" in blocked.error


def lambda_named(wait: Callable[[float], bool]) -> ToolFunction:
    def blocks() -> None:
        wait(60)

    return blocks


@pytest.mark.parametrize("asynchronous", [True, False])
async def test_a_function_can_ask_for_its_key(asynchronous: bool) -> None:
    async def later() -> str:
        return idempotency_key()

    assert (await called(later if asynchronous else idempotency_key)).value == "k"
    assert idempotency_key() == ""


def test_version_changes_with_the_file(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("versions")

    def version(text: str, file: str) -> str:
        names: dict[str, Any] = {}
        (folder / file).write_text(text)
        exec(compile(text, str(folder / file), "exec"), names)
        return made(names["f"]).tool.version

    first = version("def f() -> int: return 1", "a.py")
    assert version("def f() -> int: return 1", "b.py") == first
    assert version("def f() -> int: return 2", "a.py") != first


class Cat(msgspec.Struct, tag=True):
    lives: int


class Dog(msgspec.Struct, tag=True):
    tricks: int


async def test_tagged_unions() -> None:
    def pet(animal: Cat | Dog) -> str:
        return type(animal).__name__

    assert (await called(pet, animal={"type": "Dog", "tricks": 1})).value == "Dog"
