"""Tools, simple schemas: the common case, parameters of scalar types, where a look at the types says that a value fits.

jsonschema takes forty microseconds for what is decided here in two. Only ever says yes: whatever is not plainly fitting
here is for jsonschema to judge and to explain. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self, cast

__all__ = ["Simple"]

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
    "array": (list,),
    "object": (dict,),
}
"""Exact types; ``True`` is no integer, and whether 1.0 is one is for jsonschema to say."""
_SAYS_NOTHING = frozenset({"title", "description", "default"})
_PROPERTY = _SAYS_NOTHING | {"type"}
_ROOT = _SAYS_NOTHING | {"type", "properties", "required", "additionalProperties"}


class Simple:
    """An object schema that asks for nothing but types of named properties. Made by `of`."""

    __slots__ = ("_required", "_types")

    def __init__(self, types: dict[str, tuple[type, ...]], required: frozenset[str]) -> None:
        self._types, self._required = types, required

    @classmethod
    def of(cls, schema: Mapping[str, object]) -> Self | None:
        """The schema, if it is that simple."""
        properties, required = schema.get("properties", {}), schema.get("required", [])
        if not (schema.keys() <= _ROOT and schema.get("type") == "object"):
            return None
        if not (isinstance(properties, dict) and isinstance(required, list)):
            return None
        types: dict[str, tuple[type, ...]] = {}
        for name, each in cast("dict[str, object]", properties).items():
            found = _types(each)
            if not found:
                return None
            types[name] = found
        return cls(types, frozenset(map(str, cast("list[object]", required))))

    def fits(self, value: object) -> bool:
        """Whether a value certainly fits; ``False`` says nothing."""
        if type(value) is not dict:
            return False
        members = cast("dict[str, object]", value)
        return self._required <= members.keys() and all(
            type(each) in self._types.get(name, ()) for name, each in members.items()
        )


def _types(schema: object) -> tuple[type, ...]:
    if not isinstance(schema, dict):
        return ()
    asked = cast("dict[str, object]", schema)
    kind = asked.get("type")
    return _TYPES.get(kind, ()) if isinstance(kind, str) and asked.keys() <= _PROPERTY else ()
