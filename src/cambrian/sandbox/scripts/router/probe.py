"""Sandbox, scripts, router: finds out what a runtime can do, by doing it; keeps what came out by engine version.

Python snippets make one script together: if that succeeds, the runtime has all of their features; if not, its halves
are tried. So a runtime that has everything is known after one script, one that lacks a few things after a few dozen.
JavaScript can try them one by one in one script.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from statistics import median
from typing import cast

import msgspec

from cambrian.core.limits import Limits
from cambrian.core.ports import Clock, Exit
from cambrian.core.script import Done, Language, Script, Turn
from cambrian.sandbox.scripts.port import ScriptRuntime, Terms

from .snippets import Snippet, joined, snippets, survey
from .table import Capabilities

__all__ = ["BUDGET_S", "kept", "probe", "probed"]

BUDGET_S = 2.0
"""Seconds that probing one runtime may take; what was not tried by then is unknown."""
_STARTS = 3
"""Scripts that do nothing, run to see what a start takes."""
_LIMITS = Limits(wall=1.0, cpu=1.0, memory=64 * 2**20, output=4096)
_TERMS = Terms(seed=0, now=0.0)


async def probed(runtime: ScriptRuntime, folder: Path, *, clock: Clock) -> Capabilities:
    """What a runtime can do: as kept from an earlier time; what is not known from then is found out now, and kept.

    Args:
        runtime: as it is here, in its jail.
        folder: where tables are kept, one file per runtime, engine version and set of snippets. Made if need be. A file
            that is damaged is written anew.
        clock: for the budget.

    Raises:
        SandboxError: the runtime's machinery failed.
        OSError: the folder cannot be written.
    """
    known = kept(runtime, folder)
    if known is not None and not any(_untried(language, known.features) for language in runtime.languages):
        return known
    found = await probe(runtime, clock=clock, known=known)
    _save(_path(runtime, folder), found)
    return found


def kept(runtime: ScriptRuntime, folder: Path) -> Capabilities | None:
    """What was found out about a runtime at an earlier time, if anything. Starts nothing."""
    return _load(_path(runtime, folder), runtime)


def _path(runtime: ScriptRuntime, folder: Path) -> Path:
    return folder / f"{runtime.name}-{_digest(runtime)}.json"


async def probe(runtime: ScriptRuntime, *, clock: Clock, known: Capabilities | None = None) -> Capabilities:
    """What a runtime can do.

    Args:
        runtime: as it is here, in its jail.
        clock: for the budget.
        known: what need not be found out.

    Raises:
        SandboxError: the runtime's machinery failed.
    """
    deadline = clock.monotonic() + BUDGET_S
    features = dict(known.features) if known is not None else {}
    start_ms = known.start_ms if known is not None else 0.0
    if await _turn(runtime, runtime.languages[0], "1") is not None:  # the first one waits for a worker
        for language in runtime.languages:
            await _probe(runtime, language, features, clock, deadline)
        start_ms = start_ms or await _start_ms(runtime, clock)
    own = "typescript" in runtime.languages
    return Capabilities(
        runtime=runtime.name, version=runtime.version, features=features, start_ms=start_ms, typescript=own
    )


def _untried(language: Language, features: dict[str, bool]) -> list[Snippet]:
    return [part for part in snippets(language) if part.feature not in features]


async def _probe(
    runtime: ScriptRuntime, language: Language, features: dict[str, bool], clock: Clock, deadline: float
) -> None:
    """Find out about one language; what is found is put into `features`."""
    if language == "javascript" and clock.monotonic() < deadline:
        shared = [part for part in _untried(language, features) if not part.alone]
        turn = await _turn(runtime, language, survey(shared))
        value: object = turn.value if isinstance(turn, Done) else None
        if isinstance(value, dict):
            told = cast("dict[str, object]", value)
            features.update({part.feature: told.get(part.feature) is True for part in shared})
    parts = _untried(language, features)
    todo = [*([part] for part in parts if part.alone), [part for part in parts if not part.alone]]
    while todo and clock.monotonic() < deadline:
        group = todo.pop()
        todo += await _try(runtime, language, group, features) if group else []


async def _try(
    runtime: ScriptRuntime, language: Language, group: Sequence[Snippet], features: dict[str, bool]
) -> list[list[Snippet]]:
    """Try some snippets at once; gives what is left to be tried."""
    turn = await _turn(runtime, language, joined(group, language))
    succeeded = isinstance(turn, Done)
    if succeeded or (turn is not None and len(group) == 1):
        features.update({part.feature: succeeded for part in group})
    elif len(group) > 1:
        half = len(group) // 2
        return [list(group[half:]), list(group[:half])]
    return []


async def _turn(runtime: ScriptRuntime, language: Language, code: str) -> Turn | None:
    """What a script comes to; ``None`` if a limit ended it, which says nothing."""
    execution, said = await runtime.begin(Script(code=code, language=language, name="probe"), (), _LIMITS, _TERMS)
    await execution.close()
    return None if isinstance(said, Exit) else said.turn


async def _start_ms(runtime: ScriptRuntime, clock: Clock) -> float:
    """What a script that does nothing takes: the median of a few."""
    taken: list[float] = []
    for _ in range(_STARTS):
        start = clock.monotonic()
        await _turn(runtime, runtime.languages[0], "1")
        taken.append(clock.monotonic() - start)
    return round(1e3 * median(taken), 3)


def _digest(runtime: ScriptRuntime) -> str:
    parts = [runtime.version, *(joined(snippets(language), language) for language in runtime.languages)]
    return sha256("\0".join(parts).encode()).hexdigest()[:16]


def _load(path: Path, runtime: ScriptRuntime) -> Capabilities | None:
    try:
        kept = msgspec.json.decode(path.read_bytes(), type=Capabilities)
    except (FileNotFoundError, msgspec.DecodeError):
        return None
    return kept if (kept.runtime, kept.version) == (runtime.name, runtime.version) else None


def _save(path: Path, found: Capabilities) -> None:
    """Written beside, then moved over: nobody ever reads half a table."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_bytes(msgspec.json.encode(found))
    os.replace(beside, path)
