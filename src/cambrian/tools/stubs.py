"""Tools, stubs: tools as declarations in Python and TypeScript, for whoever writes the calling code. Pure.

The text is made of what servers say, and is read by models and people: names become identifiers, texts can neither end
their comment nor hide in invisible characters, and the same tools always give the same text.
"""

from __future__ import annotations

import itertools
import re
import textwrap
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TypeVar

import msgspec

from cambrian.core.tool import Tool

from .naming import pascal
from .shapes import Field, Record, Shape, ShapeReader

__all__ = ["Declaration", "declare", "plain_text", "python_stub", "typescript_stub"]

T = TypeVar("T")

_TEXT = 4000
_RESERVED = frozenset(
    {"Any", "Literal", "Never", "NotRequired", "TypedDict"} | {"Array", "Object", "Promise", "Record", "ToolError"}
)
# Control characters, line separators that end a comment in JavaScript, direction marks (CVE-2021-42574), surrogates
_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


class Declaration(msgspec.Struct, frozen=True, kw_only=True):
    """A tool as both languages declare it.

    Args:
        tool: it.
        parameters: in order.
        returns: shape of the result.
    """

    tool: Tool
    parameters: tuple[Field, ...]
    returns: Shape


def python_stub(tools: Iterable[Tool]) -> str:
    """A Python module that declares the tools: `TypedDict` for objects, ``def`` or ``async def`` for functions.

    >>> python_stub([Tool(name="now", returns={"type": "string"})]).splitlines()[-2:]
    ['def now() -> str:', '    ...']
    """
    from .stub_python import module  # the renderers import this module's types

    return module(*declare(list(tools)))


def typescript_stub(tools: Iterable[Tool]) -> str:
    """A ``.d.ts`` file that declares the tools: an interface for each object; functions that give promises."""
    from .stub_typescript import module

    return module(*declare(list(tools)))


def declare(tools: Sequence[Tool]) -> tuple[list[Record], list[Declaration]]:
    """Read the schemas of some tools. Records that several schemas share are there once."""
    records: dict[str, Record] = {}
    reserved = _RESERVED | {tool.name for tool in tools}
    found: list[Declaration] = []
    for tool in tools:
        own = pascal(tool.name)

        def parameters(reader: ShapeReader, tool: Tool = tool) -> tuple[Field, ...]:
            return reader.fields(tool.parameters, tool.name)

        def returns(reader: ShapeReader, tool: Tool = tool) -> Shape:
            return reader.shape(tool.returns, f"{tool.name} result")

        found.append(
            Declaration(
                tool=tool,
                parameters=_read(parameters, records, reserved, ("", f"{own}_")),
                returns=_read(returns, records, reserved, ("", f"{own}_", f"{own}_Result_")),
            )
        )
    return list(records.values()), found


def plain_text(text: str, indent: str = "") -> list[str]:
    """Lines of a text from outside, without invisible characters and not too long."""
    clean = _INVISIBLE.sub(" ", text.replace("\r\n", "\n").replace("\t", "    ")).strip()
    if len(clean) > _TEXT:
        clean = f"{clean[:_TEXT]} …"
    lines = [line.rstrip() for line in textwrap.dedent(clean).split("\n")]
    return [f"{indent}{line}" if line else "" for line in lines] if clean else []


def _read(
    read: Callable[[ShapeReader], T], records: dict[str, Record], reserved: Collection[str], prefixes: Sequence[str]
) -> T:
    """Read with the first prefix under which no record meets another one of the same name; add the records."""
    for prefix in itertools.chain(prefixes, (f"{prefixes[-1]}{number}_" for number in itertools.count(2))):
        reader = ShapeReader(prefix)
        found = read(reader)
        if all(name not in reserved and records.get(name, record) == record for name, record in reader.records.items()):
            records.update(reader.records)
            return found
    raise AssertionError("unreachable: the prefixes never end")
