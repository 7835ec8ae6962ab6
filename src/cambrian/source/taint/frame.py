"""A function while it is looked through, and what is remembered of it afterwards. No evaluation here."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from .value import CLEAN, Step, Value

__all__ = ["Frame", "Function", "Hit", "Reached", "Summary"]

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(slots=True)
class Hit:
    """A call, or a statement, that hands values to a sink.

    Args:
        sink: its class: ``"sql"``, ``"command"`` …
        node: the call; of ``return`` in a handler of requests, what it returns.
        tag: dotted name of what is called.
        scope: qualified name of the function it stands in.
        function: that function; ``None`` at the top of a file or class.
        arguments: position or keyword → value.
        receiver: of a method: the object.
        handler: whether the function answers requests.
    """

    sink: str
    node: ast.expr
    tag: str
    scope: str
    function: Function | None
    arguments: dict[int | str, Value]
    receiver: Value = CLEAN
    handler: bool = False


class Reached(NamedTuple):
    """A sink that a parameter reaches in a function or in what it calls.

    Args:
        label: position of the parameter.
        file: where the sink is.
        sink: its class.
        line: its 1-based line.
        column: its 0-based column in bytes.
        argument: which argument of it.
        step: the path from the parameter to it, the sink itself included.
        safe: classes of sinks for which the value was made harmless on the way.
    """

    label: int
    file: str
    sink: str
    line: int
    column: int
    argument: int | str
    step: Step
    safe: frozenset[str]


class Summary(NamedTuple):
    """What a function does with its parameters.

    Args:
        parameters: names, positional ones first.
        returns: its result, in terms of its parameters.
        reached: the sinks that they reach.
        receives: 1 if it is a method: what stands before the dot is the first parameter.
    """

    parameters: tuple[str, ...] = ()
    returns: Value = CLEAN
    reached: tuple[Reached, ...] = ()
    receives: int = 0


@dataclass(slots=True)
class Frame:
    """A function, the body of a class or of a file, under way.

    Args:
        scope: qualified name.
        function: the function, if it is one.
        owner: dotted name of the class that a method belongs to.
        variables: values of local variables, at the point reached.
        outer: where names are looked up that are not local.
        handler: whether it answers requests.
    """

    scope: str
    function: Function | None = None
    owner: str = ""
    variables: dict[str, Value] = field(default_factory=dict[str, Value])
    outer: tuple[Mapping[str, Value], ...] = ()
    handler: bool = False
    returned: list[Value] = field(default_factory=list[Value])
    reached: list[Reached] = field(default_factory=list[Reached])
    left: list[dict[str, Value]] = field(default_factory=list[dict[str, Value]])
    """Variables as they were where loops under way were left."""
    loops: int = 0
    """Loops under way, one in the other."""
