"""Calls of a script by the name of what is called, and what reaches their arguments. Trees only."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cambrian.source.rules.security.finding import Severity, severity_of
from cambrian.source.rules.security.naming import words_of
from cambrian.source.taint.value import HOSTILE, Step

from .flow import Flow
from .tree import FUNCTIONS, Node, callee

__all__ = ["calls", "reached", "words_near"]

_HARMLESS = re.compile(
    r"(?:path\.basename|String|encodeURIComponent|escape\w*|DOMPurify\.sanitize|he\.encode|JSON\.stringify)\("
)


def calls(flow: Flow, names: str) -> Iterator[tuple[Node, list[Node]]]:
    """Calls, also with ``new``, of what has a name that matches, with their arguments."""
    shape = re.compile(names)
    for call in flow.script.of("call_expression", "new_expression"):
        called = callee(call) if call.kind == "call_expression" else call.children[1]
        if call.children[-1].kind == "arguments" and shape.search(called.text):
            yield call, call.children[-1].parts


def reached(
    flow: Flow, names: str, place: int, severity: Severity, *, least: int = HOSTILE
) -> Iterator[tuple[Node, Step | None, Severity]]:
    """Calls that a value reaches, with its path and how bad that is.

    Args:
        flow: of the script.
        names: pattern of what is called.
        place: of the argument; -1 is the last one.
        severity: if the value comes from outside for certain.
        least: how little trust it takes.
    """
    for call, given in calls(flow, names):
        if not given or (place >= 0 and place >= len(given)):
            continue
        node = given[place]
        trust, step = flow.trust(node)
        if trust >= least and not _HARMLESS.search(node.text):
            end = flow.step(call, f"handed to {callee(call).text.rpartition('.')[2]}()", step)
            yield call, end, severity_of(trust, step, severity)


def words_near(flow: Flow, node: Node) -> set[str]:
    """The words of names that a node stands under: what it is assigned to, its function."""
    del flow
    names = [each.text for each in node.walk() if each.kind == "identifier"]
    for above in node.above():
        if above.kind in {"variable_declarator", "pair", "assignment_expression"}:
            names.append(above.children[0].text)
        elif above.kind in FUNCTIONS and above.kind != "arrow_function":
            names += [each.text for each in above.children if each.kind in {"identifier", "property_identifier"}]
            break
    return {word for name in names for word in words_of(name)}
