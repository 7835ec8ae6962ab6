"""Pairs of values whose verdict is known: what only looks the same, and what only looks different."""

from __future__ import annotations

import array
import collections
import datetime as dt
import decimal
import enum
import fractions
import importlib
import importlib.util
import math
import pathlib
import re
import types
import uuid
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

BIG = 10**5000


class Colour(enum.Enum):
    RED = 1
    BLUE = 2


class Bits(enum.IntFlag):
    A = 1
    B = 2


class Point:
    def __init__(self, x: object, y: object = 0) -> None:
        self.x, self.y = x, y


class Slotted:
    __slots__ = ("a", "b")

    def __init__(self, **given: object) -> None:
        for name, value in given.items():
            setattr(self, name, value)


@dataclass
class Box:
    item: object


class Spot(NamedTuple):
    x: object
    y: object


class Other(NamedTuple):
    x: object
    y: object


class Liar:
    """Says that it equals everything."""

    def __init__(self, value: object) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 1


class Denier(Liar):
    """Says that it equals nothing, itself included."""

    def __eq__(self, other: object) -> bool:
        return False

    __hash__ = Liar.__hash__


class Bag(list[Any]):
    """A list that lies about its length and its items."""

    def __len__(self) -> int:
        return 0

    def __iter__(self) -> Any:
        return iter(())

    def __getitem__(self, index: Any) -> Any:
        return 7


class Odd(dict[Any, Any]):
    def items(self) -> Any:
        return []


class Million(int):
    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = int.__hash__


class Angles(np.ndarray[Any, Any]):
    """An array of a class of its own."""

    def __eq__(self, other: object) -> Any:
        return True

    __hash__ = None

    def __array_finalize__(self, obj: object) -> None:
        self.unit = "rad"


class Text(str):
    __slots__ = ("note",)


def cyclic(last: object) -> list[object]:
    loop: list[object] = [1, last]
    loop.append(loop)
    return loop


def shared() -> list[list[int]]:
    inner = [1]
    return [inner, inner]


def dag(depth: int, leaf: object) -> object:
    node: object = [leaf]
    for _ in range(depth):
        node = [node, node]
    return node


def raised(*args: object, cause: BaseException | None = None) -> ValueError:
    error = ValueError(*args)
    error.__cause__ = cause
    return error


def node(value: object) -> Point:
    point = Point(value)
    point.y = point
    return point


def structured(x: float, n: int) -> object:
    return np.array([(x, n)], dtype=[("x", "f8"), ("n", "i4")])


def objects(*items: object) -> object:
    made = np.empty(len(items), dtype=object)
    made[:] = items
    return made


NAIVE = dt.datetime(2026, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)
NAT = np.datetime64("NaT", "D")
A = np.arange(6.0)

