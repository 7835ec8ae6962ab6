"""The closed codec: everything of its table comes back, everything else is refused, and no enemy gets in."""

from __future__ import annotations

import json
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cambrian.core.codec import Shape, decode, encode
from cambrian.core.errors import CodecError


@given(st.binary(max_size=200))
def test_any_bytes_are_a_value_or_a_codec_error(data: bytes) -> None:
    try:
        decode(data)
    except CodecError:
        return


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("odtsfbnica"), inner, max_size=2),
    max_leaves=15,
)


@given(json_values)
def test_any_json_with_tags_is_a_value_or_a_codec_error(value: object) -> None:
    try:
        decode(json.dumps(value).encode())
    except CodecError:
        return


class Sneaky(float):
    """A float that could lie about itself."""


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (Sneaky(1.0), "Sneaky"),
        ([1, object()], r"value\[1\] is builtins.object"),
        ({"a": {1: print}}, r"value\['a'\]\[1\] is"),
        ("\ud800", "surrogate"),
        (lambda: 0, "function"),
    ],
)
def test_what_is_outside_the_table_is_refused_with_its_place(value: object, said: str) -> None:
    with pytest.raises(CodecError, match=said):
        encode(value)


def test_nesting_and_sizes_are_capped() -> None:
    deep: list[object] = []
    for _ in range(200):
        deep = [deep]
    with pytest.raises(CodecError, match="nested deeper"):
        encode(deep)
    with pytest.raises(CodecError, match="nested deeper"):
        decode(b"[" * 200_000)
    with pytest.raises(CodecError, match="at most 10"):
        encode("x" * 20, max_bytes=10)
    with pytest.raises(CodecError, match="at most 10"):
        decode(b'"' + b"x" * 20 + b'"', max_bytes=10)


def test_big_integers_cross_both_ways() -> None:
    for value in (10**3999, -(10**3999), 10**4300, -(10**4300)):
        assert decode(encode(value)) == value


def test_arrays_are_refused_where_none_are_taken() -> None:
    import numpy as np

    data = encode({"x": [np.arange(3)]})
    assert decode(data)
    with pytest.raises(CodecError, match="array"):
        decode(data, arrays=False)


@pytest.mark.parametrize("dtype", ["|O8", "object", "V8", "<U4", "datetime64[s]", "i4,i4"])
def test_only_arrays_of_numbers(dtype: str) -> None:
    with pytest.raises(CodecError):
        decode(json.dumps({"a": [dtype, [1], "AAAAAAAAAAA="]}).encode())


def test_an_array_whose_shape_lies() -> None:
    with pytest.raises(CodecError):
        decode(json.dumps({"a": ["<f8", [10**9, 10**9], "AAAAAAAAAAA="]}).encode())


def test_a_shape_crosses_where_it_is_asked_for_and_nowhere_else() -> None:
    data = encode([Shape("shop.Basket", ((".items", (1, 2)), ("", {"x": [1]})))])
    with pytest.raises(CodecError, match="a shape where none"):
        decode(data)
    with pytest.raises(CodecError, match="a shape where none"):
        decode(data.replace(b'{"x":["shop', b'{"\\u0078" :["shop'))
    [shape] = cast("list[object]", decode(data, shapes=True))
    assert type(shape) is Shape
    assert (shape.type, shape.parts) == ("shop.Basket", ((".items", (1, 2)), ("", {"x": [1]})))


@pytest.mark.parametrize("key", ["x", "a"])
def test_a_dict_whose_only_key_is_a_tag_is_a_dict(key: str) -> None:
    value = {key: [1, {key: [2]}]}
    assert decode(encode(value), arrays=False) == value


@pytest.mark.parametrize("text", ['{"x":[]}', '{"x":["a",[[1,2]]]}', '{"x":[1,[]]}', '{"x":["a",[1]]}', '{"x":["a"]}'])
def test_a_shape_that_lies(text: str) -> None:
    with pytest.raises(CodecError):
        decode(text.encode(), shapes=True)
