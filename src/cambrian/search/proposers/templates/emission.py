"""The text of an emitted program. Pure: text in, text out; nothing here runs or reads what a program reported."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pprint import pformat

from cambrian.core.errors import ProposalError, UsageError
from cambrian.core.variant import Variant
from cambrian.source.blocks import editable, has_markers
from cambrian.source.edit import lines

PROBLEM = "problem.py"
_PREFIX = "optimiser_"

_PROGRAM = '''\
# Made by {name}: an optimiser over the task's problem file. One call searches once and answers
# the best found; what it has is handed on in __report__ and comes back as STATE in the next such program.
import problem
from {prefix}main import run

SETTINGS = {settings}
STATE = {state}

__report__ = {{}}
_answer = []


def {function}(*_inputs):
    """Answer the best found; the same whatever the inputs, so it is searched for once."""
    global __report__
    if not _answer:
        answer, __report__ = run(problem, SETTINGS, STATE)
        _answer.append(answer)
    return _answer[0]
'''


def emit(initial: Variant, problem: str, *, name: str, settings: Mapping[str, object], state: bytes) -> dict[str, str]:
    """Every file of the emitted program.

    Args:
        initial: the task's own program; its other files stay as they are.
        problem: text of the problem file.
        name: the template's name, for the reader.
        settings: see `inner.main.Settings`.
        state: the last launch's report; embedded as a bytes literal, so it cannot mean anything but itself.

    Raises:
        ProposalError: the entry function stands outside the editable blocks, or a file's name is taken.
    """
    path, _, function = initial.entry.partition(":")
    text = _PROGRAM.format(
        name=name, prefix=_PREFIX, function=function, settings=pformat(dict(settings), width=100), state=_literal(state)
    )
    added = {PROBLEM: problem, **_inner_files()}
    taken = [file for file in added if initial.files.get(file, added[file]) != added[file]]
    if taken:
        raise ProposalError(f"the task's program has a file {taken[0]!r}, which the template needs for itself")
    return {**initial.files, **added, path: _place(initial, path, function, text)}


def _literal(state: bytes, width: int = 100) -> str:
    """A bytes literal over several lines."""
    pieces = [repr(state[start : start + width]) for start in range(0, len(state), width)]
    return "(\n" + "".join(f"    {piece}\n" for piece in pieces) + ")" if pieces else "b''"


def _place(initial: Variant, path: str, function: str, text: str) -> str:
    """The entry's file with the template's text as its whole, or as the block in which the entry stands."""
    old = initial.files[path]
    if not any(map(has_markers, initial.files.values())):
        return text
    try:
        spans = editable(initial.files)[path]
    except UsageError as error:
        raise ProposalError(f"the task's program cannot be read: {error}") from error
    first, last = _lines_of(old, path, function)
    span = next((span for span in spans if span.covers(first, last)), None)
    if span is None:
        raise ProposalError(
            f"the entry {initial.entry!r} stands outside the EVOLVE-BLOCKs; a template replaces the whole function"
        )
    content = lines(old)
    return "".join([*content[: span.start - 1], text, *content[span.stop - 1 :]])


def _lines_of(text: str, path: str, function: str) -> tuple[int, int]:
    """First and last line of the entry function, decorators included."""
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError) as error:
        raise ProposalError(f"{path} cannot be parsed: {error}") from error
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == function:
            return min([node.lineno, *(item.lineno for item in node.decorator_list)]), node.end_lineno or node.lineno
    raise ProposalError(f"{path} defines no function {function!r} at its top level")


@cache
def _inner_files() -> dict[str, str]:
    """The inner modules as flat files beside the program, importing each other by their flat names."""
    found: dict[str, str] = {}
    for item in files(f"{__package__}.inner").iterdir():
        if item.name.endswith(".py") and item.name != "__init__.py":
            found[_PREFIX + item.name] = item.read_text(encoding="utf-8").replace("\nfrom .", f"\nfrom {_PREFIX}")
    return dict(sorted(found.items()))