DIFFERENT: list[tuple[object, object]] = [
    # the research's tricky pairs
    (1, True),
    (1, 1.0),
    (0.0, -0.0),
    (math.nan, 1.0),
    ([math.nan], [1.0]),
    ({1: 0}, {True: 0}),
    (np.int32(1), np.int64(1)),
    (np.array([1], "i4"), np.array([1], "i8")),
    (b"a", bytearray(b"a")),
    ({1}, frozenset({1})),
    (Point(1), Point(2)),
    (Liar(1), Liar(2)),
    (1.0, 1.0 + 1e-12),
    (0.1 + 0.2, 0.3),
    ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
    (ValueError("a"), ValueError("b")),
    ("/tmp/a1", "/tmp/b2"),
    ([1, 2], (1, 2)),
    # numbers
    (0, False),
    (1 + 0j, 1.0),
    (complex(0.0, -0.0), 0j),
    (math.inf, -math.inf),
    (BIG, BIG + 1),
    (decimal.Decimal("1.0"), decimal.Decimal("1.00")),
    (decimal.Decimal(1), 1),
    (fractions.Fraction(1, 2), 0.5),
    (Million(1), Million(2)),
    (Million(1), 1),
    (2**53, float(2**53)),
    # text and bytes
    ("e\u0301", "\u00e9"),
    ("a", "a\0"),
    ("\ud800", "\udfff"),
    ("a", b"a"),
    (Text("a"), Text("b")),
    ("", b""),
    (b"a", memoryview(b"a")),
    # containers
    ([1, 2, 3], [1, 2]),
    ([], ()),
    ([], {}),
    ({1, 2}, {1, 3}),
    ({1}, {True}),
    ({0.0}, {-0.0}),
    (set[int](), set[str]([""])),
    ({(1, 2.0)}, {(1, 2)}),
    ({"a": None}, {}),
    ({"a": [1]}, {"a": (1,)}),
    (range(3), range(4)),
    (range(0), range(1, 1)),
    (slice(1), slice(2)),
    (Spot(1, 2), (1, 2)),
    (Spot(1, 2), Other(1, 2)),
    (Spot(1, 2), Spot(1, 2.0)),
    (collections.deque([1], 2), collections.deque([1], 3)),
    (collections.deque([1]), [1]),
    (collections.OrderedDict(a=1, b=2), collections.OrderedDict(b=2, a=1)),
    (collections.OrderedDict(a=1), {"a": 1}),
    (collections.Counter("ab"), collections.Counter("abb")),
    (collections.Counter("a"), {"a": 1}),
    (collections.defaultdict(int, a=1), collections.defaultdict(list, a=1)),
    (array.array("i", [1]), array.array("q", [1])),
    (Bag([1]), Bag([2])),
    (Bag([1]), [1]),
    (Odd(a=1), Odd(a=2)),
    ({"a": 1}.keys(), {"b": 1}.keys()),
    # objects
    (Point(1), Box(1)),
    (Box(1), Box(True)),
    (Box([1]), Box([2])),
    (Slotted(a=1), Slotted(b=1)),
    (Slotted(a=1), Slotted(a=2)),
    (Slotted(a=1), Slotted()),
    (Colour.RED, Colour.BLUE),
    (Colour.RED, 1),
    (Bits.A, Bits.B),
    (Bits.A, 1),
    (Denier(1), Denier(2)),
    (types.SimpleNamespace(a=1), types.SimpleNamespace(a=2)),
    (int, bool),
    (Point, Box),
    (math, re),
    (None, Ellipsis),
    (NotImplemented, None),
    (uuid.UUID(int=1), uuid.UUID(int=2)),
    (pathlib.PurePath("a"), pathlib.PurePath("b")),
    (pathlib.PurePosixPath("a"), "a"),
    (re.compile("a"), re.compile("a", re.IGNORECASE)),
    # times
    (NAIVE, dt.datetime(2026, 1, 1, tzinfo=dt.UTC)),
    (NAIVE, dt.date(2026, 1, 1)),
    (NAIVE, NAIVE.replace(fold=1)),
    (dt.time(1), dt.time(2)),
    (dt.timedelta(1), dt.timedelta(2)),
    (dt.UTC, dt.timezone(dt.timedelta(hours=1))),
    (dt.datetime(2026, 1, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=1))), dt.datetime(2026, 1, 1, 0, tzinfo=dt.UTC)),
    # exceptions
    (ValueError(1), TypeError(1)),
    (ValueError(1), ValueError(True)),
    (raised(cause=KeyError(1)), raised()),
    (OSError(2, "no", "a"), OSError(2, "no", "b")),
    (ExceptionGroup("g", [ValueError(1)]), ExceptionGroup("g", [ValueError(2)])),
    (KeyboardInterrupt(), SystemExit()),
    (SystemExit(1), SystemExit(2)),
    # cycles
    (cyclic(1), cyclic(2)),
    (node(1), node(2)),
    (dag(60, 1), dag(60, 2)),
    (cyclic(1), [1, 1, [1, 1, None]]),
    # arrays
    (np.zeros((2, 1)), np.zeros((1, 2))),
    (np.zeros(2), np.array([0.0, -0.0])),
    (np.zeros(2), [0.0, 0.0]),
    (np.float64(1), 1.0),
    (np.zeros(2, ">f8"), np.zeros(2, "<f8")),
    (np.float32(1), np.float64(1)),
    (np.bool_(True), True),
    (np.array([NAT]), np.array(["2026-01-01"], "M8[D]")),
    (np.array(["2026-01-01"], "M8[D]"), np.array(["2026-01-01"], "M8[s]")),
    (np.array(["a"]), np.array(["b"])),
    (np.array(["a"]), np.array(["a"], "U2")),
    (structured(1.0, 2), structured(1.0, 3)),
    (objects(1, "a"), objects(True, "a")),
    (objects([1]), objects([2])),
    (np.array(1.0), np.float64(1)),
    (np.ma.array([1, 2], mask=[False, True]), np.ma.array([1, 2], mask=[True, False])),
    (np.array([1 + 2j]), np.array([1 + 3j])),
    (np.array([1]).view(Angles), np.array([1])),
    (np.array([1]).view(Angles), np.array([2]).view(Angles)),
    (np.dtype("i4").type(1), 1),
]
"""Strictly not the same."""

