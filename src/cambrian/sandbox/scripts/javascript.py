"""Sandbox, scripts: the bridge of all JavaScript engines, put together from its files. Text only."""

from __future__ import annotations

import re

from .driven import driver_text

__all__ = ["bridge", "loop", "parts"]

_PARTS = ("values", "inspection", "console", "time", "chance", "timers", "completion", "tools")
_COMMENT = re.compile(r"^\s*//.*\n|^[ ]+|[ ]+//[ ][^\"'`\n]*$", re.MULTILINE)


def bridge(last: str) -> str:
    """Text of a Python module: ``CORE``, an expression of JavaScript, and ``PARTS``, name → text.

    Comments and indentation are left out: an engine compiles the core once per script.

    Args:
        last: the file that is the engine's own, the end of the core.
    """
    return f"CORE = {_core(last)!r}\n{parts()}"


def parts() -> str:
    """Text of a Python module: ``PARTS`` alone."""
    return f"PARTS = { ({part: _bare(f'{part}.js') for part in _PARTS})!r}\n"


def loop() -> str:
    """Text of the main file of an engine that is a process of its own."""
    return f"const bridge = {_core('engine.js')};\n{_bare('loop.js')}"


def _core(last: str) -> str:
    return "(() => {\n'use strict';\n" + _bare("core.js") + _bare(last) + "})()"


def _bare(name: str) -> str:
    return _COMMENT.sub("", driver_text(f"javascript/{name}"))
