"""Sandbox, inside, drivers: the entry point of every driver. Text in, text out, so that the host decodes JSON only.

Sent to the jail as ``entry.py`` beside the driver's own ``driver.py``; standard library only.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import cast

import driver  # pyright: ignore[reportMissingImports]  # the file beside this one, in the jail

__all__ = ["step"]

_step = cast("Callable[[dict[str, object]], dict[str, object]]", driver.step)  # pyright: ignore[reportUnknownMemberType]


def step(request: str) -> str:
    """Hand one request to the driver. Bytes, which only snapshots are, travel as base64."""
    asked: dict[str, object] = json.loads(request)
    if "snapshot" in asked:
        asked["snapshot"] = base64.b64decode(str(asked["snapshot"]))
    said = json.dumps(_step(asked), default=_as_text, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return said.encode(errors="replace").decode()  # lone surrogates


def _as_text(value: object) -> str:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(f"a driver gave a {type(value).__name__}, which is no JSON value")
