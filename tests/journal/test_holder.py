from __future__ import annotations

import os
import subprocess
import sys

from cambrian.journal.holder import is_gone, this_process


def test_this_process_is_not_gone() -> None:
    assert not is_gone(this_process())
    assert this_process() == this_process()
    assert f":{os.getpid()}:" in this_process()


def test_an_ended_process_is_gone_also_as_a_zombie() -> None:
    show = "from cambrian.journal.holder import this_process; print(this_process())"
    child = subprocess.Popen([sys.executable, "-c", show], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    with child.stdout:
        name = child.stdout.read().strip()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)  # ended, not yet collected
    assert is_gone(name)
    child.wait(30)
    assert is_gone(name)


def test_a_reused_pid_is_another_process() -> None:
    head, _, start = this_process().rpartition(":")
    assert is_gone(f"{head}:{int(start) - 1}")


def test_what_cannot_be_seen_from_here_is_not_gone() -> None:
    host, boot, namespace, pid, start = this_process().rsplit(":", 4)
    for name in (
        f"elsewhere:{boot}:{namespace}:{pid}:0",
        f"{host}:other-boot:{namespace}:{pid}:0",
        f"{host}:{boot}:1:{pid}:0",
        f"{host}:{boot}:{namespace}:x:{start}",
        "somebody",
        "",
    ):
        assert not is_gone(name), name
