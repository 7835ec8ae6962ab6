"""Runs small generated functions in a child that can neither loop for ever nor eat the machine. Not a jail."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from types import TracebackType
from typing import Self, cast

_CHILD = """
import json, resource, signal, sys
resource.setrlimit(resource.RLIMIT_AS, (400 << 20, 400 << 20))
answers = sys.stdout
sys.stdout = sys.stderr
class Late(BaseException):
    pass
def bounded(do, *arguments):
    left = [2000]
    def count(frame, event, arg):
        left[0] -= 1
        if left[0] < 0:
            raise Late
        return count
    sys.settrace(count)
    try:
        return do(*arguments)
    except (Exception, Late):
        return None
    finally:
        sys.settrace(None)
def answer(text, cases):
    space = {}
    bounded(exec, compile(text, "generated", "exec"), space)
    return [value if type(value := bounded(space.get("f"), *case)) is int else None for case in cases]
for line in sys.stdin:
    signal.setitimer(signal.ITIMER_VIRTUAL, 2)  # no handler: a power tower in C ends the process
    try:
        told = json.dumps(answer(*json.loads(line)))
    except (Exception, Late):
        told = "null"
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    print(told, file=answers, flush=True)
"""


class Trial:
    """Calls a program's ``f`` on cases; use as a context manager."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[str] | None = None

    def answers(self, text: str, cases: Sequence[Sequence[object]]) -> list[int | None]:
        """What ``f`` gives for each case: a whole number, or ``None`` for everything else."""
        child = self._child or self._start()
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(json.dumps([text, cases]) + "\n")
        child.stdin.flush()
        line = child.stdout.readline()
        if not line:
            self._stop()
        told = cast("list[int | None] | None", json.loads(line or "null"))
        return told or [None] * len(cases)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._stop()

    def _start(self) -> subprocess.Popen[str]:
        self._child = subprocess.Popen(
            [sys.executable, "-I", "-c", _CHILD],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        return self._child

    def _stop(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.communicate()
