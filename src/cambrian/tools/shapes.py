"""Tools, shapes: what a JSON Schema says about a value, as far as a type of Python or TypeScript can say it. Pure.

What it cannot say (ranges, patterns, ``not``, several ``allOf``) becomes a wider type. Schemas come from servers, too:
nothing in one makes this fail, run long or nest deeper than 30.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, cast
from urllib.parse import unquote

import msgspec

from .naming import free_name, identifier, pascal
from .schema import properties, required

__all__ = ["Array", "Choice", "Field", "Named", "Record", "Row", "Scalar", "Shape", "ShapeReader", "Table", "Union"]

_DEPTH = 30
_READ = 5000  # schemas within schemas; references can make exponentially many of few
_MEMBERS = 100  # of a choice or a union; more of them say no more to a reader

Kind = Literal["any", "never", "null", "boolean", "integer", "number", "string"]
_KINDS: dict[object, Kind] = {
    "null": "null",
    "boolean": "boolean",
    "integer": "integer",
    "number": "number",
    "string": "string",
}


class Scalar(msgspec.Struct, frozen=True):
    """A value without parts, or anything, or nothing."""

    kind: Kind


class Choice(msgspec.Struct, frozen=True):
    """One of some scalars."""

    values: tuple[str | int | float | bool | None, ...]


class Union(msgspec.Struct, frozen=True):
    """One of several shapes."""

    parts: tuple[Shape, ...]


class Array(msgspec.Struct, frozen=True):
    """A list of equal members."""

    item: Shape


class Row(msgspec.Struct, frozen=True):
    """A list of so many members, each with a shape of its own."""

    items: tuple[Shape, ...]


class Table(msgspec.Struct, frozen=True):
    """An object whose keys are not known."""

    value: Shape


class Named(msgspec.Struct, frozen=True):
    """The record of that name."""

    name: str


Shape = Scalar | Choice | Union | Array | Row | Table | Named


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """A property of an object, or a parameter."""

    name: str
    shape: Shape
    required: bool
    description: str = ""


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """An object whose keys are known."""

    name: str
    fields: tuple[Field, ...]
    description: str = ""


ANY = Scalar("any")


class ShapeReader:
    """Reads the schemas of one tool; objects become records with names.

    Args:
        prefix: in front of the records' names, so that those of several tools do not meet.
    """

    def __init__(self, prefix: str = "") -> None:
        self._prefix = prefix
        self._root: Mapping[str, object] = {}
        self._referred: dict[str, str | None] = {}  # a reference → its record's name, or None while it is read
        self._left = _READ
        self.records: dict[str, Record] = {}

    def fields(self, schema: Mapping[str, object], name: str) -> tuple[Field, ...]:
        """The parameters that an object's schema describes, in order."""
        self._root, self._referred = schema, {}
        return self._fields(schema, name, 0)

    def shape(self, schema: Mapping[str, object], name: str) -> Shape:
        """A value's shape.

        Args:
            schema: JSON Schema, a document of its own.
            name: what it is; its records are named after it.
        """
        self._root, self._referred = schema, {}
        return self._read(schema, name, 0)

    def _fields(self, schema: Mapping[str, object], name: str, depth: int) -> tuple[Field, ...]:
        needed = set(required(schema))
        return tuple(
            Field(
                name=each,
                shape=self._read(part, f"{name} {each}", depth + 1),
                required=each in needed,
                description=_text(part, "description"),
            )
            for each, part in properties(schema).items()
        )

    def _read(self, given: object, name: str, depth: int) -> Shape:
        if given is False:
            return Scalar("never")
        self._left -= 1
        if not isinstance(given, dict) or depth > _DEPTH or self._left < 0:
            return ANY
        schema = cast("dict[str, object]", given)
        if "$ref" in schema:
            return self._refer(str(schema["$ref"]), name, depth)
        if "const" in schema or isinstance(schema.get("enum"), list):
            return _choice(schema)
        return self._alternatives(schema, name, depth) or self._one(schema, name, depth)

    def _alternatives(self, schema: dict[str, object], name: str, depth: int) -> Shape | None:
        kinds = schema.get("type")
        if isinstance(kinds, list):
            alone = [{**schema, "type": kind} for kind in cast("list[object]", kinds) if isinstance(kind, str)]
            return _union([self._read(each, name, depth + 1) for each in alone[:_MEMBERS]])
        for keyword in ("anyOf", "oneOf", "allOf"):
            parts = schema.get(keyword)
            if isinstance(parts, list) and parts:
                listed = cast("list[object]", parts)[:_MEMBERS]
                if keyword == "allOf" and len(listed) > 1:
                    return ANY
                return _union([self._read(each, name, depth + 1) for each in listed])
        return None

    def _one(self, schema: dict[str, object], name: str, depth: int) -> Shape:
        kind = schema.get("type")
        if kind == "object" or (kind is None and "properties" in schema):
            return self._object(schema, name, depth)
        if kind == "array":
            return self._array(schema, name, depth)
        return Scalar(_KINDS.get(kind, "any"))

    def _array(self, schema: dict[str, object], name: str, depth: int) -> Shape:
        first = schema.get("prefixItems")
        if isinstance(first, list) and first and schema.get("items") is False:
            return Row(tuple(self._read(each, name, depth + 1) for each in cast("list[object]", first)[:_MEMBERS]))
        return Array(self._read(schema.get("items", True), f"{name} item", depth + 1))

    def _object(self, schema: dict[str, object], name: str, depth: int) -> Shape:
        if not properties(schema):
            return Table(self._read(schema.get("additionalProperties") or True, f"{name} value", depth + 1))
        return Named(self._record(schema, free_name(self._name(name), self.records), depth))

    def _record(self, schema: dict[str, object], name: str, depth: int) -> str:
        self.records[name] = Record(name=name, fields=())  # holds the name while its fields are read
        fields = self._fields(schema, name.removeprefix(self._prefix), depth)
        self.records[name] = Record(name=name, fields=fields, description=_text(schema, "description"))
        return name

    def _refer(self, reference: str, name: str, depth: int) -> Shape:
        if reference in self._referred:
            known = self._referred[reference]
            return ANY if known is None else Named(known)
        target = _target(self._root, reference)
        if target is not None and properties(target) and target.get("type", "object") == "object":
            own = free_name(self._name(reference.rpartition("/")[2] or name), self.records)
            self._referred[reference] = own
            return Named(self._record(target, own, depth + 1))
        self._referred[reference] = None
        shape = self._read(target, name, depth + 1)
        del self._referred[reference]  # no record: written out wherever it is referred to
        return shape

    def _name(self, name: str) -> str:
        return identifier(self._prefix + pascal(name[-80:]))


