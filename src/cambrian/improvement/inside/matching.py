"""Runs in a jail: which algorithms of the library do what a function did. Standard library, codec and comparison.

An algorithm gets each call's arguments, and a limited number of lines to answer in. Its answers are compared with those
of the function as they are, and with the plain things that people make of an answer.
"""

from __future__ import annotations

import copy
import importlib
import sys
from collections.abc import Callable, Iterator, Sequence
from types import FrameType
from typing import Any, NamedTuple, cast

from cambrian.core.codec import decode
from cambrian.verify.inside.behaviour import Behaviour, read_behaviour
from cambrian.verify.inside.comparison import compare

__all__ = ["handle"]

_LINES = 20_000
_FEW = 10
_WRONG = 0.7
"""Share of the first calls on which an algorithm may differ."""
_WRAPPERS: tuple[Callable[[Any], object], ...] = (list, tuple, set, sorted, int, float, bool, str)
_SENTINELS: tuple[object, ...] = (None, -1, 0, False, [], "")
_PLAIN = (bool, int, str, type(None))

Entry = tuple[str, str, list[list[int]]]
"""Module, function, and the places of the arguments that it takes: several choices."""
Adapter = tuple[str, str, str]
"""How, and two literals or a builtin: see `source.algorithms.placing.Adapter`."""
Found = tuple[int, int, Adapter, str, int]
"""Which entry, which choice, the adapter, a mark for each call: s(ame), d(ifferent), u(nknown); how many answers."""


_PLAINLY: Adapter = ("plain", "", "")


class _Late(BaseException):
    """An algorithm took more lines than it may."""


class _Call(NamedTuple):
    arguments: list[object]
    did: Behaviour


def handle(entries: Sequence[Entry], payloads: Sequence[bytes], replies: Sequence[tuple[bool, bytes]]) -> list[Found]:
    """What each of some algorithms has in common with a function.

    Args:
        entries: algorithms.
        payloads: the calls' arguments, encoded.
        replies: what the function did, as `verify.inside.capture` tells it.
    """
    calls = [
        _Call(cast("list[object]", decode(payload)), read_behaviour(*reply, captured=True))
        for payload, reply in zip(payloads, replies, strict=True)
    ]
    found: list[Found] = []
    for number, (module, name, orders) in enumerate(entries):
        function = cast("Callable[..., object]", getattr(importlib.import_module(module), name))
        for choice, order in enumerate(orders):
            answers = _answers(function, order, calls)
            if answers is not None:
                found += [(number, choice, *each) for each in _adapted(answers, calls)]
    return found


def _answers(function: Callable[..., object], order: Sequence[int], calls: Sequence[_Call]) -> list[Behaviour] | None:
    """What an algorithm does; `None` once it is of another kind altogether."""
    answers: list[Behaviour] = []
    for call in calls:
        answers.append(_answer(function, [copy.deepcopy(call.arguments[place]) for place in order]))
        if len(answers) == _FEW and not list(_adapted(answers, calls[:_FEW])):
            return None
    return answers


def _answer(function: Callable[..., object], arguments: list[object]) -> Behaviour:
    left = _LINES

    def trace(frame: FrameType, event: str, argument: object) -> Any:
        nonlocal left
        del frame, event, argument
        left -= 1
        if left < 0:
            raise _Late
        return trace

    sys.settrace(trace)
    try:
        return Behaviour("answer", function(*arguments))
    except (_Late, MemoryError, RecursionError, OverflowError) as error:
        return Behaviour("uncarried", type(error).__name__)
    except (ArithmeticError, LookupError, TypeError, ValueError, AttributeError) as error:
        return Behaviour("error", {"type": type(error).__qualname__})
    finally:
        sys.settrace(None)


def _adapted(answers: Sequence[Behaviour], calls: Sequence[_Call]) -> Iterator[tuple[Adapter, str, int]]:
    """The answers as they are, or as an adapter makes them: the first that agrees most."""
    best, marks = _PLAINLY, "".join(_marks(_PLAINLY, answers, calls))
    for adapter in _adapters(answers, calls):
        others = "".join(_marks(adapter, answers, calls))
        if others.count("s") > marks.count("s"):
            best, marks = adapter, others
    if marks.count("s") and marks.count("d") < _WRONG * len(calls):
        told = {repr(call.did.value) for call, mark in zip(calls, marks, strict=True) if mark == "s"}
        yield best, marks, len(told)


def _marks(adapter: Adapter, answers: Sequence[Behaviour], calls: Sequence[_Call]) -> Iterator[str]:
    for answer, call in zip(answers, calls, strict=True):
        value = _made(adapter, answer.value) if answer.kind == "answer" else None
        yield _mark(value, answer, call)


def _mark(value: object, answer: Behaviour, call: _Call) -> str:
    did = call.did
    if answer.kind == "uncarried" or did.kind == "uncarried":
        return "u"
    if answer.kind != did.kind or (did.arguments is not None and compare(call.arguments, did.arguments) is not None):
        return "d"
    if did.output is not None and cast("dict[str, object]", did.output).get("bytes"):
        return "d"
    if did.kind == "error":
        kinds = [cast("dict[str, object]", each.value).get("type") for each in (answer, did)]
        return "s" if kinds[0] == kinds[1] else "d"
    return "s" if compare(did.value, value) is None else "d"


def _made(adapter: Adapter, value: object) -> object:
    how, first, second = adapter
    if how == "choose":
        return _literal(first if value else second)
    if how == "sentinel":
        known = _literal(first)
        return _literal(second) if type(value) is type(known) and value == known else value
    if how == "wrap":
        wrapper = next(each for each in _WRAPPERS if each.__name__ == first)
        try:
            return wrapper(value)
        except (TypeError, ValueError, OverflowError):
            return value
    return value


def _literal(text: str) -> object:
    import ast

    return cast("object", ast.literal_eval(text))


def _adapters(answers: Sequence[Behaviour], calls: Sequence[_Call]) -> list[Adapter]:
    """Those that could help, by the types and values seen."""
    pairs = [
        (answer.value, call.did.value)
        for answer, call in zip(answers, calls, strict=False)
        if answer.kind == call.did.kind == "answer"
    ]
    types = {type(wanted) for got, wanted in pairs if type(got) is not type(wanted)}
    found = [("wrap", wrapper.__name__, "") for wrapper in _WRAPPERS if wrapper in types]
    if any(isinstance(wanted, list) for _, wanted in pairs):
        found.append(("wrap", "sorted", ""))
    if pairs and all(type(got) is bool for got, _ in pairs):
        found += _choices(pairs)
    return found + _sentinels(pairs)


def _choices(pairs: Sequence[tuple[object, object]]) -> list[Adapter]:
    """What most often stands for a true answer, and for a false one."""
    most: list[str] = []
    for answer in (True, False):
        told = [repr(wanted) for got, wanted in pairs if got is answer and type(wanted) in _PLAIN]
        if not told:
            return []
        most.append(max(told, key=told.count))
    return [("choose", most[0], most[1])] if most[0] != most[1] and most != ["True", "False"] else []


def _sentinels(pairs: Sequence[tuple[object, object]]) -> list[Adapter]:
    found: list[Adapter] = []
    for known in _SENTINELS:
        told = [repr(wanted) for got, wanted in pairs if type(got) is type(known) and got == known]
        if told and len(set(told)) == 1 and told[0] != repr(known) and type(_plain(told[0])) in _PLAIN:
            found.append(("sentinel", repr(known), told[0]))
    return found


def _plain(text: str) -> object:
    """The value of a literal; a list for what is none."""
    try:
        return _literal(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return []
