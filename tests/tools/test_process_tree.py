"""Trees of processes: who belongs to one, and that nobody else is touched."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from cambrian.tools.process_tree import kill_tree, members, new_mark

TREE = """
sleep 60 &
setsid sleep 60 &
env -i sleep 60 &
sh -c 'setsid sleep 60 >/dev/null 2>&1 & setsid sh -c "env -i sleep 60 & wait" &' &
wait
"""


@pytest.fixture
def stranger() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(["sleep", "60"]) as process:
        yield process
        process.kill()


def eventually(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end, "it did not come true in 20 s"
        time.sleep(0.02)


def running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


def test_the_whole_tree_and_nobody_else(stranger: subprocess.Popen[bytes]) -> None:
    mark, other = new_mark(), new_mark()
    environment = {**os.environ, mark[0]: mark[1]}
    with subprocess.Popen(["sh", "-c", TREE], env=environment, start_new_session=True) as root, ExitStack() as end:
        end.callback(root.kill)
        # the shell, its three sleeps, the orphan, the shell in a session of its own and that one's sleep
        eventually(lambda: len(members(mark, root.pid)) == 7)
        found = members(mark, root.pid)
        assert root.pid in found
        assert os.getpid() not in found
        assert stranger.pid not in found
        assert members(other, 0) == set()
        assert kill_tree(mark, root.pid) >= 7
        root.wait(10)
    eventually(lambda: not any(map(running, found)))
    assert running(stranger.pid)
    assert kill_tree(mark, 0) == 0


def test_the_session_finds_who_has_lost_mark_and_parent(stranger: subprocess.Popen[bytes]) -> None:
    mark = new_mark()
    script = "env -i sleep 60 >/dev/null 2>&1 & echo $!"
    with subprocess.Popen(["sh", "-c", script], start_new_session=True, stdout=subprocess.PIPE) as root:
        assert root.stdout is not None
        orphan = int(root.stdout.read())
        eventually(lambda: not running(root.pid))
        assert members(mark, 0) == set()
        assert members(mark, root.pid) == {orphan}
        kill_tree(mark, root.pid)
    eventually(lambda: not running(orphan))
    assert running(stranger.pid)
