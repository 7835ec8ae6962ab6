"""What becomes of Python values, and what has no plain form."""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import enum
import json
import uuid
from collections import deque
from pathlib import PurePosixPath
from typing import NamedTuple

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from cambrian.core.errors import CodecError
from cambrian.tools.plain import json_size, to_plain


class Colour(enum.Enum):
    RED = "red"


@dataclasses.dataclass
class Point:
    x: int
    tags: frozenset[str] = frozenset()


class Pair(NamedTuple):
    left: int
    right: str


class Packed(msgspec.Struct):
    when: datetime.date


class Model(BaseModel):
    name: str
    when: datetime.datetime


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_a_json_value_stays_as_it_is(value: object) -> None:
    assert to_plain(value) == value
    assert json_size(value) == len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


@pytest.mark.parametrize(("value", "plain"), [
    ((1, (2,)), [1, [2]]),
    (deque([1]), [1]),
    ({3, 1, 2}, [1, 2, 3]),
    ({"b", "a"}, ["a", "b"]),
    (Colour.RED, "red"),
    (Point(1, frozenset({"b", "a"})), {"x": 1, "tags": ["a", "b"]}),
    (Pair(1, "r"), {"left": 1, "right": "r"}),
    (Packed(datetime.date(2026, 1, 2)), {"when": "2026-01-02"}),
    (Model(name="n", when=datetime.datetime(2026, 1, 2)), {"name": "n", "when": "2026-01-02T00:00:00"}),  # noqa: DTZ001
    (datetime.timedelta(seconds=90), 90.0),
    (datetime.time(12, 30), "12:30:00"),
    (decimal.Decimal("1.10"), "1.10"),
    (uuid.UUID(int=0), "00000000-0000-0000-0000-000000000000"),
    (PurePosixPath("a/b"), "a/b"),
    (b"\x00\xff", "AP8="),
    (bytearray(b"a"), "YQ=="),
    ({1: "a", None: "b"}, {"1": "a", "null": "b"}),
    ({datetime.date(2026, 1, 2): 1}, {"2026-01-02": 1}),
    (np.arange(3), [0, 1, 2]),
    (np.float64(0.5), 0.5),
])  # fmt: skip
def test_plain_forms(value: object, plain: object) -> None:
    found = to_plain(value)
    assert found == plain
    json.dumps(found, allow_nan=False)


def looped() -> list[object]:
    value: list[object] = []
    value.append(value)
    return value


@pytest.mark.parametrize(("value", "words"), [
    ({"a": [1, object()]}, r"the result\['a'\]\[1\] is of type 'object'"),
    (float("nan"), "the result is nan"),
    (Point(float("inf")), r"the result\.x is inf"),  # pyright: ignore[reportArgumentType]
    ("\ud800", "lone surrogate"),
    (looped(), "contains itself"),
    ({1: "a", "1": "b"}, "two keys that both become '1'"),
    ({(1, 2): "a"}, "the key"),
    (lambda: None, "'function'"),
    (Model, "no JSON form"),
    (np.array([np.nan]), "nan"),
])  # fmt: skip
def test_what_has_no_plain_form(value: object, words: str) -> None:
    with pytest.raises(CodecError, match=words):
        to_plain(value)


def test_a_subclass_cannot_lie_about_itself_later() -> None:
    class Liar(str):
        __slots__ = ()

        def __len__(self) -> int:
            raise AssertionError

    found = to_plain(Liar("x"))
    assert type(found) is str
    assert found == "x"
