"""Deterministic cost: the same program on the same input costs the same again, on a busy machine too.

    count_opcodes       bytecode instructions of one call, counted inside a jail: a guide for a search, never evidence
    count_instructions  machine instructions of a *trusted* command under callgrind, counted by valgrind

Fewer is not faster: a count knows no cache and no branch predictor. Speed is shown by `timing`.
"""

from __future__ import annotations

import math
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

import anyio
import msgspec

from cambrian.core.errors import CapabilityMissing, UsageError
from cambrian.core.evidence import Evidence
from cambrian.core.limits import Limits
from cambrian.core.ports import Exit, Program, Reply, Runtime
from cambrian.sandbox.inside.importer import module_name

__all__ = ["Cost", "Counted", "compare_costs", "count_instructions", "count_opcodes", "counting", "read_callgrind"]

Unit = Literal["opcodes", "instructions"]

_METER, _ENTRY = "cambrian_opcodes.py", "cambrian_opcodes_entry.py"
_ENTRY_TEXT = """
import importlib
from cambrian_opcodes import counted
_target = getattr(importlib.import_module({module!r}), {function!r})
__report__ = {{}}
def call(*arguments):
    return counted(_target, arguments, __report__)
"""
_CALLGRIND = "callgrind"
_OPCODE_METHOD = "bytecode of CPython {}.{}, counted in the program's own process".format(*sys.version_info)
_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "PYTHONHASHSEED": "0"}


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """What a call or a command took.

    Args:
        value: how many.
        unit: of what.
        method: who counted.
    """

    value: int
    unit: Unit
    method: str


class Counted(NamedTuple):
    """A call that was counted.

    Attributes:
        cost: `None` if it raised, ended, or reported no count.
        outcome: its reply, or how the program ended.
    """

    cost: Cost | None
    outcome: Reply | Exit


class _Report(msgspec.Struct):
    opcodes: Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]


def counting(program: Program) -> Program:
    """The same program with an entry point that gives the same value and reports the opcodes of each call.

    Raises:
        UsageError: the program has a file of the meter's name.
    """
    for name in (_METER, _ENTRY):
        if name in program.files:
            raise UsageError(f"the program has a file {name!r}, which is the meter's; rename it")
    path, _, function = program.entry.partition(":")
    meter = resources.files("cambrian.verify.inside").joinpath("opcodes.py").read_text(encoding="utf-8")
    entry = _ENTRY_TEXT.format(module=module_name(path), function=function)
    return Program(files={**program.files, _METER: meter, _ENTRY: entry}, entry=f"{_ENTRY}:call")


async def count_opcodes(jail: Runtime, program: Program, payload: bytes, limits: Limits) -> Counted:
    """Call a program once, fresh, and read what it says it executed. It runs some 50 times slower than uncounted.

    Args:
        jail: where it runs; one with no session open.
        program: the program; its entry takes the arguments.
        payload: the arguments, encoded by `core.codec`.
        limits: of loading and call together.

    Raises:
        SandboxError: the machinery failed.
        UsageError: the program has a file of the meter's name.
    """
    session = await jail.launch(counting(program), limits)
    if isinstance(session, Exit):
        return Counted(None, session)
    try:
        outcome = await session.call(payload)
    finally:
        with anyio.CancelScope(shield=True):
            await session.close()
    if isinstance(outcome, Exit) or outcome.raised:
        return Counted(None, outcome)
    return Counted(_read_report(outcome.report), outcome)


def _read_report(report: bytes) -> Cost | None:
    try:
        count = msgspec.json.decode(report, type=_Report).opcodes
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None  # the program took the report away, or wrote over it
    return Cost(value=count, unit="opcodes", method=_OPCODE_METHOD)


