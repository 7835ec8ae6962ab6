"""Tools, schemas: whether a call's arguments are what the tool's JSON Schema asks for. Pure; never fetches anything.

JSON Schema draft 2020-12, or what the schema's own ``$schema`` names. The arguments come from an enemy and are checked
in this process, so what costs more than linear time is left to the tool: ``pattern``, ``patternProperties`` (a regular
expression can take exponential time) and ``unevaluatedProperties``/``Items``. A ``$ref`` leads nowhere but into the
schema itself.
"""

from __future__ import annotations

import functools
import importlib
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Protocol, cast

from cambrian.core.errors import CodecError
from cambrian.core.tool import Call, Tool

from .naming import identifier
from .plain import json_size
from .simple_schema import Simple

__all__ = ["MAX_ARGUMENTS", "Binding", "Schema", "bind", "signature"]

MAX_ARGUMENTS = 1 << 20
"""Bytes of JSON that the arguments of one call may take."""

_Errors = Iterator["_Error"]
_Keyword = Callable[["_Validator", object, object, Mapping[str, object]], _Errors]


class _Error(Protocol):
    message: str
    absolute_path: list[str | int]


class _Validator(Protocol):
    VALIDATORS: Mapping[str, _Keyword]

    def iter_errors(self, instance: object) -> _Errors: ...


class _ValidatorClass(Protocol):
    VALIDATORS: Mapping[str, _Keyword]

    def __call__(self, schema: object, *, registry: object) -> _Validator: ...

    def check_schema(self, schema: object) -> None: ...


class Schema:
    """A JSON Schema, compiled when it is first used: jsonschema takes 0.1 s to import.

    Args:
        schema: JSON Schema of an object.
    """

    def __init__(self, schema: Mapping[str, object]) -> None:
        self._schema = _one_dialect(dict(schema))
        self._simple = Simple.of(self._schema)
        self._validator: _Validator | None = None
        self._unusable = ""

    def problem(self, value: object) -> str:
        """What is wrong with a value, its place first; "" if nothing is."""
        if self._simple is not None and self._simple.fits(value):
            return ""
        if self._validator is None and not self._unusable:
            self._compile()
        if self._unusable or self._validator is None:
            return self._unusable
        try:
            error = next(self._validator.iter_errors(value), None)
            return "" if error is None else self._explain(value, error)
        except RecursionError:
            return "the arguments are nested too deeply for the tool's schema"
        except _unresolvable() as error:
            self._unusable = f"the tool's schema refers to something outside itself: {error}"
            return self._unusable

    def _compile(self) -> None:
        kind = _validator_class(self._schema)
        registry = importlib.import_module("referencing").Registry()
        try:
            kind.check_schema(self._schema)
        except (_schema_error(), RecursionError) as error:
            self._unusable = f"the tool's own schema is no valid JSON Schema: {str(error).splitlines()[0][:300]}"
        else:
            self._validator = kind(self._schema, registry=registry)

    def _explain(self, value: object, first: _Error) -> str:
        assert self._validator is not None  # problem() has compiled it
        error = _jsonschema().exceptions.best_match(self._validator.iter_errors(value)) or first
        place = "".join(f"[{part!r}]" for part in error.absolute_path)
        return f"{f'arguments{place}: ' if place else ''}{error.message[:500]}"


class Binding:
    """A call's arguments by name, or why they do not fit. Exactly one is there.

    Args:
        arguments: by the schema's own names.
        problem: for whoever wrote the call; "" if there is none.
    """

    __slots__ = ("arguments", "problem")

    def __init__(self, arguments: dict[str, object], problem: str = "") -> None:
        self.arguments = arguments
        self.problem = problem


def bind(tool: Tool, call: Call) -> Binding:
    """Put positional arguments to the parameters in the order of the schema's properties.

    A name that is no identifier may be given in the form that the stubs show (``a_b`` for ``a-b``).
    """
    names = list(properties(tool.parameters))
    problem = _too_much(call, len(names))
    bound = dict(zip(names, call.args, strict=False))
    for given, value in call.kwargs.items():
        name = _meant(given, names)
        if name in bound:
            problem = problem or f"the argument {name!r} was given twice"
        elif name not in names and not _open(tool.parameters):
            problem = problem or f"it has no parameter {given!r:.80}{_hint(tool, names)}"
        bound[name] = value
    missing = [name for name in required(tool.parameters) if name not in bound]
    if missing:
        problem = problem or f"the argument {missing[0]!r} is missing{_hint(tool, names)}"
    if problem:
        return Binding({}, f"{tool.name}() does not fit: {problem}; its form is {signature(tool)}")
    return Binding(bound)


def _too_much(call: Call, names: int) -> str:
    try:
        size = json_size([call.args, call.kwargs])
    except CodecError as error:
        return f"its arguments are {error}"
    if size > MAX_ARGUMENTS:
        return f"its arguments take {size} bytes of JSON; at most {MAX_ARGUMENTS} are allowed"
    if len(call.args) > names:
        return f"it takes at most {names} positional arguments, {len(call.args)} were given"
    return ""


