"""Who holds a lease, and whether that process is gone. Reads ``/proc``; nothing else of the machine.

A holder's name is ``host:boot:namespace:pid:start``: host name, kernel boot id, inode of the pid namespace, process
id, and the process's start time in clock ticks since boot (field 22 of ``/proc/<pid>/stat``, proc(5)). Pids are reused,
start times of the same pid within one boot are not. A name of another host, boot or pid namespace is never called
gone: nothing can be seen of it from here, so its lease must expire.
"""

from __future__ import annotations

import os
import socket
from functools import cache
from pathlib import Path

_START_FIELD = 19
"""Index of the start time among the fields after the command's closing parenthesis."""


def this_process() -> str:
    """The name under which this process holds leases."""
    return _name(os.getpid())


@cache
def _name(own: int) -> str:
    """Found out once; a child made by fork has another pid, and so another name."""
    return f"{_here()}:{own}:{_start_time(own)}"


def is_gone(holder: str) -> bool:
    """Whether the holder is a process of this machine and namespace that certainly does not run any more.

    ``False`` means alive or unknown. A zombie is gone: it writes nothing.
    """
    parts = holder.rsplit(":", 2)
    if len(parts) != 3 or parts[0] != _here() or not parts[1].isdecimal():
        return False
    return _start_time(int(parts[1])) != parts[2]


def is_here(holder: str) -> bool:
    """Whether the holder is a process of this machine and namespace that certainly has not ended.

    It runs, or it was stopped or put to sleep and may go on. Its lease may have expired meanwhile.
    """
    parts = holder.rsplit(":", 2)
    return len(parts) == 3 and parts[0] == _here() and parts[1].isdecimal() and _start_time(int(parts[1])) == parts[2]


def _here() -> str:
    boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    namespace = os.stat("/proc/self/ns/pid").st_ino
    return f"{socket.gethostname()}:{boot}:{namespace}"


def _start_time(pid: int) -> str:
    """Start time of a process that runs, else nothing."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""
    fields = stat[stat.rindex(")") + 2 :].split()  # the command's name may hold spaces and parentheses
    return "" if fields[0] in "ZX" else fields[_START_FIELD]
