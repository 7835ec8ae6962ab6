"""Sandbox, inside: what a fresh child does to itself before it reads one byte of the program. Order matters.

User first (it resets the parent-death signal), then the signal, then privileges, files, and the system call filter
last, because the steps before it make calls that it refuses.
"""

from __future__ import annotations

import fcntl
import math
import os
import resource
import socket
import struct
from collections.abc import Mapping
from typing import NamedTuple

from . import bpf, kernel, landlock, policy, root
from .wire import Order

__all__ = ["Cage", "close", "prepare"]

_SIDE, _RULESET, _LIFT = 4, 5, 16
_THREADS = 256
_RESERVED = 2**30
"""What an engine may have writable beyond what is resident: stacks of threads, arenas. Bounds what a process can take
between two looks at what is resident."""
_DAC_READ_SEARCH = 1 << 2
"""Kept where root's jail runs programs as nobody: what is in the file tree is there to be read, whoever owns it."""

_FOR_GOOD = {
    resource.RLIMIT_NOFILE: 128,
    resource.RLIMIT_CORE: 0,
    resource.RLIMIT_STACK: 8 * 2**20,
    resource.RLIMIT_MEMLOCK: 0,
    resource.RLIMIT_MSGQUEUE: 0,
    resource.RLIMIT_RTPRIO: 0,
}
"""Limits that no launch changes."""


class Cage(NamedTuple):
    """What does not change from one child to the next.

    Args:
        level: 0–3, as `core.limits.Level`.
        user: become this user, where the zygote may choose; None keeps it.
        ruleset: descriptor of the landlock ruleset, from level 2 on.
        base: bytes of address space of the bare interpreter.
        filters: seccomp programs for one process and for more.
        resident: no limit on address space; the engine watches what is resident.
    """

    level: int
    user: int | None
    ruleset: int
    base: int
    filters: tuple[bytes, bytes]
    resident: bool


def prepare(
    level: int, user: int | None, visible: tuple[str, ...], base: int, *, resident: bool, loopback: bool = False
) -> Cage:
    """Do once, to the zygote, what all children inherit, and compute what they share.

    Raises:
        OSError: landlock is missing.
    """
    if level >= 1:
        _set_limits(_FOR_GOOD)
    if user is not None:
        os.setgroups([])
    if level < 2:
        return Cage(level, user, -1, base, (b"", b""), resident)
    kernel.no_new_privileges()
    folders = ("/",) if level == 3 else visible
    rules = [landlock.Rule(path, landlock.READ) for path in folders]
    rules += [landlock.Rule("/dev/null", landlock.DEVICE)]
    rules += [landlock.Rule(path, landlock.READ_FILE) for path in ("/dev/zero", "/dev/random", "/dev/urandom")]
    if level == 3:
        rules.append(landlock.Rule(root.WRITABLE, landlock.SCRATCH))
    scratch, loopback = level == 3, loopback and level == 3
    filters = (
        policy.compile_filter(1, scratch=scratch, loopback=loopback),
        policy.compile_filter(2, scratch=scratch, loopback=loopback),
    )
    ruleset = landlock.ruleset(landlock.abi(), tuple(rules), network=loopback)
    return Cage(level, user, ruleset, base, filters, resident)


def close(cage: Cage, order: Order, data: int, output: int, side: int) -> None:
    """Close the cage around this process. Afterwards its only descriptors are null (0), output (1, 2) and data (3).

    At level 2 and up a descriptor that tells of refused system calls is sent through `side`, a socket to the zygote.

    Raises:
        OSError: a step failed; the program must not run.
    """
    _keep_only(data, output, side, cage.ruleset)
    os.setpgid(0, 0)
    if cage.level >= 1:
        _limit(cage, order)
    _become(cage.user)
    kernel.die_with_parent()
    kernel.not_dumpable()
    if order.processes > 1:
        kernel.adopt_orphans()  # the program's first process can then end and reap all that it started
    if cage.level >= 2:
        _confine(cage, order)
    os.close(_SIDE)


def _confine(cage: Cage, order: Order) -> None:
    kernel.drop_capabilities(0 if cage.user is None else _DAC_READ_SEARCH, inherited=order.processes > 1)
    landlock.restrict(_RULESET)
    os.close(_RULESET)
    program = cage.filters[order.processes > 1]
    own = struct.pack("<I", os.getpid())
    listener = kernel.seccomp(program.replace(struct.pack("<I", bpf.OWN_PID), own), listen=True)
    with socket.socket(fileno=os.dup(_SIDE)) as side:
        socket.send_fds(side, [b"!"], [listener])
    os.close(listener)


def _keep_only(data: int, output: int, side: int, ruleset: int) -> None:
    """Null (as the zygote has it), output, output, data, side and ruleset, in this order from 0; nothing else."""
    wanted = (0, output, output, data, side, *([ruleset] if ruleset >= 0 else []))
    high = [fcntl.fcntl(descriptor, fcntl.F_DUPFD, _LIFT) for descriptor in wanted]  # out of the way of the targets
    for target, source in enumerate(high):
        os.dup2(source, target, inheritable=True)
    os.closerange(len(high), 4096)


def _limit(cage: Cage, order: Order) -> None:
    shared = order.memory - (order.disk if cage.level == 3 else 0)
    what, space = resource.RLIMIT_AS, cage.base + shared // order.processes
    if cage.resident:  # an engine that reserves far more than it uses; of private memory that it may write, less so
        what, space = resource.RLIMIT_DATA, cage.base + shared + _RESERVED
    cpu = math.ceil(order.cpu) + 1  # second line: the engine kills first, and names the limit
    tasks = order.processes if order.processes > 1 else _THREADS
    zygote = 2 if cage.user is None else 0  # then its two processes count among the same user's
    values = {what: space, resource.RLIMIT_CPU: cpu, resource.RLIMIT_FSIZE: order.disk}
    if cage.level == 3:  # below it the count would be shared with everything else of this user
        values[resource.RLIMIT_NPROC] = tasks + zygote
    _set_limits(values)


def _set_limits(values: Mapping[int, int]) -> None:
    """Set limits, for good; one that is lower already stays as it is."""
    for what, value in values.items():
        hardest = resource.getrlimit(what)[1]
        allowed = value if hardest == resource.RLIM_INFINITY else min(value, hardest)
        resource.setrlimit(what, (allowed, allowed))


def _become(user: int | None) -> None:
    if user is None:
        return
    kernel.keep_capabilities()
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
