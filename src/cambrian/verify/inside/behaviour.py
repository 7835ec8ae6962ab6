"""Runs in a scorer's jail: reads behaviours, which an enemy may have written, and tells where two of them differ."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple, cast

from cambrian.core.codec import decode

from .comparison import Rules, compare
from .show import show

__all__ = ["Behaviour", "Unfit", "behaviour_difference", "read_behaviour", "told"]

Kind = Literal["answer", "error", "uncarried"]
_UNCARRIED = "CodecError"
_SAID: dict[Kind, str] = {"answer": "answers", "error": "raises", "uncarried": "gives what cannot be told"}


class Unfit(Exception):
    """The behaviour that others are compared with is one that nothing can be compared with."""


class Behaviour(NamedTuple):
    """How a call ended, and what it did. `value`: the answer, the record of the exception, or why it cannot be told."""

    kind: Kind
    value: object
    arguments: object = None
    output: object = None


def _rules(policy: Mapping[str, object]) -> Rules:
    """The rules for values of a `verify.policy.Policy` as a dict."""
    return Rules(**{name: policy[name] for name in Rules._fields})  # type: ignore[arg-type]


def read_behaviour(raised: bool, payload: bytes, *, captured: bool) -> Behaviour:
    """What a reply tells.

    Args:
        raised: see `core.ports.Reply`.
        payload: see `core.ports.Reply`.
        captured: `capture` stood around the program.

    Raises:
        ValueError: it cannot be read.
    """
    value = decode(payload)
    if raised:
        return Behaviour("uncarried" if _member(value, "type") == _UNCARRIED else "error", value)
    if not captured:
        return Behaviour("answer", value)
    if type(value) is not bytes:
        raise ValueError("the behaviour is no encoded dict")
    told = decode(value, shapes=True)
    if type(told) is not dict:
        raise ValueError("the behaviour is no dict")
    known = cast("dict[object, object]", told)
    for kind in ("uncarried", "error", "answer"):
        if kind in known:
            return Behaviour(kind, known[kind], known.get("arguments"), known.get("output"))
    raise ValueError("the behaviour has neither an answer nor an error")


def behaviour_difference(expected: Behaviour, got: Behaviour, policy: Mapping[str, object]) -> str | None:
    """Where a behaviour differs first from what it should be, in words; `None` if it is the same.

    Raises:
        Unfit: the expected one cannot be told.
    """
    if expected.kind == "uncarried":
        raise Unfit(told(expected))
    if expected.kind == "error" and _member(expected.value, "type") == "RecursionError":
        raise Unfit("the original ran out of stack")  # how deep it may go is the interpreter's, not the function's
    if expected.kind != got.kind:
        return (
            f"it {_SAID[got.kind]} {told(got)} where {_SAID[expected.kind].removesuffix('s')} {told(expected)} is right"
        )
    rules = _rules(policy)
    if expected.kind == "answer":
        found = compare(expected.value, got.value, rules)
    else:
        found = _errors(expected.value, got.value, str(policy["exceptions"]))
    if found is None and policy["mutation"] == "same":
        found = compare(expected.arguments, got.arguments, rules, name="arguments (after the call)")
    if found is None and policy["output"]:
        found = compare(expected.output, got.output, name="output")
    return None if found is None else str(found)


def _errors(expected: object, got: object, which: str) -> object:
    for key in {"any": (), "type": ("type",)}.get(which, ("type", which.removeprefix("type+"))):
        found = compare(_member(expected, key), _member(got, key), name=f"the exception's {key}")
        if found is not None:
            return found
    return None


def told(behaviour: Behaviour) -> str:
    """A behaviour in a few words."""
    if behaviour.kind == "error":
        return f"{_member(behaviour.value, 'type')!s:.80}: {_member(behaviour.value, 'message')!s:.200}"
    if behaviour.kind == "uncarried":
        return f"({_member(behaviour.value, 'message')!s:.300})"
    return show(behaviour.value)


def _member(record: object, key: str) -> object:
    """A member of a record that an enemy may have written."""
    return cast("dict[object, object]", record).get(key) if type(record) is dict else record
