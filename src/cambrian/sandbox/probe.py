"""Sandbox: what this machine can isolate, found out by doing. Every try runs in a process of its own with a deadline.

A kernel's configuration or version says little: containers, sysctls and security modules refuse what is compiled in. So
each capability is used once, for real, in a throw-away interpreter.
"""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import anyio
import anyio.to_thread
import msgspec

from cambrian.core.errors import IsolationUnavailable
from cambrian.core.limits import Level

from .jail import CPythonJail

__all__ = ["Capability", "probe"]

_DEADLINE_S = 20.0
_JAIL_DEADLINE_S = 60.0

_CALL = """
import ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True)
def must(result):
    if result < 0: sys.exit(os.strerror(ctypes.get_errno()))
    return result
"""
_USER = "uid, gid = os.geteuid(), os.getegid()\nmust(libc.unshare(0x10000000{}))\n"
_MAPPED = """
for name, text in (("setgroups", "deny"), ("uid_map", f"0 {uid} 1"), ("gid_map", f"0 {gid} 1")):
    open(f"/proc/self/{name}", "w").write(text)
"""
_CHILD = """
pid = os.fork()
if pid == 0: os._exit(0 if os.getpid() == 1 else 1)
sys.exit(os.waitpid(pid, 0)[1])
"""
_MOUNT = """
must(libc.mount(None, b"/", None, 0x44000, None))
must(libc.mount(b"tmpfs", b"/tmp", b"tmpfs", 6, b"size=64k"))
must(-bool(os.listdir("/tmp")))
"""
_NET = """
import socket
if [name for _, name in socket.if_nameindex() if name != "lo"]: sys.exit("interfaces of the host are there")
"""
_LANDLOCK = """
import struct
abi = must(libc.syscall(444, None, 0, 1))
ruleset = must(libc.syscall(444, struct.pack("<Q", 4), 8, 0))
must(libc.prctl(38, 1, 0, 0, 0))
must(libc.syscall(446, ruleset, 0))
try: open(sys.executable).close()
except PermissionError: print(abi)
else: sys.exit("a rule was accepted but not kept")
"""
_SECCOMP = """
import struct
number, = {"x86_64": (39,), "aarch64": (172,)}.get(os.uname().machine, (-1,))
if number < 0: sys.exit(f"no system call table for {os.uname().machine}")
code = struct.pack("<HBBI", 0x20, 0, 0, 0) + struct.pack("<HBBI", 0x15, 0, 1, number)
code += struct.pack("<HBBI", 6, 0, 0, 0x50000 | 95) + struct.pack("<HBBI", 6, 0, 0, 0x7FFF0000)
program = ctypes.create_string_buffer(code, len(code))
must(libc.prctl(38, 1, 0, 0, 0))
must(libc.prctl(22, 2, struct.pack("HxxxxxxQ", 4, ctypes.addressof(program)), 0, 0))
if libc.syscall(number) != -1 or ctypes.get_errno() != 95: sys.exit("a filter was accepted but not kept")
"""
_PIDFD = "import signal\nfd = os.pidfd_open(os.getpid())\nsignal.pidfd_send_signal(fd, 0)\n"
_CLOCK = "import time\ntime.clock_gettime((~os.getppid() << 3) | 2)\n"

_USERNS_FIX = (
    "allow user namespaces: sysctl user.max_user_namespaces > 0; on Debian kernel.unprivileged_userns_clone=1, on "
    "Ubuntu kernel.apparmor_restrict_unprivileged_userns=0; in a container, a seccomp profile that lets unshare through"
)
_NO_L3 = "level 3 cannot be had: programs run at level 2, with no scratch folder and one process each"
_NO_JAIL = "no jail of level 2 or 3: nothing is evaluated unless a weaker level is asked for by name"


class Capability(msgspec.Struct, frozen=True, kw_only=True):
    """Something that this machine can or cannot do.

    Args:
        id: dotted and stable, such as ``ns.user``; what a skipped test names.
        available: whether it worked when tried.
        value: a version, a path, or the kernel's own words for the refusal.
        cost_of_absence: what one loses without it.
        fix: what to do about it.
    """

    id: str
    available: bool
    value: str = ""
    cost_of_absence: str = ""
    fix: str = ""


class _Trial(msgspec.Struct, frozen=True):
    id: str
    code: str
    cost: str
    fix: str


