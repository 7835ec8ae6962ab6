"""What a jailed program may use."""

from __future__ import annotations

from enum import IntEnum

import msgspec

from .checks import check_number, check_whole


class Level(IntEnum):
    """How a program is confined; written in every record.

    See `docs/explanation/sandbox.md` for what each level does and does not contain.
    """

    L0 = 0
    """Nothing. For tests of trusted code."""
    L1 = 1
    """Resource limits and a process group. Refused unless asked for by name."""
    L2 = 2
    """Landlock and seccomp, no namespaces."""
    L3 = 3
    """Own pid, mount, net, ipc, uts and user namespaces, landlock and a seccomp allow-list."""


class Limits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Limits of one jailed program, loading included.

    Args:
        wall: seconds from launch to the kill of the whole process tree.
        cpu: CPU seconds of the tree.
        memory: bytes that the program may allocate beyond the bare interpreter; memory, files in
            its scratch folder and anonymous files count together over the whole tree.
        output: bytes that may leave the jail: answers, and what it prints, each.
        disk: bytes in the scratch folder (level 3 only; below it there is no writable folder).
        files: number of files in the scratch folder.
        processes: processes in the tree; 1 means that it may start threads but no process.
    """

    wall: float = 30.0
    cpu: float = 30.0
    memory: int = 512 * 2**20
    output: int = 2**20
    disk: int = 16 * 2**20
    files: int = 1000
    processes: int = 1

    def __post_init__(self) -> None:
        for name in ("wall", "cpu"):
            check_number(f"limits.{name}", getattr(self, name), example=f"{name}=30.0 (seconds)")
        for name in ("memory", "output", "disk"):
            check_whole(f"limits.{name}", getattr(self, name), example=f"{name}=64 * 2**20 (bytes)")
        for name in ("files", "processes"):
            check_whole(f"limits.{name}", getattr(self, name), example=f"{name}=1")