SAME: list[tuple[object, object]] = [
    (math.nan, float("nan")),
    ([math.nan], [-float("nan")]),
    (complex(math.nan, 1), complex(math.nan, 1)),
    ({math.nan}, {float("nan")}),
    (Point(1, [2]), Point(1, [2])),
    (Liar(1), Liar(1)),
    (Denier(1), Denier(1)),
    (Box(Point(1)), Box(Point(1))),
    (Slotted(a=1, b=2), Slotted(b=2, a=1)),
    (Slotted(), Slotted()),
    (Colour.RED, Colour.RED),
    (BIG, BIG * 1),
    ({1, 2, 3}, {3, 2, 1}),
    ({(1, "a"), (2, "b")}, {(2, "b"), (1, "a")}),
    ({Liar(1), Liar(1)}, {Liar(1)}),
    ({frozenset({1}), frozenset({2})}, {frozenset({2}), frozenset({1})}),
    ({Denier(1), Denier(2)}, {Denier(2), Denier(1)}),
    (decimal.Decimal("NaN"), decimal.Decimal("NaN")),
    (decimal.Decimal("sNaN"), decimal.Decimal("sNaN")),
    (fractions.Fraction(2, 4), fractions.Fraction(1, 2)),
    (cyclic(1), cyclic(1)),
    (node(1), node(1)),
    (dag(60, 1), dag(60, 1)),
    (cyclic(1), [1, 1, cyclic(1)]),
    (shared(), [[1], [1]]),
    (Bag([1, 2]), Bag([1, 2])),
    (Odd(a=1), Odd(a=1)),
    (Million(3), Million(3)),
    (collections.defaultdict(list, a=1), collections.defaultdict(list, a=1)),
    (collections.Counter("ab"), collections.Counter("ab")),
    (ValueError("a", [1]), ValueError("a", [1])),
    (raised(cause=KeyError(1)), raised(cause=KeyError(1))),
    (Spot(1, 2), Spot(1, 2)),
    (dt.datetime(2026, 1, 1, tzinfo=dt.UTC), dt.datetime(2026, 1, 1, tzinfo=dt.UTC)),
    (uuid.UUID(int=1), uuid.UUID(int=1)),
    (pathlib.PurePath("a/b"), pathlib.PurePath("a", "b")),
    (re.compile("a"), re.compile("a")),
    (int, int),
    (math, math),
    (np.array([1.0, math.nan]), np.array([1.0, math.nan])),
    (A[::2], A[::2].copy()),
    (A.reshape(2, 3).T, A.reshape(2, 3).T.copy()),
    (np.array([NAT]), np.array([NAT])),
    (structured(math.nan, 1), structured(math.nan, 1)),
    (objects(1, [2]), objects(1, [2])),
    (np.float64("nan"), np.float64("nan")),
    (np.array([], "f8"), np.array([], "f8")),
    (np.array(["a"]), np.array(["a"])),
    (np.ma.array([1, 2], mask=[False, True]), np.ma.array([1, 2], mask=[False, True])),
    (range(3), range(3)),
    ("\ud800", "\ud800"),
    (types.SimpleNamespace(a=1, b=2), types.SimpleNamespace(b=2, a=1)),
    (memoryview(b"a"), memoryview(b"a")),
    (np.array([1]).view(Angles), np.array([1]).view(Angles)),
    (np.longdouble(1) / 3, np.longdouble(1) / 3),
    (Text("a"), Text("a")),
    (bytearray(b"a"), bytearray(b"a")),
]
"""Strictly the same."""


def _frames() -> tuple[list[tuple[object, object]], list[tuple[object, object]]]:
    """The same of pandas, where it is installed: the comparison takes it as it finds it."""
    pd: Any = importlib.import_module("pandas")
    one = pd.DataFrame({"a": [1, 2], "b": ["x", None]})
    cat = pd.Series(["a", "b"], dtype="category")
    tagged = one.copy()
    tagged.attrs["unit"] = "m"
    different: list[tuple[object, object]] = [
        (one, one.astype({"a": "int32"})),
        (one, one.rename(columns={"a": "c"})),
        (one, one.set_index("a")),
        (one, tagged),
        (one, one.iloc[::-1]),
        (one, one[["b", "a"]]),
        (cat, cat.astype(str)),
        (pd.Index([1], name="i"), pd.Index([1], name="j")),
        (cat, cat.cat.add_categories("c")),
        (cat, cat.cat.as_ordered()),
        (pd.NA, pd.NaT),
        (pd.NaT, None),
        (pd.Series([1, None], dtype="Int64"), pd.Series([1.0, None])),
        (pd.Timestamp("2026-01-01"), pd.Timestamp("2026-01-01", tz="UTC")),
        (pd.Series([1, None], dtype="Int64"), pd.Series([1, 2], dtype="Int64")),
        (one, one.to_dict()),
        (pd.MultiIndex.from_product([[1], [2, 3]]), pd.MultiIndex.from_product([[1], [2, 4]])),
        (pd.RangeIndex(3), pd.Index([0, 1, 2])),
        (pd.Interval(0, 1), pd.Interval(0, 1, "left")),
        (pd.date_range("2026", periods=2), pd.date_range("2025", periods=2)),
        (pd.Timedelta(1), pd.Timedelta(2)),
    ]
    same: list[tuple[object, object]] = [
        (one, one.copy()),
        (cat, cat.copy()),
        (pd.NaT, pd.NaT),
        (pd.NA, pd.NA),
        (tagged, tagged.copy()),
        (pd.Series([1, None], dtype="Int64"), pd.Series([1, None], dtype="Int64")),
        (pd.RangeIndex(3), pd.RangeIndex(3)),
        (pd.date_range("2026", periods=2), pd.date_range("2026", periods=2)),
        (one, pd.concat([one[:1], one[1:]])),
        (pd.MultiIndex.from_product([[1], [2, 3]]), pd.MultiIndex.from_tuples([(1, 2), (1, 3)])),
    ]
    return different, same


if importlib.util.find_spec("pandas") is not None:
    more_different, more_same = _frames()
    DIFFERENT.extend(more_different)
    SAME.extend(more_same)
