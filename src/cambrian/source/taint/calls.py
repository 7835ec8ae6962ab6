"""The value of a call: functions of libraries by table, the program's own by what was found out about them."""

from __future__ import annotations

import ast
from abc import abstractmethod

from .expressions import Expressions
from .frame import Hit, Reached, Summary
from .knowledge import CLEANING, CLEANING_METHODS, SAFE_FOR, sink_of
from .value import CLEAN, HOSTILE, KNOWN, OPAQUE, Step, Value, joined

__all__ = ["Alarm", "Calls"]

Arguments = dict[int | str, Value]
Alarm = Reached
"""A sink that a value from outside reaches by way of calls; its label means nothing."""
_MOST_REACHED = 40
_PLAIN = (
    "builtins.", "os.path.", "string.", "textwrap.", "re.", "json.", "itertools.", "collections.", "functools.",
    "urllib.parse.", "datetime.", "time.", "math.", "copy.", "operator.", "pathlib.", "decimal.", "random.", "enum.",
    "posixpath.", "ntpath.", "typing.", "dataclasses.", "shlex.", "random.", "html.", "markupsafe.", "io.StringIO",
    "base64.", "binascii.", "codecs.", "unicodedata.", "hashlib.", "uuid.", "statistics.", "struct.",
)  # fmt: skip
"""Modules whose functions give nothing that was not in their arguments."""
_READS = ("builtins.open", "builtins.input", "io.open", "builtins.getattr", "builtins.globals", "builtins.vars")
_ADDS = frozenset({"append", "add", "extend", "insert", "appendleft", "update", "setdefault", "write", "put", "push"})
_WRAPPERS = frozenset(
    {"contextlib.closing", "contextlib.aclosing", "typing.cast", "contextlib.nullcontext", "copy.copy"}
)
_NUMBERS = frozenset({"builtins.int", "builtins.float", "builtins.bool", "uuid.UUID"})


