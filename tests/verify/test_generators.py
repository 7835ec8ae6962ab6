"""Inputs: from hints, examples and tests; the same for the same seed; simpler ones stay of their kind."""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cambrian.core.codec import Shape, encode
from cambrian.core.errors import CodecError, UsageError
from cambrian.verify.cases import Case, mutated, simpler, size
from cambrian.verify.generators import FromExamples, FromHints, Source, draw, from_tests, from_traces, inputs_for

HEAD = """
import enum, typing
from dataclasses import dataclass
from typing import *
class Colour(enum.Enum):
    RED = 1
    BLUE = 2
@dataclass(frozen=True)
class Point:
    x: int
    y: "float" = 0.0
class Movie(TypedDict):
    name: str
    year: NotRequired[int]
class Pair(NamedTuple):
    a: int
    b: "Optional[Pair]"
@dataclass
class Tree:
    value: int
    children: "list[Tree]"
UserId = NewType("UserId", int)
Rows = list[tuple[int, str]]
T = TypeVar("T", bound=int)
"""


def of(hint: str) -> Source:
    return FromHints(f"{HEAD}\ndef f(x: {hint}): ...\n", "f", module="program")


def is_point(value: Any) -> bool:
    return type(value) is Shape and value.type == "program.Point" and [key for key, _ in value.parts] == [".x", ".y"]


HINTS: list[tuple[str, Callable[[Any], object]]] = [
    ("int", lambda v: type(v) is int), ("float", lambda v: type(v) is float), ("bool", lambda v: type(v) is bool),
    ("str", lambda v: type(v) is str), ("None", lambda v: v is None),
    ("list[int]", lambda v: all(type(x) is int for x in v)),
    ("List[str]", lambda v: all(type(x) is str for x in v)), ("'list[float]'", lambda v: type(v) is list),
    ("tuple[int, str]", lambda v: type(v[0]) is int and type(v[1]) is str),
    ("tuple[int, ...]", lambda v: type(v) is tuple),
    ("dict[str, list[int]]", lambda v: all(type(k) is str and type(x) is list for k, x in v.items())),
    ("Mapping[int, bool]", lambda v: type(v) is dict), ("set[int]", lambda v: type(v) is set),
    ("frozenset[str]", lambda v: type(v) is frozenset), ("Optional[int]", lambda v: v is None or type(v) is int),
    ("int | str", lambda v: type(v) in (int, str)), ("typing.Union[int, None]", lambda v: v is None or type(v) is int),
    ("Literal['a', 3]", lambda v: v in ("a", 3)), ("Annotated[int, 'm']", lambda v: type(v) is int),
    ("Colour", lambda v: v.parts[0][1] in ("RED", "BLUE")), ("Point", is_point),
    ("list[Point]", lambda v: all(map(is_point, v))), ("Movie", lambda v: {*v} == {"name", "year"}),
    ("Pair", lambda v: type(v) is Shape), ("Tree", lambda v: type(v) is Shape), ("UserId", lambda v: type(v) is int),
    ("Rows", lambda v: all(type(row) is tuple for row in v)), ("T", lambda v: type(v) is int), ("Any", lambda _: True),
    ("Sequence[Sequence[int]]", lambda v: all(type(row) is list for row in v)), ("bytes", lambda v: type(v) is bytes),
    ("complex", lambda v: type(v) is complex), ("dict", lambda v: type(v) is dict),
    ("Iterable", lambda v: type(v) is list),
]  # fmt: skip


@pytest.mark.parametrize(("hint", "right"), HINTS, ids=[hint for hint, _ in HINTS])
def test_hints_give_values_of_their_kind(hint: str, right: Callable[[Any], object]) -> None:
    source = of(hint)
    cases = draw(source, 60, seed=1)
    assert cases
    for case in cases:
        [value] = case.arguments
        assert right(value)
        assert source.fits(case)
        case.payload  # noqa: B018 - it can cross


@pytest.mark.parametrize("hint", ["np.ndarray", "Unknown", "list[Unknown]", "Callable[[int], int]", "1 + 2", "3"])
def test_a_hint_that_cannot_be_made_up_is_named(hint: str) -> None:
    with pytest.raises(UsageError, match=r"hint|cannot be made up|is no type|cannot be understood"):
        of(hint)


def test_no_hints_give_values_of_every_kind() -> None:
    cases = draw(FromHints("def f(a, b=1): ...", "f"), 200, seed=3)
    assert {type(value) for case in cases for value in case.arguments} >= {int, float, str, list, tuple, dict, bool}
    with pytest.raises(UsageError, match="needs the keyword 'b'"):
        FromHints("def f(a, *, b): ...", "f")
    with pytest.raises(UsageError, match="no function 'g'"):
        FromHints("def f(a): ...", "g")


