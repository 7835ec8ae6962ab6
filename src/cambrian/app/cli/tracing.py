"""``cambrian runs trace``: the moments of a script's run; go back to one, look, change, go on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import anyio
import msgspec

from cambrian.app.display.width import columns
from cambrian.core.errors import UsageError

from . import FAILED
from .options import NO_TOOLS, TRACE, Flag, Look, Several, Tooling
from .output import answer, answer_json, say
from .running import tell_result

if TYPE_CHECKING:
    from cambrian.app.execution.comparing import Difference
    from cambrian.app.execution.history import LineStep, Step, Trace
    from cambrian.app.execution.profiling import Profile
    from cambrian.app.execution.tracing import Journey
    from cambrian.core.tool import Call

_WIDE = 60
_LINES = 15


def trace(
    run: str = "last",
    /,
    *,
    at: str = "",
    set: Several = (),
    look: Look = TRACE,
    tooling: Tooling = NO_TOOLS,
    workspace: Path | None = None,
    json: Flag = False,
) -> int:
    """Go back in time in the run of a script: list its calls, look at its variables, change them, go on from there.

    The run itself is never changed: whoever goes on from a moment begins a run of his own, whose past is this one's.

    For example:
      cambrian runs trace last

      cambrian runs trace last --at call=47 --inspect

      cambrian runs trace last --at call=47 --lines

      cambrian runs trace last --at 47 --set total=0 --resume --tools tools.py

      cambrian runs trace last --replay

      cambrian runs trace last --profile

      cambrian runs trace last --diff r-01m7

    Parameters
    ----------
    run
        A run of `cambrian run`.
    at
        call=N: the moment at which the script waits for the answer of call N, counted from 0.
    set
        NAME=JSON: set a variable when the answer comes. May be repeated.
    workspace
        Folder of the journal. Default: .cambrian.
    json
        Write an object.
    """
    from cambrian.app.execution.tracing import Journey

    look.check()
    if set and not (look.resume or look.replay):
        raise UsageError("--set changes what comes after; say --resume or --replay too")
    journey = Journey(
        run=run,
        at=_call(at),
        edits=set,
        given=tooling.given(),
        workspace=workspace,
        other=look.diff,
        allow=tooling.allow,
    )
    return _go(journey, look, json=json)


def _go(journey: Journey, look: Look, *, json: bool) -> int:
    if look.lines:
        return _tell_steps(anyio.run(journey.steps), json=json)
    if look.inspect:
        return _show(anyio.run(journey.inspect), json=json)
    if look.resume or look.replay:
        result = anyio.run(journey.resume if look.resume else journey.replay)
        if json:
            answer_json(result)
        else:
            tell_result(result, explain=True)
        return 0 if result.ok else FAILED
    if look.profile:
        return tell_profile(anyio.run(journey.profile), json=json)
    if look.diff:
        return _tell_difference(anyio.run(journey.diff), json=json)
    found = anyio.run(journey.trace)
    if json:
        answer_json(found)
    else:
        _tell_trace(found)
    return 0


def _call(text: str) -> int | None:
    number = text.removeprefix("call=")
    if not text:
        return None
    if not number.isdecimal():
        raise UsageError(f"--at {text!r} names no call; write for example --at call=47")
    return int(number)


def _show(variables: dict[str, object], *, json: bool) -> int:
    if json:
        answer_json(variables)
    else:
        answer("\n".join(f"{name} = {msgspec.json.encode(value).decode()}" for name, value in variables.items()))
    return 0


def _tell_trace(found: Trace) -> None:
    rows = [("CALL", "", "ANSWER", "SNAPSHOT")]
    for step in found.steps:
        gave = f"error: {step.error}" if step.error else _short(step.value)
        rows.append((str(step.call), _told(step), gave[:_WIDE], f"{step.snapshot} B" if step.snapshot else ""))
    if found.steps:
        answer(columns(rows))
    origin = f", forked from {found.parent}" if found.parent else ""
    say(f"{found.run}: {found.status or 'not ended'} on {' → '.join(found.runtimes) or 'no runtime'}{origin}")
    for left in found.left:
        say(f"left {left}")
    for call in found.open:
        say(f"unknown whether {_told(call)} happened: it was begun, and no outcome is on record")


def _told(made: Step | Call) -> str:
    given = [*map(_short, made.args), *(f"{name}={_short(value)}" for name, value in made.kwargs.items())]
    return f"{made.tool}({', '.join(given)})"[:_WIDE]


def _short(value: object) -> str:
    text = msgspec.json.encode(value).decode()
    return text if len(text) <= _WIDE else f"{text[: _WIDE - 1]}…"


def _tell_steps(found: Sequence[LineStep], *, json: bool) -> int:
    if json:
        answer_json(found)
        return 0
    for step in found:
        changed = ", ".join(f"{name} = {text}" for name, text in step.changed.items())
        where = f" in {step.function}" if step.function else ""
        answer(f"{step.line:>5}{where}  {step.text[:_WIDE]}" + (f"    # {changed}" if changed else ""))
    return 0


def tell_profile(found: Profile, *, json: bool = False) -> int:
    """Lines, calls and suggestions."""
    if json:
        answer_json(found)
        return 0
    rows = [("LINE", "TIMES", "MS", "SHARE", "")]
    for line in found.lines[:_LINES]:
        cells = (str(line.line), str(line.count), f"{line.ms:.2f}", f"{line.share:.0%}", line.text[:_WIDE])
        rows.append(cells)
    answer(columns(rows))
    for call in found.calls:
        again = f", {call.repeated} of them again with the same arguments" if call.repeated else ""
        answer(f"{call.tool}(): {call.calls} calls{again}, {call.ms:.1f} ms")
    for suggestion in found.suggestions:
        say(f"suggestion: {suggestion}")
    return 0


def _tell_difference(found: Difference, *, json: bool) -> int:
    if json:
        answer_json(found)
    else:
        answer("\n".join(found.lines) or "the same calls, answers and end")
    return 0