class Calls(Expressions):
    """Looks through calls."""

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self.hits: dict[tuple[str, ast.expr], Hit] = {}
        """Class of sinks and node → what reaches it."""
        self.alarms: list[Alarm] = []
        self.wrapped: dict[ast.Call, list[tuple[Reached, int | str]]] = {}
        """Calls whose arguments come to a sink in the function called → the sinks, and which argument it is here."""

    @abstractmethod
    def summary(self, own: tuple[str, str]) -> Summary | None:
        """What a function of the program does; ``None`` if it is none, or too far away to be looked at."""

    def call(self, node: ast.Call) -> Value:
        """The value of a call; notes the sinks that it reaches."""
        function = node.func
        method, receiver = "", CLEAN
        if isinstance(function, ast.Attribute):
            method, receiver = function.attr, self.value(function.value)
            called = self.attribute(function, receiver)
        else:
            called = self.value(function)
        arguments = self._arguments(node)
        sink = sink_of(called.tag, method)
        if sink:
            self.hit(sink, node, called.tag or f".{method}", arguments, receiver)
        found = self._own(node, called, arguments, receiver)
        if found is None:
            found = self._foreign(node, called, method, receiver, arguments)
        return found

    def _arguments(self, node: ast.Call) -> Arguments:
        found: Arguments = {place: self.value(each) for place, each in enumerate(node.args)}
        for each in node.keywords:
            found[each.arg or "**"] = self.value(each.value)
        return found

    def hit(self, sink: str, node: ast.expr, tag: str, arguments: Arguments, receiver: Value = CLEAN) -> None:
        """Note that values reach a sink."""
        frame = self.frame
        before = self.hits.get((sink, node))
        if before is not None:
            merged = {key: joined((before.arguments.get(key, CLEAN), value)) for key, value in arguments.items()}
            before.arguments.update(merged)
            return
        self.hits[sink, node] = Hit(
            sink, node, tag, frame.scope, frame.function, dict(arguments), receiver, handler=frame.handler
        )
        for key, value in (*arguments.items(), ("receiver", receiver)):
            if value.labels and not value.harmless(sink):
                self._reach(sink, node, tag, key, value)

    def _reach(self, sink: str, node: ast.expr, tag: str, key: int | str, value: Value) -> None:
        step = self.step(node, f"handed to {tag.lstrip('.')}", value.step)
        for label in value.labels:
            if len(self.frame.reached) < _MOST_REACHED:
                self.frame.reached.append(
                    Reached(label, self.file, sink, node.lineno, node.col_offset, key, step, value.safe)
                )

    def _own(self, node: ast.Call, called: Value, arguments: Arguments, receiver: Value) -> Value | None:
        """The result of a function of the program."""
        if called.own is None:
            return None
        summary = self.summary(called.own)
        if summary is None:
            return None
        given = _placed(summary, arguments, receiver)
        name = called.own[1].rpartition(".")[2]
        for reached in summary.reached:
            self._wrap(node, summary, reached, arguments)
            self._carry(node, name, reached, given.get(reached.label, CLEAN))
        return self._filled(summary.returns, given, node, name)

    def _wrap(self, node: ast.Call, summary: Summary, reached: Reached, arguments: Arguments) -> None:
        place = reached.label - summary.receives
        key: int | str = place if place in arguments else summary.parameters[reached.label]
        if key in arguments and (reached, key) not in self.wrapped.setdefault(node, []):
            self.wrapped[node].append((reached, key))

    def _carry(self, node: ast.Call, name: str, reached: Reached, value: Value) -> None:
        """A sink inside of the function called gets an argument of the call."""
        if value.trust == KNOWN or reached.sink in value.safe:
            return
        step = reached.step.onto(self.step(node, f"handed to {name}()", value.step))
        moved = reached._replace(step=step, safe=reached.safe | value.safe)
        if value.level == HOSTILE:
            self.alarms.append(moved)
        for label in value.labels:
            if len(self.frame.reached) < _MOST_REACHED:
                self.frame.reached.append(moved._replace(label=label))

    def _filled(self, returns: Value, given: dict[int, Value], node: ast.Call, name: str) -> Value:
        """What a function returns, in terms of what it was given."""
        if not returns.labels:
            return returns
        parts = [returns._replace(labels=frozenset())]
        for label in returns.labels:
            value = given.get(label, CLEAN)
            if value.trust:
                step = value.step and self.step(node, f"passes through {name}()", value.step)
                parts.append(Value(value.level, step, value.safe | returns.safe, value.labels))
        return joined(parts)._replace(tag=returns.tag, text=None)

    def _foreign(self, node: ast.Call, called: Value, method: str, receiver: Value, arguments: Arguments) -> Value:
        """The result of a function that is not the program's own, or not known."""
        tag = called.tag
        result = f"{tag}()" if tag else ""
        outside = self.source(node, result)
        if outside is not None:
            return outside
        if tag in CLEANING or method in CLEANING_METHODS or _converted(arguments):
            return CLEAN.tagged(result)
        if tag in SAFE_FOR:
            return joined(arguments.values()).cleaned(*SAFE_FOR[tag]).tagged(result)
        if tag in _WRAPPERS and arguments:
            return list(arguments.values())[-1 if tag == "typing.cast" else 0]
        if method in _ADDS:
            self._add(node, receiver, arguments)
        return self._general(tag, method, receiver, called, arguments).tagged(result)

    def _general(self, tag: str, method: str, receiver: Value, called: Value, arguments: Arguments) -> Value:
        if method == "get" and receiver.trust == KNOWN and not receiver.tag:
            return joined(value for key, value in arguments.items() if key != 0).passing()
        pool = joined((called._replace(text=None), receiver, *arguments.values()))
        mixed = pool.passing()
        plain = (bool(method) and not tag) or (tag.startswith(_PLAIN) and not tag.startswith(_READS))
        if plain or mixed.level:
            return mixed
        step = mixed.step
        return Value(OPAQUE, step, mixed.safe if mixed.labels else frozenset(), mixed.labels)

    def _add(self, node: ast.Call, receiver: Value, arguments: Arguments) -> None:
        """A container gets what is put into it."""
        assert isinstance(node.func, ast.Attribute)
        holder = node.func.value
        added = joined(arguments.values())
        if isinstance(holder, ast.Name) and added.trust and holder.id in self.frame.variables:
            step: Step | None = self.step(node, f"put into {holder.id!r}", added.step)
            mixed = joined((receiver, added))
            self.frame.variables[holder.id] = mixed._replace(step=step, tag=receiver.tag, text=None)


def _placed(summary: Summary, arguments: Arguments, receiver: Value) -> dict[int, Value]:
    """Arguments by the position of their parameters."""
    given: dict[int, Value] = {0: receiver} if summary.receives else {}
    for key, value in arguments.items():
        if isinstance(key, int):
            given[key + summary.receives] = value
        elif key in summary.parameters:
            given[summary.parameters.index(key)] = value
        elif key == "**":
            given |= {place: value for place in range(len(summary.parameters)) if place not in given}
    return given


def _converted(arguments: Arguments) -> bool:
    """Whether a form's value is converted as it is read: ``args.get("id", type=int)``."""
    kind = arguments.get("type")
    return kind is not None and kind.tag in _NUMBERS
