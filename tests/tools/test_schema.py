"""Arguments against schemas: what fits, what is said about what does not, and what an enemy cannot do with it."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cambrian.core.tool import Call, Tool
from cambrian.tools.schema import MAX_ARGUMENTS, Schema, bind, signature

ADD = Tool(
    name="add",
    parameters={
        "type": "object",
        "properties": {"a": {"type": "integer"}, "b-c": {"type": "integer"}, "mode": {"enum": ["x", "y"]}},
        "required": ["a"],
    },
)


def problem(tool: Tool, *args: object, **kwargs: object) -> str:
    return bind(tool, Call(id=0, tool=tool.name, args=list(args), kwargs=kwargs)).problem


def test_positional_arguments_follow_the_properties_order() -> None:
    assert bind(ADD, Call(id=0, tool="add", args=[1, 2])).arguments == {"a": 1, "b-c": 2}
    assert bind(ADD, Call(id=0, tool="add", args=[1], kwargs={"b_c": 2})).arguments == {"a": 1, "b-c": 2}
    assert bind(ADD, Call(id=0, tool="add", args=[1], kwargs={"b-c": 2})).arguments == {"a": 1, "b-c": 2}


def test_signature_in_one_line() -> None:
    assert signature(ADD) == 'add(a: integer, b-c: integer = …, mode: "x" | "y" = …)'


@pytest.mark.parametrize(("args", "kwargs", "words"), [
    ([1, 2, "x", 4], {}, "takes at most 3 positional arguments, 4 were given"),
    ([1], {"a": 1}, "the argument 'a' was given twice"),
    ([1], {"d": 1}, "it has no parameter 'd'"),
    ([], {"b-c": 1}, "the argument 'a' is missing"),
    ([float("nan")], {}, "not a JSON value"),
    ([{1, 2}], {}, "not a JSON value"),
    (["x" * MAX_ARGUMENTS], {}, "at most 1048576 are allowed"),
])  # fmt: skip
def test_what_does_not_fit_is_told_with_the_form_of_the_call(
    args: list[object], kwargs: dict[str, object], words: str
) -> None:
    said = problem(ADD, *args, **kwargs)
    assert words in said
    assert said.startswith("add() does not fit: ")
    assert said.endswith(f"its form is {signature(ADD)}")
    assert len(said) < 500


def test_an_object_given_alone_is_explained() -> None:
    save = Tool(name="save", parameters={"properties": {"doc": {"type": "object"}}, "required": ["doc"]})
    assert "save({doc: {…}})" in problem(save, title="x")


@pytest.mark.parametrize(("extra", "fits"), [
    ({}, False),
    ({"additionalProperties": False}, False),
    ({"additionalProperties": {"type": "integer"}}, True),
    ({"patternProperties": {"^z": {}}}, True),
    ({"anyOf": [{"required": ["z"]}]}, True),
])  # fmt: skip
def test_other_names_are_let_in_only_where_the_schema_says_so(extra: dict[str, object], fits: bool) -> None:
    tool = Tool(name="t", parameters={"properties": {"a": {}}, **extra})
    assert (problem(tool, z=1) == "") is fits
    assert problem(Tool(name="t", parameters={"type": "object"}), z=1) == ""


@pytest.mark.parametrize(("schema", "value", "words"), [
    ({"properties": {"a": {"type": "integer"}}}, {"a": "1"}, "arguments['a']: '1' is not of type 'integer'"),
    ({"properties": {"a": {"items": {"minimum": 3}}}}, {"a": [4, 2]}, "arguments['a'][1]: 2 is less than"),
    ({"$defs": {"P": {"required": ["x"]}}, "properties": {"a": {"$ref": "#/$defs/P"}}}, {"a": {}}, "'x' is a required"),
    ({"properties": {"a": {"uniqueItems": True}}}, {"a": [1, 2, 1]}, "equal members"),
    ({"additionalProperties": False}, {"a": 1}, "'a' was unexpected"),
    ({"type": "nonsense"}, {}, "the tool's own schema is no valid JSON Schema"),
    ({"$schema": "http://json-schema.org/draft-07/schema#", "dependencies": {"a": ["b"]}}, {"a": 1}, "'b' is a depen"),
])  # fmt: skip
def test_problems(schema: dict[str, object], value: object, words: str) -> None:
    compiled = Schema(schema)
    assert words in compiled.problem(value)
    assert words in compiled.problem(value), "the second time, too"


def test_references_lead_nowhere_outside() -> None:
    remote = Schema({"$ref": "http://127.0.0.1:1/schema.json"})
    assert "refers to something outside itself" in remote.problem({})
    assert "refers to something outside itself" in Schema({"$ref": "file:///etc/passwd"}).problem({})


CATASTROPHIC = "(a+)+$"
BAIT = "a" * 24 + "!"


@pytest.mark.parametrize("schema", [
    {"properties": {"a": {"pattern": CATASTROPHIC}}},
    {"propertyNames": {"pattern": CATASTROPHIC}},
    {"patternProperties": {CATASTROPHIC: {}}, "additionalProperties": False},
    {"patternProperties": {CATASTROPHIC: {}}, "unevaluatedProperties": False},
    {"properties": {"a": {"$schema": "http://json-schema.org/draft-07/schema#", "pattern": CATASTROPHIC}}},
])  # fmt: skip
def test_no_pattern_is_matched_against_an_enemys_text(schema: dict[str, object]) -> None:
    compiled = Schema(schema)
    compiled.problem({"a": "x"})  # imports jsonschema
    started = time.process_time()
    assert compiled.problem({"a": BAIT, BAIT: 1}) == ""
    assert time.process_time() - started < 0.5


def test_that_pattern_would_take_long() -> None:
    started = time.process_time()
    assert re.search(CATASTROPHIC, BAIT) is None
    assert time.process_time() - started > 0.5


def test_many_members_are_compared_in_linear_time() -> None:
    members: list[object] = [{"n": number} for number in range(20_000)]
    started = time.process_time()
    assert Schema({"properties": {"a": {"uniqueItems": True}}}).problem({"a": members}) == ""
    assert time.process_time() - started < 5


def test_deep_values_and_recursive_schemas() -> None:
    deep: object = 1
    for _ in range(900):
        deep = [deep]
    schema = Schema({"$defs": {"T": {"items": {"$ref": "#/$defs/T"}}}, "properties": {"a": {"$ref": "#/$defs/T"}}})
    assert "too deeply" in schema.problem({"a": deep})
    assert schema.problem({"a": [[1]]}) == ""


@given(st.dictionaries(st.sampled_from(["a", "b-c", "mode"]), st.integers(), min_size=1))
def test_arguments_by_name_arrive_as_they_are(kwargs: dict[str, object]) -> None:
    binding = bind(ADD, Call(id=0, tool="add", kwargs=kwargs))
    assert binding.problem or binding.arguments == kwargs
    assert ("'a' is missing" in binding.problem) == ("a" not in kwargs)
