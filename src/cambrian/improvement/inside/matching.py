"""Runs in a jail: which algorithms of the library do what a function did. Standard library, codec and comparison.

An algorithm gets each call's arguments, and a limited number of lines and little time to answer in. Its answers are
compared with those of the function as they are, and with the plain things that people make of an answer.
"""

from __future__ import annotations

import copy
import importlib
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from types import FrameType
from typing import Any, NamedTuple, cast

from cambrian.core.codec import decode
from cambrian.verify.inside.behaviour import Behaviour, read_behaviour
from cambrian.verify.inside.comparison import compare

__all__ = ["handle"]

_LINES = 20_000
_SECONDS = 0.03
"""CPU time of one answer, looked at between lines: numbers may become long."""
_TOGETHER = 0.15
"""CPU time of all answers of an algorithm."""
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
    latest = time.process_time() + _TOGETHER
    for call in calls:
        if time.process_time() > latest:
            answers.append(Behaviour("uncarried", "no time was left"))
            continue
        answers.append(_answer(function, [copy.deepcopy(call.arguments[place]) for place in order]))
        if len(answers) == _FEW and not list(_adapted(answers, calls[:_FEW])):
            return None
    return answers


def _answer(function: Callable[..., object], arguments: list[object]) -> Behaviour:
    left, latest = _LINES, time.process_time() + _SECONDS

    def trace(frame: FrameType, event: str, argument: object) -> Any:
        nonlocal left
        del frame, event, argument
        left -= 1
        if left < 0 or time.process_time() > latest:
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
    if "uncarried" in {answer.kind, did.kind}:
        return "u"
    if answer.kind != did.kind or _has_effects(call):
        return "d"
    wanted, got = (did.value, value) if did.kind == "answer" else (_error(did), _error(answer))
    return "s" if compare(wanted, got) is None else "d"


def _has_effects(call: _Call) -> bool:
    """Whether the function changed its arguments, or printed something."""
    did = call.did
    printed = did.output is not None and cast("dict[str, object]", did.output).get("bytes")
    return bool(printed) or (did.arguments is not None and compare(call.arguments, did.arguments) is not None)


def _error(behaviour: Behaviour) -> object:
    return cast("dict[str, object]", behaviour.value).get("type")


def _made(adapter: Adapter, value: object) -> object:
    """What an adapter makes of an answer."""
    how, first, second = adapter
    if how == "choose":
        return _literal(first if value else second)
    if how == "sentinel":
        return _literal(second) if _alike(value, _literal(first)) else value
    return _wrapped(first, value) if how == "wrap" else value


def _alike(value: object, other: object) -> bool:
    return type(value) is type(other) and value == other


def _wrapped(name: str, value: object) -> object:
    wrapper = next(each for each in _WRAPPERS if each.__name__ == name)
    try:
        return wrapper(value)
    except (TypeError, ValueError, OverflowError):
        return value


def _literal(text: str) -> object:
    import ast

    return cast("object", ast.literal_eval(text))


def _adapters(answers: Sequence[Behaviour], calls: Sequence[_Call]) -> list[Adapter]:
    """Those that could help, by the types and values seen."""
    both = zip(answers, calls, strict=False)
    pairs = [(answer.value, call.did.value) for answer, call in both if answer.kind == call.did.kind == "answer"]
    return [*_wraps(pairs), *_choices(pairs), *_sentinels(pairs)]


_Pairs = Sequence[tuple[object, object]]
"""What an algorithm answered, and what the function did."""


def _wraps(pairs: _Pairs) -> Iterator[Adapter]:
    types = {type(wanted) for got, wanted in pairs if type(got) is not type(wanted)}
    yield from (("wrap", wrapper.__name__, "") for wrapper in _WRAPPERS if wrapper in types)
    if any(type(wanted) is list for _, wanted in pairs):
        yield "wrap", "sorted", ""


def _choices(pairs: _Pairs) -> Iterator[Adapter]:
    """What most often stands for a true answer, and for a false one."""
    told = {answer: [repr(wanted) for got, wanted in pairs if got is answer] for answer in (True, False)}
    if sum(map(len, told.values())) == len(pairs) and all(told.values()):
        first, second = (max(each, key=each.count) for each in told.values())
        if _is_plain(first) and _is_plain(second) and (first, second) != ("True", "False"):
            yield "choose", first, second


def _sentinels(pairs: _Pairs) -> Iterator[Adapter]:
    """What always stands for an answer that says that there is nothing."""
    for known in _SENTINELS:
        told = {repr(wanted) for got, wanted in pairs if _alike(got, known)}
        if len(told) == 1 and told != {repr(known)} and _is_plain(*told):
            yield "sentinel", repr(known), told.pop()


def _is_plain(text: str) -> bool:
    """Whether it is a literal that may stand in a program."""
    try:
        return type(_literal(text)) in _PLAIN
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return False
