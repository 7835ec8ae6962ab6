"""Sandbox, inside: the fixed binary headers between engine, zygote and program. Formats only; no I/O.

Two channels. *Control* (`SOCK_SEQPACKET`, engine ↔ zygote) is between trusted parties. *Data* (`SOCK_STREAM`, engine ↔
program) is the enemy's: of what comes from it the engine interprets this header and nothing else.
"""

from __future__ import annotations

import struct
from typing import NamedTuple, TypedDict

__all__ = [
    "BORN",
    "BROKEN",
    "CAGED",
    "ERROR",
    "FAULT",
    "GONE",
    "LAUNCH",
    "LOADED",
    "MAP",
    "NOBODY",
    "RAISED",
    "READY",
    "VALUE",
    "Call",
    "Frame",
    "Gone",
    "Order",
    "Profile",
]

# Control, first byte of a packet.
MAP = b"M"
"""Zygote → engine: please write my uid map."""
READY = b"R"
"""Zygote → engine: confined and waiting; a JSON object follows."""
ERROR = b"E"
"""Zygote → engine: cannot; a text follows."""
LAUNCH = b"L"
"""Engine → zygote: make a child; an `Order` follows, with two descriptors (data, output)."""
BORN = b"B"
"""Zygote → engine: the child is there; its pidfd comes along."""
GONE = b"G"
"""Zygote → engine: nothing of the tree lives; a `Gone` follows."""

# Data, first byte of a frame.
CAGED, BROKEN, LOADED, VALUE, RAISED, FAULT = 1, 2, 3, 4, 5, 6


NOBODY = 65534
"""The user that programs run as, where the zygote may choose one."""


class Profile(TypedDict):
    """What a zygote is to be; sent once by the engine.

    Args:
        level: 0–3, as `core.limits.Level`.
        preload: modules to import before any program.
        path: folders appended to the import path.
        visible: paths that programs may read.
        resident: memory is limited from outside by what is resident, not by address space.
        proc: at level 3, a /proc of the jail's own processes.
        copied: at level 3, a folder that programs see at `root.ORIGINAL`, and whose own place is a link to
            `root.COPY`; "" for none.
        loopback: at level 3, processes may talk to each other over 127.0.0.1 and ::1, which are the jail's own.
    """

    level: int
    preload: list[str]
    path: list[str]
    visible: list[str]
    resident: bool
    proc: bool
    copied: str
    loopback: bool


class Order(NamedTuple):
    """Limits of one launch, in the units of `core.limits.Limits`; `output` caps one answer."""

    processes: int
    files: int
    cpu: float
    memory: int
    disk: int
    output: int

    LAYOUT = struct.Struct("<IIdQQQ")

    def pack(self) -> bytes:
        """To bytes."""
        return self.LAYOUT.pack(*self)

    @classmethod
    def unpack(cls, data: bytes) -> Order:
        """From bytes."""
        return cls(*cls.LAYOUT.unpack(data))


class Gone(NamedTuple):
    """How a tree ended, by the kernel: wait status, CPU seconds, peak bytes, last refused system call or -1."""

    status: int
    cpu: float
    peak: int
    refused: int

    LAYOUT = struct.Struct("<idQi")

    def pack(self) -> bytes:
        """To bytes."""
        return self.LAYOUT.pack(*self)

    @classmethod
    def unpack(cls, data: bytes) -> Gone:
        """From bytes."""
        return cls(*cls.LAYOUT.unpack(data))


class Frame(NamedTuple):
    """Header of a frame from the program: kind, call answered, bytes of the body, bytes of the report after it."""

    kind: int
    call: int
    body: int
    report: int

    LAYOUT = struct.Struct("<BxxxIII")

    def pack(self) -> bytes:
        """To bytes."""
        return self.LAYOUT.pack(*self)

    @classmethod
    def unpack(cls, data: bytes) -> Frame:
        """From bytes."""
        return cls(*cls.LAYOUT.unpack(data))


class Call(NamedTuple):
    """Header of a frame to the program: call number (0 is the program itself), bytes of the body."""

    call: int
    body: int

    LAYOUT = struct.Struct("<II")

    def pack(self) -> bytes:
        """To bytes."""
        return self.LAYOUT.pack(*self)

    @classmethod
    def unpack(cls, data: bytes) -> Call:
        """From bytes."""
        return cls(*cls.LAYOUT.unpack(data))
