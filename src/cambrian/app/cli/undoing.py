"""``cambrian undo``: take back what Cambrian has written into a person's files, and list what it has written."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import anyio
from cyclopts import Parameter

from cambrian.app.undoing import LAST, listed, undo_last
from cambrian.core.errors import UsageError

from .output import answer, answer_json, say

Flag = Annotated[bool, Parameter(negative="")]


def undo(
    which: str = LAST,
    /,
    *,
    list: Flag = False,
    project: Path | None = None,
    json: Flag = False,
) -> int:
    """Put back what stood in your files before `improve`, `heal` or `secure` wrote into them with --apply.

    Refuses if a file was changed since, and names it. A writing that was cut off is put back first, and told.

    For example:
      cambrian undo

      cambrian undo --list

      cambrian undo 3

    Parameters
    ----------
    which
        Number of a writing, as --list shows it, or "last".
    list
        Show what was written, newest first; changes nothing.
    project
        The project's folder. Default: the nearest one, from here upwards, into which something was written.
    json
        Write an object; with --list, a list of objects.
    """
    place = _project(project)
    if list:
        records = listed(place)
        if json:
            answer_json(records)
        else:
            answer("\n".join(record.line for record in records) or "nothing was written yet")
        return 0
    done = anyio.run(undo_last, place, which)
    if json:
        answer_json(done)
    for line in done.settled:
        say(f"note: {line}")
    say(f"took back writing {done.id} in {done.folder}: {', '.join(done.files)}")
    return 0


def _project(given: Path | None) -> Path:
    if given is not None:
        if not given.is_dir():
            raise UsageError(f"{str(given)!r} is no folder; name the project's folder")
        return given
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / ".cambrian" / "undo").is_dir()), here)