_TRIALS = (
    _Trial("ns.user", _CALL + _USER.format("") + _MAPPED, _NO_L3, _USERNS_FIX),
    _Trial("ns.pid", _CALL + _USER.format(" | 0x20000000") + _MAPPED + _CHILD, _NO_L3, _USERNS_FIX),
    _Trial("ns.mount", _CALL + _USER.format(" | 0x20000") + _MAPPED + _MOUNT, _NO_L3, _USERNS_FIX),
    _Trial("ns.net", _CALL + _USER.format(" | 0x40000000") + _MAPPED + _NET, _NO_L3, _USERNS_FIX),
    _Trial("ns.ipc", _CALL + _USER.format(" | 0x8000000"), _NO_L3, _USERNS_FIX),
    _Trial("ns.uts", _CALL + _USER.format(" | 0x4000000"), _NO_L3, _USERNS_FIX),
    _Trial("ns.cgroup", _CALL + _USER.format(" | 0x2000000"), _NO_L3, _USERNS_FIX),
    _Trial(
        "landlock.abi",
        _CALL + _LANDLOCK,
        _NO_JAIL,
        "a kernel from 5.13 on with landlock among its security modules (boot with lsm=landlock,…)",
    ),
    _Trial("seccomp", _CALL + _SECCOMP, _NO_JAIL, "a kernel with CONFIG_SECCOMP_FILTER, on x86_64 or aarch64"),
    _Trial(
        "pidfd",
        _CALL + _PIDFD,
        _NO_JAIL,
        "a kernel from 5.3 on; in a container, a seccomp profile that lets it through",
    ),
    _Trial("cpu.clock", _CALL + _CLOCK, "CPU time of a program cannot be read from outside: no CPU limit", "Linux"),
)


async def probe() -> tuple[Capability, ...]:
    """Try everything that the sandbox builds on, and the jails themselves."""
    found = await anyio.to_thread.run_sync(_try_all)
    jails = [await _jail(level) for level in (Level.L3, Level.L2)]
    return (*found, _cgroup_memory(), *jails)


def _try_all() -> list[Capability]:
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        return list(pool.map(_attempt, _TRIALS))


def _attempt(trial: _Trial) -> Capability:
    command = [sys.executable, "-I", "-S", "-c", trial.code]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=_DEADLINE_S, check=False, env={}, stdin=subprocess.DEVNULL
        )
    except subprocess.TimeoutExpired:
        return _absent(trial.id, f"no answer within {_DEADLINE_S} s", trial.cost, trial.fix)
    if done.returncode != 0:
        return _absent(trial.id, _last_line(done.stderr), trial.cost, trial.fix)
    return Capability(id=trial.id, available=True, value=done.stdout.strip())


def _absent(name: str, why: str, cost: str, fix: str) -> Capability:
    return Capability(id=name, available=False, value=why, cost_of_absence=cost, fix=fix)


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else "it failed without a word"


def _cgroup_memory() -> Capability:
    """A memory group of our own, made and removed again."""
    for parent in _memory_groups():
        group = parent / f"cambrian-probe-{os.getpid()}"
        try:
            group.mkdir()
            group.rmdir()
        except OSError:
            continue
        return Capability(id="cgroup.memory", available=True, value=str(parent))
    return _absent(
        "cgroup.memory",
        "no memory group can be made here",
        "nothing: jails do not use it; the memory limit of a tree is shared out evenly among its processes",
        "run in a delegated group, as with systemd-run --user --scope -p Delegate=yes",
    )


def _memory_groups() -> list[Path]:
    """This process' own group: of version 1 with the memory controller, of version 2 if it hands memory on."""
    groups: list[Path] = []
    for line in Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines():
        number, controllers, path = line.split(":", 2)
        if "memory" in controllers.split(","):
            groups.append(Path("/sys/fs/cgroup/memory") / path.lstrip("/"))
        elif number == "0":
            groups.append(Path("/sys/fs/cgroup") / path.lstrip("/"))
    return [group for group in groups if (group / "memory.limit_in_bytes").exists() or _hands_on_memory(group)]


def _hands_on_memory(group: Path) -> bool:
    try:
        return "memory" in (group / "cgroup.subtree_control").read_text(encoding="utf-8").split()
    except OSError:
        return False


async def _jail(level: Level) -> Capability:
    name = f"jail.{level.name}"
    why = f"no answer within {_JAIL_DEADLINE_S} s"
    with anyio.move_on_after(_JAIL_DEADLINE_S):
        try:
            jail = await CPythonJail.start(level=level)
        except IsolationUnavailable as error:
            why = str(error)
        else:
            await jail.aclose()
            return Capability(id=name, available=True)
    return _absent(name, why, _NO_L3 if level is Level.L3 else _NO_JAIL, "see the capabilities above that are missing")
