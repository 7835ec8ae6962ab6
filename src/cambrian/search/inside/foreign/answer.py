"""What an evaluator of another framework gave, as it crosses the border: numbers, or why there are none."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple, cast

TEXT = 8000
"""Characters of feedback that cross."""
_MEASURES, _NAME = 200, 100


class Order(NamedTuple):
    """What is to be evaluated.

    Args:
        framework: whose evaluator it is.
        folder: the task's folder, as it is called outside; readable here.
        evaluator: the evaluator's file in it.
        program: path of the candidate's main file.
        files: paths of all the candidate's files, the main one first.
        results: an empty folder that may be written.
        options: `cambrian.search.task.FrameworkOptions` as a dict.
    """

    framework: str
    folder: str
    evaluator: str
    program: str
    files: tuple[str, ...]
    results: str
    options: dict[str, object]


class Invalid(Exception):
    """The evaluator turned the candidate down, or gave nothing that can rank: why."""

    def __init__(self, why: str, feedback: str = "") -> None:
        super().__init__(why)
        self.feedback = feedback


def number(value: object) -> float | None:
    """A float of what counts as a number: ints, floats, numpy's scalars; not flags. `None` for anything else."""
    if not isinstance(value, int | float) and hasattr(value, "dtype") and hasattr(value, "item"):
        value = cast("Any", value).item() if getattr(value, "size", 1) == 1 else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def answer(name: str, score: object, numbers: Mapping[str, object], words: Mapping[str, object]) -> dict[str, object]:
    """An answer with a score.

    Args:
        name: the objective.
        score: what ranks.
        numbers: what else was measured; what is no finite number is told among the words.
        words: feedback by heading.

    Raises:
        Invalid: the score is no finite number.
    """
    value = number(score)
    told = dict(words)
    if value is None or not math.isfinite(value):
        shown = repr(score) if value is None else repr(value)
        raise Invalid(f"{name} is {shown[:100]}; only finite numbers can rank", text(told))
    kept: dict[str, float] = {}
    for key, item in numbers.items():
        measured = number(item)
        if measured is not None and math.isfinite(measured) and len(kept) < _MEASURES:
            kept[str(key)[:_NAME]] = measured
        elif item is not None and item != "":
            told.setdefault(str(key), item)
    return {"score": value, "numbers": kept, "feedback": text(told)}


def text(words: Mapping[str, object]) -> str:
    """Feedback as one text, each part under its heading; of a long part its beginning and its end."""
    room = max(200, TEXT // max(1, len(words)))
    parts = [f"{key}: {_cut(_text(value), room)}" for key, value in words.items() if value not in (None, "")]
    return "\n".join(parts)[:TEXT]


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    return value if isinstance(value, str) else repr(value)


def _cut(value: str, room: int) -> str:
    return value if len(value) <= room else f"{value[: room // 2]} … {value[-room // 2 :]}"