def _target(root: Mapping[str, object], reference: str) -> dict[str, object] | None:
    """Where a JSON Pointer in a fragment leads (RFC 6901, section 6); `None` outside the schema."""
    if not reference.startswith("#"):
        return None
    found = cast("object", root)
    for part in unquote(reference[1:]).split("/")[1:]:
        if not isinstance(found, dict):
            return None
        found = cast("dict[str, object]", found).get(part.replace("~1", "/").replace("~0", "~"))
    return cast("dict[str, object]", found) if isinstance(found, dict) else None


def _choice(schema: dict[str, object]) -> Shape:
    values = [schema["const"]] if "const" in schema else cast("list[object]", schema["enum"])
    scalars = [each for each in values if each is None or isinstance(each, str | int | float | bool)]
    if len(scalars) < len(values) or not 0 < len(values) <= _MEMBERS:
        return ANY
    return Choice(tuple(scalars))


def _union(parts: list[Shape]) -> Shape:
    flat = [each for part in parts for each in (part.parts if isinstance(part, Union) else (part,))]
    distinct = tuple(dict.fromkeys(flat))
    if not distinct or ANY in distinct:
        return ANY
    return distinct[0] if len(distinct) == 1 else Union(distinct)


def _text(schema: object, name: str) -> str:
    found = cast("dict[str, object]", schema).get(name) if isinstance(schema, dict) else None
    return found if isinstance(found, str) else ""
