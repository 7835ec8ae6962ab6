"""What stands beside a task's scorer, and whether it is still the same. Values only: the app reads the folder.

A score can hang on a data file or a module beside the scorer as much as on the scorer's own text. A run writes down
what was there when it began, and is taken up again only beside the same.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

import msgspec

from cambrian.core.errors import TaskError

from .task import Task

_NOTES = frozenset({".md", ".rst", ".log", ".html", ".out"})
"""What people and tools write beside a task while it runs; it counts where the scorer's text names it."""


class Surroundings(msgspec.Struct, frozen=True):
    """What stands beside a scorer.

    Args:
        marks: path in the task's folder → what tells its content from another one, in an order that is always the same.
            A path that ends in ``/`` stands for all files right in a folder that has very many.
    """

    marks: dict[str, str]


def check_surroundings(before: Surroundings, now: Surroundings, task: Task) -> None:
    """Refuse to go on beside other files than those that a run began with.

    Args:
        before: as it was written down.
        now: as it is.
        task: whose scorer it is.

    Raises:
        TaskError: names the first file that changed, went or came, and what to do.
    """
    for path in sorted({**before.marks, **now.marks}):
        if before.marks.get(path) == now.marks.get(path) or not _counts(path, before, task):
            continue
        how = "is gone" if path not in now.marks else "changed" if path in before.marks else "is new"
        undo = "take it away again" if how == "is new" else "put it back as it was"
        raise TaskError(
            f"this file beside the scorer {how} since the run began, so old and new scores could not be compared",
            path=f"{task.folder}/{path}",
            fix=f"{undo}, or begin a new run with `cambrian evolve`; if no score hangs on it, "
            f"go on with --set same_files=false",
        )


def _counts(path: str, before: Surroundings, task: Task) -> bool:
    """Whether a score may hang on it: a new file right beside the scorer, or a note, only if the scorer names it."""
    place = PurePosixPath(path)
    aside = place.suffix in _NOTES or (path not in before.marks and "/" not in path)
    return not aside or re.search(rf"\b{re.escape(place.stem)}\b", task.evaluator_text) is not None
