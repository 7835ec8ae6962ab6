"""Improvement: arguments of real calls of one function, taken while a project's command runs, to test it with later.

The function and its callers run as they are: the interpreter tells of each entry. Arguments are encoded by the closed
codec inside of the jail, as they are at that moment, and are decoded only where cases are read
(`verify.generators.from_traces`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

import msgspec

from cambrian.core.codec import Shape, decode
from cambrian.core.errors import CodecError, UsageError
from cambrian.sandbox.commands import CommandResult, Commands
from cambrian.verify.cases import Case

from .project import Project
from .watching import watched

__all__ = ["Recorded", "record_calls"]

_MOST_BYTES = 16 * 2**20


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """Calls of a function.

    Args:
        payloads: encoded tuples of positional arguments, distinct, in the order of their calls in each process.
        calls: how often it was called.
        strange: calls with arguments that cannot be made again elsewhere.
        keywords: calls with arguments that can only be given by keyword.
        result: how the command ended.
        why: of the first strange one: what of it cannot be made again.
    """

    payloads: tuple[bytes, ...]
    calls: int
    strange: int
    keywords: int
    result: CommandResult
    why: str = ""

    def cases(self, module_of: Callable[[str], str]) -> tuple[Case, ...]:
        """The calls, as far as they can be read back, and the classes of their objects are at hand.

        Args:
            module_of: the module of a file of the project, relative to it; "" if it is not at hand.
        """
        found: list[Case] = []
        for payload in self.payloads:
            try:
                found.append(_case(payload, module_of))
            except CodecError:  # a value that this process cannot read back
                continue
        return tuple(found)


def _case(payload: bytes, module_of: Callable[[str], str]) -> Case:
    arguments = cast("tuple[object, ...]", decode(payload, shapes=True))
    return Case(arguments=tuple(_named(each, module_of) for each in arguments), origin="recorded")


def _named(value: object, module_of: Callable[[str], str]) -> object:
    """The value with the modules of classes in place of their files."""
    if isinstance(value, dict):
        held = cast("dict[object, object]", value)
        return {key: _named(item, module_of) for key, item in held.items()}
    if isinstance(value, list | tuple | set | frozenset):
        made = [_named(item, module_of) for item in cast("list[object]", value)]
        return cast("object", type(cast("list[object]", value))(made))
    if not isinstance(value, Shape):
        return value
    parts = tuple((label, _named(part, module_of)) for label, part in value.parts)
    if not value.type.startswith("@"):
        return Shape(value.type, parts)
    path, _, name = value.type[1:].rpartition(":")
    module = module_of(path)
    if not module:
        raise CodecError(f"the class {name!r} of {path!r} is not at hand")
    return Shape(f"{module}.{name}", parts)


class _Wrote(msgspec.Struct, frozen=True):
    calls: int
    strange: int
    keywords: int
    payloads: list[str]
    why: str = ""


async def record_calls(
    project: Project, argv: Sequence[str], target: str, most: int = 200, *, commands: Commands | None = None,
    wall: float | None = None,
) -> Recorded:  # fmt: skip
    """Record arguments of the calls of one function while a command runs.

    Args:
        project: whose.
        argv: the command: tests, or anything else that ends.
        target: ``path:function``: a file relative to the project, and a qualified name.
        most: payloads at most: three quarters of them the first distinct ones, the rest the largest of the later ones.
        commands: a jail with a copy of the project; else one is made.
        wall: seconds at most.

    Raises:
        UsageError: `target` names no file of the project, or the command cannot be started.
        SandboxError: the machinery failed.
    """
    path, colon, function = target.rpartition(":")
    if not colon or not function or not (project.root / path).is_file():
        raise UsageError(f"target {target!r} must be path:function, with a file of {str(project.root)!r}")
    if most < 1:
        raise UsageError(f"most is {most!r}; at least one call has to be kept, write for example most=200")
    settings = {"kind": "record", "path": path, "function": function, "most": str(most)}
    found, result = await watched(project, argv, settings, _Wrote, commands=commands, wall=wall)
    found.sort(key=lambda one: -one.calls)  # processes come in no order
    payloads: dict[bytes, None] = {}
    room = _MOST_BYTES
    for text in (text for one in found for text in one.payloads):
        payload = text.encode()
        room -= len(payload)
        if room >= 0 and len(payloads) < most:
            payloads[payload] = None
    return Recorded(
        payloads=tuple(payloads), calls=sum(one.calls for one in found), strange=sum(one.strange for one in found),
        keywords=sum(one.keywords for one in found), result=result,
        why=next((one.why for one in found if one.why), ""),
    )  # fmt: skip
