"""Tools, process trees: ends a server's process and all that came of it, by process id. Linux only, through ``/proc``.

A process belongs to a tree if its environment holds the tree's mark, if a member is its parent, or if it is in the
session that was made for the server or in one that a member is in. Servers start helpers that leave the session and
outlive their parents; the mark, which every child inherits, finds those, too. A helper that clears its environment,
leaves the session and is orphaned before this looks is not found.
"""

from __future__ import annotations

import os
import secrets
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import msgspec

__all__ = ["kill_tree", "members", "new_mark"]

_VARIABLE = "CAMBRIAN_TOOL_SERVER"
_ROUNDS = 20
_ENDED = "ZX"


class _Process(msgspec.Struct, frozen=True):
    pid: int
    parent: int
    session: int


def new_mark() -> tuple[str, str]:
    """An environment variable that marks a tree: its name and a value of its own."""
    return _VARIABLE, secrets.token_hex(16)


def members(mark: tuple[str, str], session: int) -> set[int]:
    """Process ids of a tree's living members.

    Args:
        mark: from `new_mark`.
        session: the server's process id, which leads a session; it must not have been reaped, else its number may be
            somebody else's by now. 0 if it was.
    """
    living = {each.pid: each for each in _living()}
    found = {pid for pid in living if _is_marked(pid, mark)}
    sessions = ({living[pid].session for pid in found} | {session}) - {os.getsid(0), 0}
    while True:
        more = {
            each.pid
            for each in living.values()
            if each.pid not in found and (each.parent in found or each.session in sessions)
        }
        if not more:
            return found - {os.getpid()}
        found |= more


def kill_tree(mark: tuple[str, str], session: int) -> int:
    """SIGKILL every member, again until none is left that was started meanwhile.

    Args:
        mark: see `members`.
        session: likewise.

    Returns:
        How many were killed. Whoever is their parent has to reap them.
    """
    killed: set[int] = set()
    for _ in range(_ROUNDS):
        found = members(mark, session)
        if not found:
            break
        for pid in found:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
                killed.add(pid)
        time.sleep(0.002)  # for the kernel to end them
    return len(killed)


def _living() -> Iterator[_Process]:
    for folder in Path("/proc").iterdir():
        if not folder.name.isdecimal():
            continue
        with suppress(OSError):  # it ended meanwhile
            # proc_pid_stat(5): pid (comm) state ppid pgrp session …; comm may hold anything, parentheses too
            fields = (folder / "stat").read_text(errors="replace").rpartition(")")[2].split()
            if fields[0] not in _ENDED:
                yield _Process(int(folder.name), int(fields[1]), int(fields[3]))


def _is_marked(pid: int, mark: tuple[str, str]) -> bool:
    try:
        environment = Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:  # ended, or another user's
        return False
    return "=".join(mark).encode() in environment.split(b"\0")
