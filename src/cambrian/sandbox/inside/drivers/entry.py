"""Sandbox, inside, drivers: the entry point of every driver. Text in, text out, so that the host decodes JSON only.

Sent to the jail as ``entry.py`` beside the driver's own ``driver.py``; standard library only.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import cast

import driver  # pyright: ignore[reportMissingImports]  # the file beside this one, in the jail

__all__ = ["ENVELOPE", "step"]

ENVELOPE = 64 * 1024
"""Bytes of a turn beside values and what was printed; the same as `sandbox.scripts.driven` allows."""

_WHAT = {"done": "its value takes", "calls": "the arguments of its calls take", "raised": "its error takes"}
_most: list[int] = []
"""Bytes that an answer may take, once a script has begun."""

_step = cast("Callable[[dict[str, object]], dict[str, object]]", driver.step)  # pyright: ignore[reportUnknownMemberType]


def step(request: str) -> str:
    """Hand one request to the driver. Bytes, which only snapshots are, travel as base64."""
    asked: dict[str, object] = json.loads(request)
    if "snapshot" in asked:
        asked["snapshot"] = base64.b64decode(str(asked["snapshot"]))
    if "output" in asked:
        _most[:] = [6 * int(cast("int", asked["output"])) + ENVELOPE]
    answer = _step(asked)
    said = _text(answer)
    if _most and len(said) > _most[0] // 2:
        size = _size(said)
        if size > _most[0]:
            return _text(_instead(str(asked["ask"]), answer, size))
    return said


def _text(answer: dict[str, object]) -> str:
    said = json.dumps(answer, default=_as_text, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return said.encode(errors="replace").decode()  # lone surrogates


def _size(said: str) -> int:
    """Bytes of the JSON text as a JSON text, which is how it leaves the jail. It has no control characters itself."""
    return len(said.encode()) + said.count('"') + said.count("\\") + 2


def _instead(ask: str, answer: dict[str, object], size: int) -> dict[str, object]:
    """What is said instead of something too large to leave the jail, which would end the process without a word."""
    turn = cast("dict[str, object]", answer.get("turn") or {})
    what = _WHAT.get(str(turn.get("turn")))
    if ask == "snapshot":
        return {"snapshot": "", "too_large": size}
    if what is None:
        return answer
    message = (
        f"{what} {size} bytes as JSON, of which {_most[0]} may leave the sandbox: six times the output that it may "
        f"print; keep it smaller, or allow more, as with --limits output=4MiB"
    )
    raised = {"turn": "raised", "type": "OutputLimit", "message": message, "traceback": "", "line": None}
    return {**answer, "turn": raised}


def _as_text(value: object) -> str:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(f"a driver gave a {type(value).__name__}, which is no JSON value")
