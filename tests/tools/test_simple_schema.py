from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from cambrian.tools.schema import Schema
from cambrian.tools.simple_schema import Simple

KINDS = ("string", "integer", "number", "boolean", "null", "array", "object")
VALUES = st.sampled_from([None, True, 0, 1, 1.0, 1.5, "", "x", [], [1], {}, {"a": 1}])


@st.composite
def schemas(draw: st.DrawFn) -> dict[str, Any]:
    names = draw(st.lists(st.sampled_from("abc"), unique=True))
    properties = {name: {"type": draw(st.sampled_from(KINDS)), "title": "T"} for name in names}
    return {
        "type": "object",
        "properties": properties,
        "required": draw(st.lists(st.sampled_from("abc"), unique=True)),
        "additionalProperties": False,
    }


@given(schema=schemas(), value=st.dictionaries(st.sampled_from("abcd"), VALUES))
def test_what_fits_here_fits_for_jsonschema(schema: dict[str, Any], value: dict[str, Any]) -> None:
    simple = Simple.of(schema)
    assert simple is not None
    valid = bool(Draft202012Validator(schema).is_valid(value))  # pyright: ignore[reportUnknownMemberType]
    assert valid or not simple.fits(value)
    assert (Schema(schema).problem(value) == "") == valid


def test_the_common_case_is_found() -> None:
    schema = {"type": "object", "properties": {"n": {"type": "integer", "default": 1}}, "additionalProperties": False}
    simple = Simple.of(schema)
    assert simple is not None
    assert simple.fits({"n": 3})
    assert simple.fits({})


@pytest.mark.parametrize("value", [None, [], {"n": True}, {"n": 1.0}, {"n": "1"}, {"m": 1}, type("D", (dict,), {})()])
def test_what_is_not_plain_is_left_to_jsonschema(value: object) -> None:
    simple = Simple.of({"type": "object", "properties": {"n": {"type": "integer"}}})
    assert simple is not None
    assert not simple.fits(value)


@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"type": ["object"]},
        {"type": "object", "minProperties": 1},
        {"type": "object", "properties": {"n": {"type": "integer", "minimum": 0}}},
        {"type": "object", "properties": {"n": {"type": ["integer", "null"]}}},
        {"type": "object", "properties": {"n": {"type": "whole"}}},
        {"type": "object", "properties": {"n": True}},
        {"type": "object", "properties": {"n": {"$ref": "#"}}},
        {"type": "object", "properties": []},
        {"type": "object", "required": "n"},
        {"$schema": "http://json-schema.org/draft-04/schema#", "type": "object"},
    ],
)
def test_what_asks_for_more_is_not_simple(schema: dict[str, Any]) -> None:
    assert Simple.of(schema) is None
