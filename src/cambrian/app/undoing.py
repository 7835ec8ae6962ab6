"""What was written into a person's files and can be taken back, as the command line tells it."""

from __future__ import annotations

from pathlib import Path

import msgspec

from cambrian.improvement.applying import list_damaged, list_undo, undo_changes

from .results import timestamp

LAST = "last"


class Writing(msgspec.Struct, frozen=True, kw_only=True):
    """One writing into a project's files.

    Args:
        id: its number in the project.
        at: when, RFC 3339 in UTC.
        why: the command that wrote.
        run: the run that it came from; "" if none.
        state: "applied", "undone", "cut off" (and put back), "left" (cut off, and edited since), "writing" or
            "undoing" (cut off, to be settled by the next call), "damaged" (its record cannot be read; `why` says so).
        files: paths, relative to the project.
    """

    id: str
    at: str
    why: str
    run: str
    state: str
    files: tuple[str, ...]

    @property
    def line(self) -> str:
        """For a terminal."""
        if self.state == "damaged":
            return f"{self.id:>4}  damaged: {self.why}"
        return f"{self.id:>4}  {self.at}  {self.state:<8}  {self.why}  {', '.join(self.files)}"


class Undone(msgspec.Struct, frozen=True, kw_only=True):
    """What was taken back.

    Args:
        id: number of the writing.
        folder: the project's.
        files: paths, relative to it.
        settled: what had been cut off before and was settled now, in words.
    """

    id: str
    folder: str
    files: tuple[str, ...]
    settled: tuple[str, ...] = ()


def listed(project: Path) -> list[Writing]:
    """Everything that was written, newest first."""
    found = [
        Writing(
            id=record.id, at=timestamp(record.at), why=record.why, run=record.run, state=record.state.value,
            files=tuple(record.files),
        )
        for record in list_undo(project)
    ]  # fmt: skip
    found += [
        Writing(id=each.id, at="", why=str(each), run="", state="damaged", files=()) for each in list_damaged(project)
    ]
    return sorted(found, key=lambda each: -int(each.id))


async def undo_last(project: Path, which: str = LAST) -> Undone:
    """Take a writing back.

    Raises:
        UsageError: it cannot be; nothing was changed.
    """
    done = await undo_changes(project, which)
    return Undone(id=done.id, folder=str(project.resolve()), files=done.files, settled=done.settled)
