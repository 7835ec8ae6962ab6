"""App: `improve` for a whole Python program that reads standard input and prints. Dry unless it is told to apply."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack

import msgspec

from cambrian.core.errors import UsageError
from cambrian.core.event import fact
from cambrian.core.quantity import seconds as read_seconds
from cambrian.improvement.applying import apply_changes
from cambrian.improvement.campaign import told_from
from cambrian.improvement.facts import APPLIED, JUDGED, STOPPED, Applied, Judged, Stopped
from cambrian.improvement.programs import program_improvement, reads_input
from cambrian.improvement.project import Project
from cambrian.improvement.targets import Words, read_source
from cambrian.journal.kernel import Run
from cambrian.sandbox import CPythonJail

from .improving import Asked, Improved

__all__ = ["conduct_program", "is_program"]


def is_program(words: Words) -> bool:
    """Whether a person's words name a file that is a program which reads standard input."""
    path = words.path
    return not words.function and path.is_file() and path.suffix == ".py" and reads_input(read_source(path), path.name)


async def conduct_program(
    asked: Asked, words: Words, project: Project, journal: AbstractAsyncContextManager[Run], *, apply: bool,
    told: Callable[[str], None] | None,
) -> Improved:  # fmt: skip
    """Improve a program, as a run of the journal.

    Args:
        asked: what a person wants.
        words: the program's file.
        project: that it is in.
        journal: opens the run.
        apply: write what is shown.
        told: is told each step.

    Raises:
        UsageError: calls of functions were given, or it is to be proved.
    """
    if asked.given:
        raise UsageError(f"calls were given, but {str(words.path)!r} is a program that reads standard input")
    if asked.prove:
        raise UsageError(f"{str(words.path)!r} is a whole program, of which nothing can be proved; name a function")
    begun = time.monotonic()
    path, folder = words.path.resolve(), asked.folder.resolve()
    text, place = read_source(path), told_from(path, folder)
    async with AsyncExitStack() as stack:
        run = await stack.enter_async_context(journal)
        lanes, jail = await CPythonJail.start(), await CPythonJail.start()
        stack.push_async_callback(lanes.aclose)
        stack.push_async_callback(jail.aclose)
        found = await program_improvement(
            lanes, jail, text, path=place, place=place, seed=asked.seed, least=asked.least, told=told,
            seconds=read_seconds(asked.budget),
        )  # fmt: skip
        after, found = found.after, msgspec.structs.replace(found, after="")
        await run.append(fact(JUDGED, Judged(improvement=found)))
        written = None
        if apply and after and found.applicable:
            changes = {path.relative_to(project.root).as_posix(): (text, after)}
            done = await apply_changes(project.root, changes, why="cambrian improve", run=run.id)
            written = Applied(project=str(project.root), files=tuple(changes), undo=done.id)
            await run.append(fact(APPLIED, written, channel="control"))
        await run.append(fact(STOPPED, Stopped(reason="finished"), channel="control"))
    return Improved(
        run=run.id, folder=str(folder), project=str(project.root), found=(found,), diff=found.diff if after else "",
        seconds=round(time.monotonic() - begun, 3), applied=written.files if written else (),
        undo=written.undo if written else "",
    )  # fmt: skip
