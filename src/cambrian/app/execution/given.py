"""App, execution: what a caller gives to `run`, looked at before anything starts. Pure; people's mistakes end here."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from cambrian.core.errors import UsageError
from cambrian.core.limits import Limits

__all__ = ["check_given"]

_SHOWN = 80


def check_given(*, code: object, inputs: Mapping[str, object] | None, limits: object, tools: object) -> None:
    """Refuse what is of another kind than `cambrian.run` takes.

    Raises:
        UsageError: says which argument, its value, and what to write.
    """
    if not isinstance(code, str):
        raise _wrong("code", code, "a text is wanted", 'write code="1 + 1"')
    if limits is not None and not isinstance(limits, Limits):
        raise _wrong(
            "limits", limits, "a Limits is wanted", "write limits=cambrian.Limits(wall=2.0, memory=64 * 2**20)"
        )
    if callable(tools):
        raise _wrong("tools", tools, "a list is wanted", f"write tools=[{getattr(tools, '__name__', '…')}]")
    for name, value in (inputs or {}).items():
        _check_input(name, value)


def _check_input(name: str, value: object) -> None:
    if not name.isidentifier():
        raise UsageError(f'inputs: {name!r} is no name of a variable; write for example inputs={{"n": 3}}')
    try:
        msgspec.json.encode(value)
    except (TypeError, ValueError, RecursionError) as error:
        raise _wrong(
            f"inputs[{name!r}]", value, f"a JSON value is wanted ({error})", "write it as plain data"
        ) from None


def _wrong(name: str, value: object, wanted: str, fix: str) -> UsageError:
    shown = repr(value)
    return UsageError(f"{name} is {shown if len(shown) <= _SHOWN else shown[: _SHOWN - 1] + '…'}; {wanted}; {fix}")
