"""Tools, annotations: Python types to JSON Schema (draft 2020-12), and JSON values to what a type asks for. Pure.

msgspec does both for scalars, unions, `Literal`, enumerations, lists, tuples, sets, dicts, `TypedDict`, `NamedTuple`,
dataclasses, dates, `Decimal`, UUIDs, bytes and its own structs; pydantic does it for its models, if there are any.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, cast, get_args, get_origin

import msgspec

from cambrian.core.errors import CodecError, UsageError

__all__ = ["annotated_text", "convert", "schemas"]

_REFERENCES = "#/$defs/{name}"


def schemas(annotations: Sequence[object]) -> tuple[list[dict[str, object]], dict[str, object]]:
    """JSON Schemas of some types.

    Args:
        annotations: types; `inspect.Parameter.empty` and `object` are anything.

    Returns:
        One schema per type, and the ``$defs`` that they refer to by name.

    Raises:
        UsageError: a type has no JSON form.
    """
    definitions: dict[str, object] = {}

    def hook(kind: type) -> dict[str, object]:
        if kind is object:
            return {}
        model = _pydantic_schema(kind)
        if model is None:
            raise NotImplementedError
        for name, each in cast("dict[str, object]", model.pop("$defs", {})).items():
            _define(definitions, name, each)
        return model

    kinds = [_anything(each) for each in annotations]
    try:
        found, components = msgspec.json.schema_components(kinds, schema_hook=hook, ref_template=_REFERENCES)
    except TypeError as error:
        raise UsageError(_reason(error)) from None
    for name, each in components.items():
        _define(definitions, name, each)
    return [cast("dict[str, object]", each) for each in found], definitions


def convert(value: object, annotation: object) -> object:
    """The Python value that a JSON value stands for where a parameter is annotated so.

    Raises:
        CodecError: it stands for none.
    """
    try:
        return cast("object", msgspec.convert(value, _anything(annotation), dec_hook=_decode))
    except msgspec.ValidationError as error:
        raise CodecError(str(error)) from None


def annotated_text(annotation: object) -> str:
    """The description in ``Annotated[int, "what it is"]``; "" if there is none."""
    if get_origin(annotation) is not Annotated:
        return ""
    return next((each for each in get_args(annotation)[1:] if isinstance(each, str)), "")


def _anything(annotation: object) -> Any:  # what msgspec takes: any type
    return Any if annotation is inspect.Parameter.empty or annotation is object else annotation


def _define(definitions: dict[str, object], name: str, schema: object) -> None:
    if definitions.setdefault(name, schema) != schema:
        raise UsageError(f"two types are called {name!r}; rename one of them")


def _pydantic_schema(kind: type) -> dict[str, object] | None:
    make = getattr(kind, "model_json_schema", None)
    if not callable(make):
        return None
    return dict(cast("Callable[..., Mapping[str, object]]", make)(ref_template="#/$defs/{model}"))


def _decode(kind: type, value: object) -> object:
    if kind is object:
        return value
    validate = getattr(kind, "model_validate", None)
    if not callable(validate):
        raise NotImplementedError(f"{kind!r} has no JSON form")
    return validate(value)


def _reason(error: TypeError) -> str:
    """Msgspec's words without its advice, which is for those who call msgspec."""
    text = str(error)
    unsupported = re.search(r"type (.+) is not supported", text)
    if "more than one" in text:
        return f"{text.splitlines()[0]}; use one dataclass with optional fields, or msgspec structs with tags"
    what = unsupported[1] if unsupported else text.splitlines()[0]
    return f"{what} has no JSON form; use numbers, text, lists, dicts, dataclasses or TypedDicts"