def properties(schema: Mapping[str, object]) -> dict[str, object]:
    """Name → schema of an object schema's properties, in order."""
    found = schema.get("properties")
    return cast("dict[str, object]", found) if isinstance(found, dict) else {}


def required(schema: Mapping[str, object]) -> list[str]:
    """Names of the properties that must be there."""
    found = schema.get("required")
    return [str(name) for name in cast("list[object]", found)] if isinstance(found, list) else []


def signature(tool: Tool) -> str:
    """A tool's call in one line, as error messages show it: ``add(a: integer, b: integer = …)``."""
    needed = required(tool.parameters)
    parts = [
        f"{name}: {_kind(schema)}{'' if name in needed else ' = …'}"
        for name, schema in properties(tool.parameters).items()
    ]
    return f"{tool.name}({', '.join(parts)})"


def _kind(schema: object) -> str:
    found = cast("dict[str, object]", schema) if isinstance(schema, dict) else {}
    if isinstance(found.get("enum"), list):
        return " | ".join(json.dumps(each) for each in cast("list[object]", found["enum"])[:6])
    kind = found.get("type")
    if isinstance(kind, list):
        return " | ".join(str(each) for each in cast("list[object]", kind))
    return kind if isinstance(kind, str) else "object" if "$ref" in found else "any"


def _hint(tool: Tool, names: list[str]) -> str:
    """In JavaScript an object given alone is taken apart, which surprises where the tool wants one object."""
    if len(names) == 1 and _kind(properties(tool.parameters)[names[0]]) in {"object", "any"}:
        return f" (an object given alone stands for named arguments: {tool.name}({{{names[0]}: {{…}}}}))"
    return ""


def _meant(given: str, names: list[str]) -> str:
    if given in names:
        return given
    alike = [name for name in names if identifier(name) == given]
    return alike[0] if len(alike) == 1 else given


def _open(schema: Mapping[str, object]) -> bool:
    """Whether other names than the properties may be given. Where a schema says nothing, a typo is likelier."""
    more = schema.get("additionalProperties")
    if more is not None:
        return more is not False
    elsewhere = {"patternProperties", "allOf", "anyOf", "oneOf", "$ref", "if", "dependentSchemas"}
    return not properties(schema) or not elsewhere.isdisjoint(schema)


def _one_dialect(schema: dict[str, object]) -> dict[str, object]:
    """Without ``$schema`` below the root, which would bring back the keywords that are left out here."""

    def inner(value: object) -> object:
        if isinstance(value, dict):
            items = cast("dict[str, object]", value).items()
            return {name: inner(each) for name, each in items if name != "$schema" or not isinstance(each, str)}
        if isinstance(value, list):
            return [inner(each) for each in cast("list[object]", value)]
        return value

    return {name: each if name == "$schema" else inner(each) for name, each in schema.items()}


class _Jsonschema(Protocol):
    exceptions: _Exceptions
    validators: _Validators


class _Exceptions(Protocol):
    best_match: Callable[[_Errors], _Error | None]
    SchemaError: type[Exception]


class _Validators(Protocol):
    Draft202012Validator: _ValidatorClass
    validator_for: Callable[..., _ValidatorClass]
    extend: Callable[..., _ValidatorClass]


@functools.cache
def _jsonschema() -> _Jsonschema:
    """The library, untyped as it comes."""
    return cast("_Jsonschema", importlib.import_module("jsonschema"))


def _schema_error() -> type[Exception]:
    return _jsonschema().exceptions.SchemaError


def _unresolvable() -> type[Exception]:
    return cast("type[Exception]", importlib.import_module("referencing.exceptions").Unresolvable)


def _validator_class(schema: Mapping[str, object]) -> _ValidatorClass:
    found = _jsonschema().validators
    return _bounded(found.validator_for(schema, default=found.Draft202012Validator))


@functools.cache
def _bounded(kind: _ValidatorClass) -> _ValidatorClass:
    """The same dialect, with every keyword in at most linear time."""
    closed = kind.VALIDATORS["additionalProperties"]

    def nothing(_validator: _Validator, _value: object, _instance: object, _schema: Mapping[str, object]) -> _Errors:
        return iter(())

    def additional(validator: _Validator, value: object, instance: object, schema: Mapping[str, object]) -> _Errors:
        return iter(()) if "patternProperties" in schema else closed(validator, value, instance, schema)

    def unique(_validator: _Validator, value: object, instance: object, _schema: Mapping[str, object]) -> _Errors:
        if value and isinstance(instance, list):
            members = cast("list[object]", instance)
            if len({json.dumps(each, sort_keys=True) for each in members}) < len(members):
                error = importlib.import_module("jsonschema").ValidationError
                yield error("the array has equal members")

    left_out = ("pattern", "patternProperties", "unevaluatedProperties", "unevaluatedItems")
    changed: dict[str, _Keyword] = {name: nothing for name in left_out if name in kind.VALIDATORS}
    return _jsonschema().validators.extend(kind, {**changed, "additionalProperties": additional, "uniqueItems": unique})
