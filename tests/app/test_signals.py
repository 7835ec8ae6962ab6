"""Interruptions, one after the other. The third is tried in a process of its own: it does not return."""

from __future__ import annotations

import signal
import subprocess
import sys

from cambrian.app.signals import Interruptions


class Search:
    def __init__(self) -> None:
        self.told: list[str] = []

    def finish(self) -> None:
        self.told.append("finish")

    def cancel(self) -> None:
        self.told.append("cancel")


def test_the_first_asks_and_the_second_cancels() -> None:
    search, said = Search(), list[str]()
    interruptions = Interruptions(said.append, lambda: None)
    assert interruptions.exit_code == 0
    interruptions.take(signal.SIGINT, search)
    assert (search.told, interruptions.exit_code) == (["finish"], 130)
    interruptions.take(signal.SIGINT, search)
    assert search.told == ["finish", "cancel"]
    assert len(said) == 2


def test_sigterm_and_sighup_cancel_at_once() -> None:
    for number, code in ((signal.SIGTERM, 143), (signal.SIGHUP, 129)):
        search, said = Search(), list[str]()
        interruptions = Interruptions(said.append, lambda: None)
        interruptions.take(number, search)
        assert (search.told, interruptions.exit_code) == (["cancel"], code)
        assert signal.Signals(number).name in said[0]


THIRD = """
import signal, sys
from cambrian.app.signals import Interruptions
class Search:
    def finish(self): pass
    def cancel(self): pass
interruptions = Interruptions(lambda text: None, lambda: print("left", flush=True))
for _ in range(3):
    interruptions.take(signal.SIGINT, Search())
print("still here")
"""


def test_the_third_leaves_at_once_with_the_terminal_put_back() -> None:
    done = subprocess.run([sys.executable, "-c", THIRD], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (130, "left\n"), done.stderr