def test_edges_are_among_them() -> None:
    drawn = [case.arguments[0] for case in draw(of("float"), 200, seed=1)]
    assert any(math.isnan(value) for value in drawn if type(value) is float)
    assert {repr(value) for value in drawn} >= {"-0.0", "inf", "5e-324"}
    texts = [case.arguments[0] for case in draw(of("str"), 200, seed=1)]
    assert {"", "\ud800", "e\u0301"} <= {*texts}
    lists: list[Any] = [case.arguments[0] for case in draw(of("list[int]"), 300, seed=1)]
    assert [] in lists
    assert any(len(value) > 3 and value == sorted(value) for value in lists)
    assert any(len(value) > 3 and len({*value}) == 1 for value in lists)
    assert any(abs(item) > 2**60 for value in lists for item in value)


def test_the_same_seed_gives_the_same_cases() -> None:
    source = inputs_for({"p.py": HEAD + "def f(x: list[Point], y: dict[str, Any]): ..."}, "p.py:f")
    one, other = draw(source, 50, seed=7), draw(source, 50, seed=7)
    assert [case.payload for case in one] == [case.payload for case in other]
    assert [case.payload for case in one] != [case.payload for case in draw(source, 50, seed=8)]
    assert len({case.payload for case in one}) == 50


TESTS = """
import pytest
from shop import f
BASE = [1, 2]
def test_one():
    x = {"a": 1}
    assert f(x, 3) == 1
    assert shop.f(BASE, -1.5) == f(open("x"), 1)
@pytest.mark.parametrize("a", [1, 2, 3])
def test_two(a):
    assert f(a, "k") > 0
@pytest.mark.parametrize(("a", "b"), [(1, "x"), (2, "y")])
def test_three(a, b):
    assert f(a, b) and f(a, b=3) and g(a)
"""


def test_calls_are_found_in_tests() -> None:
    found = {case.arguments for case in from_tests([TESTS, "def broken("], "f") if type(case.arguments[0]) is int}
    assert found == {(1, "k"), (2, "k"), (3, "k"), (1, "x"), (2, "y")}
    others = [case.arguments for case in from_tests([TESTS], "f") if type(case.arguments[0]) is not int]
    assert others == [({"a": 1}, 3), ([1, 2], -1.5)]


def test_recorded_calls_are_cases() -> None:
    [case] = from_traces([encode(([1], "a"))])
    assert case.arguments == ([1], "a")
    with pytest.raises(CodecError):
        from_traces([b"nonsense"])


def test_untyped_and_unused_functions_have_examples_only() -> None:
    files = {"p.py": "def f(x: Weird): ..."}
    with pytest.raises(UsageError, match="neither tests nor recorded calls"):
        inputs_for(files, "p.py:f")
    source = inputs_for(files, "p.py:f", tests=["def test(): f(5)"])
    assert all(type(case.arguments[0]) is int for case in draw(source, 10, seed=1))


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.binary(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.tuples(inner, inner) | st.dictionaries(st.text(max_size=2), inner)
    | st.sets(st.integers(), max_size=4),
    max_leaves=8,
)  # fmt: skip


@given(plain, st.integers(0, 99))
def test_neighbours_and_simpler_cases_keep_the_type(value: object, seed: int) -> None:
    case = Case(arguments=(value, 1))
    assert type(mutated(case, Random(seed)).arguments[0]) is type(value)
    for less in simpler(case):
        assert type(less.arguments[0]) is type(value)
        assert size(less) <= size(case)


small = st.recursive(
    st.integers(-300, 300) | st.booleans() | st.floats(width=16) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner) | st.dictionaries(st.text(max_size=2), inner),
    max_leaves=4,
)


@given(small)
def test_shrinking_ends(value: object) -> None:
    """Whatever is always taken: the first, or the last simpler case."""
    for pick in (0, -1):
        case = Case(arguments=(value,))
        for _ in range(3000):
            options = list(simpler(case))
            if not options:
                break
            case = options[pick]
        else:
            pytest.fail(f"no end from {value!r}, now {case}")


def test_neighbours_may_share_arguments() -> None:
    source = FromExamples([Case(arguments=([1, 2], [3]))], faithful=0.0)
    cases = draw(source, 200, seed=1)
    assert any(case.shared == ((0, 1),) for case in cases)
    with pytest.raises(UsageError, match="no examples"):
        FromExamples([])
