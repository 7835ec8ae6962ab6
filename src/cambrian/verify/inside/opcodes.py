"""Runs in a candidate's jail, shipped as text: counts the bytecode instructions that a call executes. Stdlib only.

A guide, never evidence: it shares a process with the program it counts, which can switch the counting off, run in
another thread or in C. CPython from 3.12 on counts by `sys.monitoring` (PEP 669), which also sees other threads; 3.11
by `sys.settrace`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any

_TOOL = 4


def counted(function: Callable[..., object], arguments: tuple[object, ...], report: dict[str, object]) -> object:
    """Call a function and put what it executed into the report as ``opcodes``, also when it raises."""
    report.pop("opcodes", None)
    meter = _monitoring if sys.version_info >= (3, 12) else _tracing
    return meter(function, arguments, report)


def _tracing(function: Callable[..., object], arguments: tuple[object, ...], report: dict[str, object]) -> object:
    count = 0

    def inside(_frame: FrameType, event: str, _detail: Any) -> Any:
        nonlocal count
        if event == "opcode":
            count += 1
        return inside

    def enter(frame: FrameType, _event: str, _detail: Any) -> Any:
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        return inside

    sys.settrace(enter)
    try:
        return function(*arguments)
    finally:
        sys.settrace(None)
        report["opcodes"] = count


if sys.version_info >= (3, 12):

    def _monitoring(
        function: Callable[..., object], arguments: tuple[object, ...], report: dict[str, object]
    ) -> object:
        count, own, monitoring = 0, sys._getframe().f_code, sys.monitoring

        def step(code: CodeType, _offset: int) -> None:
            nonlocal count
            if code is not own:
                count += 1

        monitoring.use_tool_id(_TOOL, "cambrian")
        monitoring.register_callback(_TOOL, monitoring.events.INSTRUCTION, step)
        monitoring.set_events(_TOOL, monitoring.events.INSTRUCTION)
        try:
            return function(*arguments)
        finally:
            monitoring.set_events(_TOOL, 0)
            monitoring.free_tool_id(_TOOL)
            report["opcodes"] = count
