"""App, execution: where two runs of scripts part. Pure."""

from __future__ import annotations

import msgspec

from cambrian.sandbox.scripts.facts import Recorded

from .history import History

__all__ = ["Difference", "compare"]


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """How two runs differ.

    Args:
        same: whether they do not.
        first: the first call at which they part; null if they made the same calls with the same answers.
        lines: what differs, one line each.
    """

    same: bool
    first: int | None
    lines: tuple[str, ...]


def compare(a: History, b: History) -> Difference:
    """Calls one by one, then how they ended."""
    lines: list[str] = []
    first = None
    left, right = a.calls, b.calls
    for number in sorted({*left, *right}):
        one, two = (_told(calls.get(number)) for calls in (left, right))
        if one != two:
            first = number if first is None else first
            lines.append(f"call {number}: {one}  |  {two}")
    for name in ("status", "value", "stdout", "stderr", "runtime"):
        one, two = (getattr(each.ended, name, None) for each in (a, b))
        if one != two:
            lines.append(f"{name}: {_json(one)}  |  {_json(two)}")
    return Difference(same=not lines, first=first, lines=tuple(lines))


def _told(found: tuple[int, Recorded] | None) -> str:
    if found is None:
        return "not made"
    call, answer = found[1].call, found[1].answer
    gave = "unknown" if answer is None else f"error {answer.error}" if answer.error else _json(answer.value)
    given = [_json(each) for each in call.args] + [f"{name}={_json(each)}" for name, each in call.kwargs.items()]
    return f"{call.tool}({', '.join(given)}) → {gave}"


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
