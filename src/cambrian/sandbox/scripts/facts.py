"""Sandbox, scripts: what is written about the run of a script. The events of a run of kind ``"execution"``."""

from __future__ import annotations

import msgspec

from cambrian.core.ids import Digest
from cambrian.core.limits import Limits
from cambrian.core.script import Raised, Script
from cambrian.core.tool import Tool

from .port import Terms
from .replay import Recorded

__all__ = [
    "ANSWERED",
    "ATTEMPTED",
    "CHECKPOINT",
    "EDITED",
    "ENDED",
    "HEALED",
    "LEFT",
    "Attempted",
    "Checkpointed",
    "Edited",
    "Ended",
    "Healed",
    "Left",
    "Opened",
    "Recorded",
]

ATTEMPTED = "execution.attempted"
LEFT = "execution.left"
CHECKPOINT = "execution.checkpoint"
EDITED = "execution.edited"
HEALED = "execution.healed"
ANSWERED = "execution.answered"
ENDED = "execution.ended"


class Opened(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an execution was asked to do: the data of its run.

    Args:
        script: the code and its inputs.
        limits: of the whole run; those on time count while the code runs, not while it waits for tools.
        terms: seed and beginning.
        tools: those that it was given, by description only.
        preset: whose isolation floor holds.
        allow: what else it may reach, as ``--allow`` has it.
        most_calls: tool calls that it may make.
        bucket: of the router's cost model.
        work: likewise, what the text lets one expect.
    """

    script: Script
    limits: Limits
    terms: Terms
    tools: tuple[Tool, ...] = ()
    preset: str = "standard"
    allow: tuple[str, ...] = ()
    most_calls: int = 1000
    bucket: str = ""
    work: float = 0.0


class Attempted(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A runtime begins with the script; recorded calls are answered from the record.

    Args:
        runtime: its name.
        version: of the engine.
        level: of the jail, ``"L3"``.
        reasons: why this one.
        recorded: calls on record at this moment.
    """

    runtime: str
    version: str
    level: str
    reasons: tuple[str, ...] = ()
    recorded: int = 0


class Healed(msgspec.Struct, frozen=True, kw_only=True):
    """From here on, and for all that is on record, the script is another one: it was healed.

    Args:
        code: its text now.
        what: the fix, in a few words.
    """

    code: str
    what: str


class Edited(msgspec.Struct, frozen=True, kw_only=True):
    """From here on variables of the script are other ones than the code makes them: set with the answer of a call.

    Args:
        call: its id.
        variables: name → JSON value.
    """

    call: int
    variables: dict[str, object]


class Checkpointed(msgspec.Struct, frozen=True, kw_only=True):
    """The state of the script where it waits for calls, to be gone back to.

    Args:
        run: in which it was made; a fork has its parent's.
        call: id of the first of those calls.
        runtime: whose state it is.
        version: of the engine.
        snapshot: the state, as a blob.
        size: its bytes.
        seal: signature of the state, bound to the run, the code, the runtime and its version. A state without a valid
            one is never loaded.
    """

    run: str
    call: int
    runtime: str
    version: str
    snapshot: Digest
    size: int
    seal: str


class Left(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A runtime could not go on; the next one runs the same script from its beginning.

    Args:
        runtime: its name.
        gap: what it lacks; or how its machinery failed.
        line: of the script, where known.
        failure: whether it was the machinery.
        took_s: seconds from the wish for a worker to this, without waiting for tools.
    """

    runtime: str
    gap: str
    line: int | None = None
    failure: bool = False
    took_s: float = 0.0


class Ended(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How an execution ended.

    Args:
        status: ``"ok"``; ``"error"``: the code raised; ``"gap"``: no runtime that may run it can; ``"diverged"``; or a
            jail's verdict (``"timeout"``, ``"memory"``, …).
        value: of the last expression, a JSON value.
        shown: its representation, where it is no JSON value.
        stdout: what was printed.
        stderr: what was printed as an error.
        error: what the code raised.
        detail: which limit, gap or refusal.
        runtime: the one that it ended on.
        level: of its jail.
        wall_s: seconds that the code ran there.
        cpu_s: CPU seconds, likewise.
        took_s: seconds from the wish for a worker of that runtime to the end, without waiting for tools; 0 where that
            says nothing of other scripts, as for a quick one that was the first in its process.
        calls: tool calls that the code made.
        unknown: calls of which nobody knows whether they happened; none of them was repeated.
    """

    status: str
    value: object = None
    shown: str = ""
    stdout: str = ""
    stderr: str = ""
    error: Raised | None = None
    detail: str = ""
    runtime: str = ""
    level: str = ""
    wall_s: float = 0.0
    cpu_s: float = 0.0
    took_s: float = 0.0
    calls: int = 0
    unknown: tuple[str, ...] = ()
