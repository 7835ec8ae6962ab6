"""Improvement, healing: does a candidate pass its tests, alone in a fresh jail process? The evidence of a repair."""

from __future__ import annotations

import ast
from collections.abc import Callable
from importlib import resources
from typing import NamedTuple

import anyio
import msgspec

from cambrian.core.codec import encode
from cambrian.core.errors import UsageError
from cambrian.core.evidence import Evidence
from cambrian.core.limits import Limits
from cambrian.core.ports import Exit, Program, Reply, Runtime

from .lane import Check, Checks

__all__ = ["Answered", "answered", "answers", "confirmed", "read_expected"]

_ENTRY = "healing_check.py"
_LONG_S = 3600.0
_SLOWER = 20.0
"""A fresh process may take so much longer than the fast lane: it compiles anew, on a machine that is busy."""


def read_expected(test: Check) -> object:
    """What a test expects.

    Raises:
        UsageError: it is no literal.
    """
    try:
        return ast.literal_eval(test.expected.strip())
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError) as error:
        raise UsageError(
            f"what {test.expression!r} must give is {test.expected!r}, which is no Python literal; write a value such "
            "as 3, 'text' or [1, 2]"
        ) from error


class Answered(NamedTuple):
    """Type and value that each test gives, as text, `None` where it raises or ends the program; the jails' CPU."""

    values: list[str | None]
    cpu_s: float


async def answers(jail: Runtime, text: str, tests: Checks) -> list[str | None]:
    """The values of `answered`."""
    return (await answered(jail, text, tests)).values


async def answered(jail: Runtime, text: str, tests: Checks, *, cpu: float = _LONG_S) -> Answered:
    """What each test gives.

    Args:
        jail: one without an open session.
        text: the candidate.
        tests: the tests; what they expect is not looked at.
        cpu: seconds for all of them; those that come later give nothing.

    Raises:
        SandboxError: the machinery failed.
    """
    source = resources.files("cambrian.improvement.healing").joinpath("inside/check.py").read_text(encoding="utf-8")
    program = Program(files={_ENTRY: source}, entry=f"{_ENTRY}:call")
    wall = 1.0 + _SLOWER * tests.limit
    long = 10.0 + wall * len(tests.tests)
    found: list[str | None] = []
    spent = 0.0
    while len(found) < len(tests.tests):
        left = min(long, cpu - spent)
        session = await jail.launch(program, Limits(wall=long, cpu=left, memory=256 * 2**20)) if left > 0 else None
        if session is None or isinstance(session, Exit):
            return Answered([*found, *[None] * (len(tests.tests) - len(found))], spent)
        try:
            for test in tests.tests[len(found) :]:
                given = (tests.prelude, text, test.expression.strip(), max(tests.recursion, 300))
                outcome = await session.call(encode(given), wall=wall)
                found.append(_told(outcome))
                if isinstance(outcome, Exit):
                    break
        finally:
            with anyio.CancelScope(shield=True):
                spent += (await session.close()).usage.cpu_s
    return Answered(found, spent)


def _told(outcome: Reply | Exit) -> str | None:
    if isinstance(outcome, Exit) or outcome.raised:
        return None
    try:
        return msgspec.json.decode(outcome.payload, type=str)
    except msgspec.MsgspecError:
        return None


async def confirmed(
    jail: Runtime, text: str, tests: Checks, *, cpu: float = _LONG_S, spent: Callable[[float], object] | None = None
) -> Evidence:
    """Evidence that a candidate passes all tests, from a fresh process.

    Args:
        jail: one without an open session.
        text: the candidate.
        tests: the tests.
        cpu: seconds for all of them.
        spent: is told the CPU seconds that it took.

    Raises:
        SandboxError: the machinery failed.
        UsageError: what a test expects is no literal.
    """
    expected = [read_expected(test) for test in tests.tests]
    wanted = [f"{type(value).__name__} {value!r}" for value in expected]
    got, took = await answered(jail, text, tests, cpu=cpu)
    if spent is not None:
        spent(took)
    wrong = [index for index, (a, b) in enumerate(zip(wanted, got, strict=True)) if not _equal(a, b, expected[index])]
    if not wrong:
        return Evidence(kind="tested", claim="it passes", n=len(wanted), method="all tests, in a fresh process")
    first = wrong[0]
    detail = f"{tests.tests[first].expression.strip()} gives {got[first]}, not {wanted[first]}"
    return Evidence(kind="not_shown", claim="it passes", n=len(wanted), method="all tests, fresh", detail=detail)


def _equal(wanted: str, got: str | None, expected: object) -> bool:
    if got is None or wanted == got:
        return got is not None
    kind, _, told = got.partition(" ")
    if kind not in ("set", "frozenset", "dict") or kind != wanted.partition(" ")[0]:
        return False
    try:  # these may be told in another order
        return bool(ast.literal_eval(told) == expected)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return False
