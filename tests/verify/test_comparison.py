"""Whether two values are the same: pairs whose verdict is known, laws that hold for all, and objects that lie."""

from __future__ import annotations

import math
import threading
import time
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cambrian.core.codec import decode, encode
from cambrian.core.errors import UsageError
from cambrian.verify.comparison import compare
from cambrian.verify.policy import Policy

from .pairs import DIFFERENT, SAME, Box, Liar, Point, dag, shared

PAIRS = Point.__module__
LOOSE = Policy(float_rtol=1e-9)


@pytest.mark.parametrize(("a", "b"), DIFFERENT, ids=lambda value: type(value).__name__)
def test_what_only_looks_the_same(a: object, b: object) -> None:
    for expected, got in ((a, b), (b, a)):
        found = compare(expected, got)
        assert found is not None
        assert found.compared
        assert str(found).startswith("answer")


@pytest.mark.parametrize(("a", "b"), SAME, ids=lambda value: type(value).__name__)
def test_what_only_looks_different(a: object, b: object) -> None:
    assert compare(a, b) is None
    assert compare(b, a) is None


@pytest.mark.parametrize(
    "value", [value for pair in DIFFERENT + SAME for value in pair], ids=lambda v: type(v).__name__
)
def test_everything_is_the_same_as_itself(value: object) -> None:
    assert compare(value, value) is None
    assert compare([value], [value], Policy(identity=True)) is None


leaves = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.complex_numbers()
    | st.decimals() | st.fractions() | st.datetimes() | st.sampled_from([0, 0.0, -0.0, 1, True, 1.0, "", b"", 1e-12])
)  # fmt: skip
keys = st.integers(-2, 2) | st.text(max_size=2) | st.booleans() | st.none() | st.floats(width=16)
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(keys, inner, max_size=4)
        | st.frozensets(keys, max_size=4)
        | st.sets(keys, max_size=4)
        | st.builds(Point, inner, inner)
        | st.builds(Liar, inner)
    ),
    max_leaves=12,
)
policies = st.builds(
    Policy,
    float_rtol=st.sampled_from([0.0, 1e-9, 0.5]), float_atol=st.sampled_from([0.0, 1e-9, 1.0]),
    types=st.sampled_from(["strict", "numeric"]), nan_equal=st.just(True), signed_zero=st.booleans(),
    order=st.sampled_from(["all", "dict", "none"]), identity=st.booleans(),
)  # fmt: skip


@given(values, policies)
def test_reflexive(value: object, policy: Policy) -> None:
    assert compare(value, value, policy) is None


@given(values, values, policies)
def test_symmetric(a: object, b: object, policy: Policy) -> None:
    assert (compare(a, b, policy) is None) == (compare(b, a, policy) is None)


@given(
    st.lists(st.floats() | st.integers(-3, 3), max_size=3),
    st.lists(st.floats(), max_size=3),
    st.booleans(),
    st.booleans(),
)
def test_more_tolerance_never_finds_more_differences(a: Any, b: Any, signed: bool, as_set: bool) -> None:
    if as_set:
        a, b = set(a), set(b)
    tolerances = [(0.0, 0.0), (1e-9, 0.0), (1e-9, 1e-9), (0.1, 1e-9), (0.5, 0.5), (0.99, 1e6)]
    for types in ("strict", "numeric"):
        verdicts = [
            compare(a, b, Policy(float_rtol=r, float_atol=t, signed_zero=signed, types=types)) is None
            for r, t in tolerances
        ]
        assert verdicts == sorted(verdicts)


@given(st.lists(st.floats(), max_size=5), st.lists(st.floats(), max_size=5), policies)
def test_arrays_are_judged_as_lists_are(a: list[float], b: list[float], policy: Policy) -> None:
    same = compare(a, b, policy) is None
    assert (compare(np.array(a, "f8"), np.array(b, "f8"), policy) is None) == same
    assert (compare(np.array(a, "c16"), np.array(b, "c16"), policy) is None) == same


codec_leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.binary() | st.text(
    st.characters(exclude_categories=["Cs"])
)  # fmt: skip
codec_values = st.recursive(
    codec_leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.integers() | st.booleans(), inner)
)


@given(codec_values)
def test_what_crossed_the_border_is_the_same(value: object) -> None:
    assert compare(value, decode(encode(value))) is None


@given(st.lists(st.floats(-1, 1), min_size=2, max_size=7, unique=True), st.data())
def test_sets_of_near_numbers_are_paired_up(items: list[float], data: st.DataObject) -> None:
    """Every number may have moved a little: greedy pairing would fail where a matching exists."""
    moved = {item + data.draw(st.floats(-0.2, 0.2)) for item in items}
    if len(moved) == len(items):
        shuffled = data.draw(st.permutations(sorted(moved)))
        policy = Policy(float_atol=0.200001)
        assert compare(set(items), moved, policy) is None
        assert compare({(x,) for x in items}, {(x,) for x in shuffled}, policy) is None


