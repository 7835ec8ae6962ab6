"""The CPU clock of a process tree, where processes end while it is read."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from cambrian.sandbox.treeclock import TreeClock


def test_a_process_that_ends_while_the_tree_is_read_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """It was: the first look found the process, the sum right after it asked for a clock that was gone."""
    real, asked = time.clock_gettime, list[int]()

    def ended_after_the_first(clock: int) -> float:
        asked.append(clock)
        if clock < 0 and len(asked) > 1:
            raise OSError(22, "Invalid argument")
        return real(clock)

    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        clock = TreeClock(child.pid, os.getpid())
        monkeypatch.setattr(time, "clock_gettime", ended_after_the_first)
        assert clock.seconds() >= 0.0
        assert asked
        asked.clear()
        assert clock.seconds() >= 0.0
