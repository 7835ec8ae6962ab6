"""Inputs on which a run's candidates failed, as a list and as a test file for the task's folder."""

from __future__ import annotations

import ast
import os
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

import msgspec

from cambrian.core.codec import decode
from cambrian.core.errors import CodecError, UsageError
from cambrian.core.ids import RunId
from cambrian.core.limits import Level
from cambrian.core.ports import Exit, Program
from cambrian.sandbox import CPythonJail
from cambrian.search.facts import CASE, Case
from cambrian.search.task import Task

from .results import KnownCase
from .workspace import Runs

ORACLES = ("check", "expected")
"""Functions of an evaluator that tell a right answer, the first one before the second."""


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """A case and its arguments.

    Args:
        case: what the journal tells.
        payload: the arguments, encoded.
        text: as a Python literal; `None` if they cannot be written as one.
    """

    case: Case
    payload: bytes
    text: str | None

    @property
    def line(self) -> KnownCase:
        """It, for a list."""
        case = self.case
        return KnownCase(
            evaluation=case.index, variant=case.variant, status=case.status.value, said=case.said, size=case.size,
            arguments=self.text,
        )  # fmt: skip


async def known_cases(runs: Runs, run: RunId) -> list[Known]:
    """The cases of a run, in the order in which they were found."""
    found: list[Known] = []
    async for event in runs.reader.read(run, types={CASE}):
        case = msgspec.json.decode(event.data, type=Case)
        payload = await runs.reader.blob(case.payload)
        found.append(Known(case=case, payload=payload, text=_literal(payload)))
    return found


def _literal(payload: bytes) -> str | None:
    try:
        value = decode(payload, arrays=False)
        text = repr(value)
        same = repr(ast.literal_eval(text)) == text
    except (CodecError, ValueError, SyntaxError, RecursionError, MemoryError):
        return None
    return text if same else None


async def regression_tests(run: RunId, task: Task, cases: Sequence[Known], target: Path) -> str:
    """The text of a pytest file: what the evaluator's oracle says, or what the task's own program answers, must hold.

    Args:
        run: the run.
        task: its task.
        cases: what failed.
        target: where the file will stand; the task's folder need not be there.

    Raises:
        UsageError: no case can be written as a Python literal, or the task's own program does not answer one so.
        IsolationUnavailable: the task's own program has to be asked, and there is no jail.
    """
    written = [known for known in cases if known.text is not None]
    if not written:
        raise UsageError(f"run {run!r} has no case that can be written as a Python literal; nothing was written")
    functions = _functions(task.evaluator_text)
    oracle = next((name for name in ORACLES if name in functions), None)
    answers = await _answers(task, written) if oracle is None else ["None"] * len(written)
    module, _, function = task.entry.partition(":")
    imports = [f"from {_module(module)} import {function} as program"]
    if oracle is not None:
        imports.append(f"from {_module(task.evaluator)} import {oracle}")
    rows = [
        f"    # {_comment(known.case)}\n    ({known.text}, {answer}),"
        for known, answer in zip(written, answers, strict=True)
    ]
    return _PAGE.format(
        run=run, task=task.name, path=_path(task.path, target), imports="\n".join(imports), rows="\n".join(rows),
        right=_RIGHT[oracle],
    )  # fmt: skip


_PAGE = '''"""Inputs on which candidates of run {run} failed: {task} has to get them right. Run it with pytest."""

import sys
from copy import deepcopy
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent{path}))

{imports}

CASES = [
{rows}
]


@pytest.mark.parametrize(("arguments", "right"), CASES)
def test_known_case(arguments, right):
    answer = program(*deepcopy(arguments))
    assert {right}
'''
_RIGHT = {
    "check": "check(arguments, answer) in (None, True)",
    "expected": "answer == expected(*deepcopy(arguments))",
    None: "answer == right",
}


def _path(folder: Path, target: Path) -> str:
    """What leads from the file's folder to the task's."""
    way = os.path.relpath(folder, target.absolute().parent)
    return "" if way == "." else f" / {way!r}"


def _functions(text: str) -> set[str]:
    return {node.name for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)}


def _module(path: str) -> str:
    return ".".join(PurePosixPath(path).with_suffix("").parts)


def _comment(case: Case) -> str:
    said = case.said.strip().splitlines()
    words = " ".join(said[-1].split())[:80] if said else ""
    return f"evaluation {case.index}: {case.status.value}" + (f": {words!a}" if words else "")


async def _answers(task: Task, cases: Sequence[Known]) -> list[str]:
    """What the task's own program answers, as literals; a case that it has no such answer to is an error."""
    jail = await CPythonJail.start(level=None if task.level >= Level.L2 else task.level)
    try:
        return [await _answer(jail, task, known) for known in cases]
    finally:
        await jail.aclose()


async def _answer(jail: CPythonJail, task: Task, known: Known) -> str:
    session = await jail.launch(Program(files=task.program, entry=task.entry), task.limits)
    if isinstance(session, Exit):
        raise UsageError(f"the task's own program cannot be loaded: {session.status.value} {session.text}")
    try:
        reply = await session.call(known.payload)
    finally:
        await session.close()
    text = None if isinstance(reply, Exit) or reply.raised else _literal(reply.payload)
    if text is None:
        raise UsageError(
            f"the task's own program has no plain answer to the case of evaluation {known.case.index!r}; "
            f"give the evaluator a function expected() or check()"
        )
    return text