SWITCHES: list[tuple[object, object, Policy]] = [
    (1.0, 1.0 + 1e-12, LOOSE), (1.0, 1.0 + 1e-7, Policy(float_atol=1e-6)), ([0.0], [-0.0], Policy(signed_zero=False)),
    (0.0, -1e-9, Policy(float_atol=1e-6)), (1, 1.0, Policy(types="numeric")), (1, True, Policy(types="numeric")),
    ({1: 0}, {True: 0}, Policy(types="numeric")), ({1: 0}, {True: 0}, Policy(types="numeric", order="none")),
    (np.float64(1), 1, Policy(types="numeric")), ({1, 2.0}, {1.0, 2}, Policy(types="numeric")),
    ({"a": 1, "b": 2}, {"b": 2, "a": 1}, Policy(order="none")), ({(1.0,): 2}, {(1.0 + 1e-12,): 2}, LOOSE),
    ({(1.0,): 2}, {(1.0 + 1e-12,): 2}, Policy(float_rtol=1e-9, order="none")),
    (np.arange(3, dtype="i4"), np.arange(3, dtype="i8"), Policy(arrays="values")),
    (np.zeros(2, ">f8"), np.zeros(2), Policy(arrays="values")), (np.ones(2), np.ones(2) + 1e-12, LOOSE),
]  # fmt: skip


@pytest.mark.parametrize(("a", "b", "policy"), SWITCHES)
def test_each_switch_makes_the_difference(a: object, b: object, policy: Policy) -> None:
    assert compare(a, b) is not None
    assert compare(a, b, policy) is None
    assert compare(b, a, policy) is None


@pytest.mark.parametrize(
    ("a", "b", "policy"),
    [
        (math.nan, math.nan, Policy(nan_equal=False)),
        ([math.nan], [math.nan], Policy(nan_equal=False)),
        (np.array([math.nan]), np.array([math.nan]), Policy(nan_equal=False)),
        ({math.nan}, {math.nan}, Policy(nan_equal=False)),
        (np.array(["NaT"], "M8[s]"), np.array(["NaT"], "M8[s]"), Policy(nan_equal=False)),
        (shared(), [[1], [1]], Policy(identity=True)),
        ([[1], [1]], shared(), Policy(identity=True)),
        ({1, 9}, {9, 1.0}, LOOSE),
        (1.0, 1.1, LOOSE),
        (math.inf, 1e308, Policy(float_rtol=0.9)),
        (1, 2, Policy(float_atol=1)),
        ({8, 0}, {0, 8.0}, Policy(order="all")),
        (2**4000, math.inf, Policy(types="numeric", float_rtol=0.5)),
        ({1: 2}, {1: 3}, Policy(order="none")),
        ({1: 2}, {2: 2}, Policy(order="none")),
    ],
)
def test_what_no_leniency_excuses(a: object, b: object, policy: Policy) -> None:
    assert compare(a, b, policy) is not None
    assert compare(b, a, policy) is not None


@pytest.mark.parametrize(("expected", "got", "said"), [
    (0.0, -0.0, "answer is -0.0, expected 0.0"),
    ([[1], [2]], [[1], [3]], "answer[1][0] is 3, expected 2"),
    ({"a": Box([1, "x"])}, {"a": Box([1, "y"])}, "answer['a'].item[1] is 'y', expected 'x'"),
    ([1, 2], (1, 2), "answer is tuple (1, 2), expected list [1, 2]"),
    ([1], [1, 2], "answer has 2 items, expected 1"),
    ({"a": 1, "b": 2}, {"b": 2, "a": 1}, "answer has its keys in another order: 'b' where 'a' is expected"),
    (np.zeros((2, 3)), np.eye(2, 3), "answer[(0, 0)] is 1.0, expected 0.0"),
    ({1}, {2}, "answer is {2}, expected {1}"),
    (Point(1), Liar(1), f"answer is {PAIRS}.Liar <Liar>, expected {PAIRS}.Point <Point>"),
    (2**200, 2**200 + 1, "answer is an int of 201 bits, expected an int of 201 bits"),
    ({}, [], "answer is list [], expected dict {}"),
])  # fmt: skip
def test_where_and_how_they_differ_first(expected: object, got: object, said: str) -> None:
    found = compare(expected, got)
    assert str(found) == said


