"""``cambrian run|runtimes``: run code that an AI wrote, and see on what it can run."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import anyio
import msgspec
from cyclopts import Parameter

from cambrian.app.display.width import columns
from cambrian.core.errors import UsageError

from . import FAILED
from .options import NO_TOOLS, USUAL, Conditions, Flag, Tooling
from .output import answer, answer_json, say

if TYPE_CHECKING:
    from cambrian.app.execution.asking import Asked
    from cambrian.app.execution.results import Execution, Failure
    from cambrian.core.script import Language

_LINE = 100
_SUFFIXES: dict[str, Language] = {
    ".py": "python", ".js": "javascript", ".mjs": "javascript", ".ts": "typescript", ".mts": "typescript",
}  # fmt: skip


def run(
    script: Annotated[Path, Parameter(allow_leading_hyphen=True)],
    /,
    *,
    conditions: Conditions = USUAL,
    tooling: Tooling = NO_TOOLS,
    workspace: Path | None = None,
    explain: Flag = False,
    profile: Flag = False,
    heal: Flag = False,
    json: Flag = False,
) -> int:
    """Run a script in a sandbox and print the value of its last expression.

    The script may call tools, as functions of their names: those of a Python file, and those of MCP servers. Every call
    that may change something is recorded before it starts. Ends with status 1 if the script failed.

    For example:
      cambrian run script.py

      echo '[1, 2].map(x => x * 2)' | cambrian run - --language javascript

      cambrian run report.ts --tools tools.py --limits wall=2s,memory=64MiB --json

      cambrian run script.py --mcp 'python server.py' --approve 'write_*' --explain

    Parameters
    ----------
    script
        A file, or - for stdin.
    workspace
        Folder of the journal. Default: .cambrian.
    explain
        Say why this runtime, and what happened on the way.
    profile
        Time each line of a Python script afterwards, by playing its run again, and say what could be quicker.
    heal
        If a Python script fails by a slip that has one likely fix, go on with the mended script in a new run. What it
        called before is answered from the record, and not called again. The file stays as it is; the fix is shown.
    json
        Write an object.
    """
    asked = _asked(script, conditions, tooling, workspace)
    try:
        result = _healed(asked, quiet=json) if heal else anyio.run(asked.run, say if explain else None)
    except KeyboardInterrupt:
        say("interrupted; `cambrian runs list` names the run, and `cambrian runs trace RUN --resume` goes on with it")
        raise
    if json:
        answer_json(result)
    else:
        tell_result(result, explain=explain)
    if profile and not json:
        from cambrian.app.execution.tracing import Journey

        from .tracing import tell_profile

        tell_profile(anyio.run(Journey(run=result.run, workspace=workspace).profile))
    return 0 if result.ok else FAILED


def _healed(asked: Asked, *, quiet: bool) -> Execution:
    """Run, mend and go on; what was mended is told on stderr."""
    mended = anyio.run(asked.heal, None)
    if mended.steps and not quiet:
        say(f"{'not sure' if mended.others or not mended.execution.ok else 'healed'}: {'; '.join(mended.steps)}")
        for other in mended.others:
            say(f"  or: {other}")
        say(mended.diff.rstrip())
    return mended.execution


def _asked(script: Path, conditions: Conditions, tooling: Tooling, workspace: Path | None) -> Asked:
    from cambrian.app.execution.asking import Asked

    code, suffix = _read(script)
    return Asked(
        code=code,
        language=conditions.language or _SUFFIXES.get(suffix),
        runtime=conditions.runtime,
        preset=conditions.preset,
        given=tooling.given(),
        limits=conditions.limits,
        inputs=conditions.input,
        seed=conditions.seed,
        workspace=workspace,
        cache=conditions.cache,
        allow=tooling.allow,
        name="stdin" if str(script) == "-" else script.name,
    )


def _read(script: Path) -> tuple[str, str]:
    try:
        text = sys.stdin.read() if str(script) == "-" else script.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"the script {str(script)!r} cannot be read: {error.strerror}; name a file, or -") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"the script {str(script)!r} is no UTF-8 text: {error}; save it as UTF-8") from error
    return text, script.suffix


def tell_result(result: Execution, *, explain: bool) -> None:
    """Value and output on stdout, the rest on stderr."""
    if result.stdout:
        answer(result.stdout.removesuffix("\n"))
    if result.stderr:
        say(result.stderr.removesuffix("\n"))
    if result.ok and (result.value is not None or result.shown):
        answer(result.shown or _shown(result.value))
    if result.error is not None:
        _tell_error(result.error)
    for key in result.unknown:
        say(f"unknown whether the tool call {key} happened; it was not repeated")
    if explain:
        _explain(result)


def _tell_error(error: Failure) -> None:
    where = f" (line {error.line})" if error.line else ""
    brief = f"{error.type}: {error.message}"
    trace = error.traceback.removesuffix("\n")
    if not trace:
        say(f"{brief}{where}")
    else:  # QuickJS leaves the message out of its stacks
        say(trace if error.message in trace else f"{brief}\n{trace}")


def _explain(result: Execution) -> None:
    """Where it ran, why there, and what it cost."""
    for line in (
        *(f"left {each}" for each in result.left),
        *(f"  for {each}" for each in result.advice),
        *(f"  {reason}" for reason in result.reasons),
    ):
        say(line)
    say(f"ran on {result.runtime or 'no runtime'} {result.level}")
    say(f"{result.wall_ms:.1f} ms in all, {result.code_ms:.1f} ms in the code, {result.calls} calls; {result.run}")


def _shown(value: object) -> str:
    """A value as JSON: on one line if it is short."""
    data = msgspec.json.encode(value)
    return (data if len(data) <= _LINE else msgspec.json.format(data, indent=2)).decode()


def runtimes(*, measure: Flag = False, json: Flag = False) -> int:
    """List the runtimes of scripts: which are here, what they isolate, and what one command would add.

    For example:
      cambrian runtimes

      cambrian runtimes --measure

    Parameters
    ----------
    measure
        Start each and time it.
    json
        Write an array.
    """
    from cambrian.app.execution.inventory import inventory

    found = anyio.run(inventory, measure)
    if json:
        answer_json(found)
        return 0
    rows = [("RUNTIME", "LANGUAGES", "VERSION", "LEVEL", "FIRST", "WARM", "")]
    for each in found:
        first = "" if each.first_ms is None else f"{each.first_ms:.1f} ms"
        warm = "" if each.warm_ms is None else f"{each.warm_ms:.2f} ms"
        languages = ", ".join(each.languages)
        rows.append((each.name, languages, each.version, each.level, first, warm, each.missing and f"add: {each.fix}"))
    answer(columns(rows))
    for each in found:
        if each.failed:
            say(f"{each.name}: {each.failed}")
    return 0