async def count_instructions(
    command: Sequence[str], *, cwd: Path, wall: float = 300.0, environment: Mapping[str, str] | None = None
) -> Cost:
    """Run a command under callgrind and read how many machine instructions it took. Some 50 times slower than bare.

    The command is **not confined**: give it what you trust. Processes that it forks count, programs that it starts
    do not. Its output is thrown away.

    Args:
        command: program and arguments.
        cwd: the folder it runs in.
        wall: seconds until it is killed with its process group.
        environment: its variables; by default a fixed search path and locale, and Python's hash seed at 0.

    Raises:
        CapabilityMissing: valgrind is not there.
        UsageError: the command fails, or takes longer than `wall`.
    """
    place = shutil.which("valgrind")
    if place is None:
        fix = "install valgrind, or compare by time or by opcodes"
        raise CapabilityMissing(_CALLGRIND, "instructions cannot be counted: valgrind is not found", fix=fix)
    with tempfile.TemporaryDirectory(prefix="cambrian-callgrind-") as folder:
        words = [place, "--tool=callgrind", f"--callgrind-out-file={folder}/out.%p", f"--log-file={folder}/log.%p"]
        status = await _run([*words, "--", *command], cwd, wall, dict(environment or _ENVIRONMENT))
        outputs = [path.read_text(encoding="utf-8", errors="replace") for path in Path(folder).glob("out.*")]
    shown = " ".join(command)[:200]
    if status is None:
        raise UsageError(f"command {shown!r} did not end within {wall:g} s under callgrind; count a smaller input")
    if status or not outputs:
        raise UsageError(f"command {shown!r} ended with {status} under callgrind; see that it runs in {str(cwd)!r}")
    total = sum(map(read_callgrind, outputs))
    return Cost(value=total, unit="instructions", method="callgrind, instructions read (Ir)")


async def _run(words: list[str], cwd: Path, wall: float, environment: dict[str, str]) -> int | None:
    """Exit status; `None` if the time was up. Nothing of its process group is left."""
    process = await anyio.open_process(
        words, cwd=cwd, env=environment, start_new_session=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        with anyio.move_on_after(wall):
            return await process.wait()
        return None
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        with anyio.CancelScope(shield=True):
            await process.wait()
            await process.aclose()


def read_callgrind(text: str) -> int:
    """Instructions in a file that callgrind wrote (Callgrind Format 1, ``summary:`` and ``totals:``).

    Raises:
        UsageError: it is no such file, or instructions are not its first event.
    """
    fields = dict(
        line.split(":", 1) for line in text.splitlines() if line.startswith(("events:", "summary:", "totals:"))
    )
    events, numbers = fields.get("events", "").split(), (fields.get("totals") or fields.get("summary") or "").split()
    if events[:1] != ["Ir"] or not numbers or not numbers[0].isdecimal():
        raise UsageError(f"not the output of callgrind: events {events[:3]!r}, totals {numbers[:3]!r}")
    return int(numbers[0])


def compare_costs(control: Sequence[Cost], candidate: Sequence[Cost]) -> Evidence:
    """What counts of two programs on the same inputs say; the estimate is control over candidate, geometric mean.

    *Tested* if the candidate took fewer instructions on every input. Opcodes never show anything: the program that was
    counted could have switched the counting off.

    Raises:
        UsageError: the inputs are not the same number, there is none, a count is zero, or units and methods differ.
    """
    if not control or len(control) != len(candidate):
        raise UsageError(f"{len(control)} counts of the control, {len(candidate)} of the candidate: pair them by input")
    kinds = {(cost.unit, cost.method) for cost in (*control, *candidate)}
    if len(kinds) > 1 or min(cost.value for cost in (*control, *candidate)) < 1:
        raise UsageError(f"counts of {sorted(kinds)!r} do not compare; they must be of one kind and above zero")
    [(unit, method)] = kinds
    ratios = [before.value / after.value for before, after in zip(control, candidate, strict=True)]
    fewer = sum(ratio > 1 for ratio in ratios)
    guide = "; a guide only: the program could have switched the counting off" if unit == "opcodes" else ""
    return Evidence(
        kind="tested" if unit == "instructions" and fewer == len(ratios) else "not_shown",
        claim=f"the candidate takes fewer {unit}", n=len(ratios),
        estimate=math.exp(sum(map(math.log, ratios)) / len(ratios)), lower=min(ratios), upper=max(ratios),
        unit="×", method=method, detail=f"fewer on {fewer} of {len(ratios)} inputs{guide}",
    )  # fmt: skip