class Alarm:
    """Raises whatever anybody asks of it."""

    def __init__(self) -> None:
        object.__setattr__(self, "inner", [1])

    def _ring(self, *args: object, **kwargs: object) -> Any:
        raise AssertionError("code of a compared object ran")

    __eq__ = __ne__ = __hash__ = __len__ = __iter__ = __bool__ = __getattr__ = __repr__ = __str__ = _ring
    __reduce_ex__ = __reduce__ = __getstate__ = __deepcopy__ = __copy__ = __sizeof__ = __dir__ = __format__ = _ring
    __contains__ = __getitem__ = __lt__ = __index__ = __float__ = __array__ = __call__ = _ring

    def __getattribute__(self, name: str) -> Any:
        raise AssertionError(f"{name} of a compared object was asked for")

    @property
    def __class__(self) -> Any:  # pyright: ignore[reportIncompatibleMethodOverride]
        raise AssertionError("__class__ was asked for")


class AlarmedType(type):
    def __getattribute__(cls, name: str) -> Any:
        raise AssertionError(f"{name} of a class was asked for")

    def __eq__(cls, other: object) -> bool:
        raise AssertionError("a class was compared")

    def __hash__(cls) -> int:
        raise AssertionError("a class was hashed")


class Masked:
    """Hides its state behind a property."""

    __dict__ = property(lambda _: {})  # type: ignore[assignment]


def test_no_code_of_an_object_runs() -> None:
    with pytest.raises(AssertionError):  # the control: the alarm works
        repr(Alarm())
    one, other = Alarm(), Alarm()
    assert compare([one], [other]) is None
    assert compare({"k": one}, {"k": other}, Policy(order="none", identity=True)) is None
    object.__setattr__(other, "inner", [2])
    assert str(compare([one], [other])) == "answer[0].inner[0] is 2, expected 1"
    hostile: Any = AlarmedType("Hostile", (), {"__slots__": ("x",)})
    a, b = type.__call__(hostile), type.__call__(hostile)
    assert compare(a, b) is None
    assert compare([a] * 20, [b] * 20) is None
    assert compare(a, Alarm()) is not None
    assert compare({1: a}, {1: one}, Policy(order="none", types="numeric")) is not None


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (object(), object()),
        (threading.Lock(), threading.Lock()),
        ((n for n in ()), (n for n in ())),
        (iter([1]), iter([1])),
        (lambda: 1, lambda: 1),
        (Masked(), Masked()),
        (np.random.default_rng(1), np.random.default_rng(1)),
        (Box(object()), Box(object())),
    ],
)
def test_what_cannot_be_looked_into_is_not_the_same(a: object, b: object) -> None:
    found = compare(a, b)
    assert found is not None
    assert not found.compared


def deep(levels: int, leaf: object) -> object:
    value: object = leaf
    for _ in range(levels):
        value = [value]
    return value


def deep_objects(levels: int, leaf: object) -> object:
    value: object = leaf
    for _ in range(levels):
        value = Box(value)
    return value


def frozensets(levels: int) -> frozenset[object]:
    value = frozenset[object]()
    for _ in range(levels):
        value = frozenset[object]([value])
    return value


def test_bounded_in_depth_and_size() -> None:
    began = time.process_time()
    assert compare(deep(100_000, 1), deep(100_000, 1)) is None
    assert "more" in str(compare(deep(100_000, 1), deep(100_000, 2)))
    assert compare(deep_objects(20_000, 1), deep_objects(20_000, 2)) is not None
    assert compare(dag(200, 1), dag(200, 1)) is None
    assert compare(list(range(10**6)), list(range(10**6))) is None
    huge = compare(deep(10**6, 1), deep(10**6, 1), limit=100_000)
    assert huge is not None
    assert not huge.compared
    nested, copy = frozensets(200), frozensets(200)
    found = compare(nested, copy)
    assert found is not None
    assert not found.compared
    assert time.process_time() - began < 60


def test_a_set_of_liars_is_bounded() -> None:
    a, b = [Point(n) for n in range(300)], [Point(n) for n in range(300)]
    assert compare(set(a), set(b)) is None
    b[5].x = -1
    assert compare(set(a), set(b)) is not None


@pytest.mark.parametrize(("wrong", "said"), [
    ({"float_rtol": 1.0}, "float_rtol is 1.0"), ({"float_atol": -1.0}, "float_atol is -1.0"),
    ({"float_atol": math.nan}, "float_atol is nan"), ({"float_rtol": math.inf}, "float_rtol is inf"),
        ({"identity": True, "objects": "refuse"}, "keeps no identities"),
])  # fmt: skip
def test_a_policy_that_cannot_be(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        Policy(**wrong)
