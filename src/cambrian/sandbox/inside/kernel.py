"""Sandbox, inside: Linux calls that the standard library lacks, each raising `OSError`. No policy here.

Everything goes through libc's `syscall`, so it works with glibc and musl and needs no header. The calls used have the
same number on every 64-bit machine from 424 on; the older ones come from `syscalls`.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import socket
import struct

from . import syscalls

__all__ = [
    "NEW_CGROUP",
    "NEW_IPC",
    "NEW_NET",
    "NEW_NS",
    "NEW_PID",
    "NEW_USER",
    "NEW_UTS",
    "adopt_orphans",
    "call",
    "die_with_parent",
    "drop_capabilities",
    "keep_capabilities",
    "loopback_up",
    "make_read_only",
    "mount_tmpfs",
    "move_mount",
    "no_new_privileges",
    "not_dumpable",
    "open_tree",
    "pivot_root",
    "seccomp",
    "unmount",
    "unshare",
]

NEW_NS, NEW_CGROUP, NEW_UTS, NEW_IPC = 0x20000, 0x2000000, 0x4000000, 0x8000000
NEW_USER, NEW_PID, NEW_NET = 0x10000000, 0x20000000, 0x40000000

_OPEN_TREE, _MOVE_MOUNT, _MOUNT_SETATTR = 428, 429, 442  # one numbering for all machines from 424 on
_AT_FDCWD, _AT_EMPTY_PATH, _AT_RECURSIVE = -100, 0x1000, 0x8000
_OPEN_TREE_CLONE, _OPEN_TREE_CLOEXEC = 1, os.O_CLOEXEC
_MOVE_MOUNT_F_EMPTY_PATH = 4
_ATTR_RDONLY, _ATTR_NOSUID, _ATTR_NODEV = 1, 2, 4
_MS_NOSUID, _MS_NODEV, _MNT_DETACH = 2, 4, 2
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_KEEPCAPS, _PR_SET_NO_NEW_PRIVS, _SIGKILL = 1, 4, 8, 38, 9
_PR_SET_CHILD_SUBREAPER, _PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE = 36, 47, 2
_CAPABILITY_VERSION_3 = 0x20080522
_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 1
_SECCOMP_SET_MODE_FILTER, _SECCOMP_FILTER_FLAG_NEW_LISTENER = 1, 8

_libc = ctypes.CDLL(None, use_errno=True)
_syscall = _libc.syscall
_syscall.restype = ctypes.c_long
_NUMBERS = syscalls.table()


def call(name: str | int, *arguments: int | bytes | ctypes.Array[ctypes.c_char] | None) -> int:
    """Make a system call by name or number.

    Raises:
        OSError: the kernel refused; its `filename` is the call's name.
    """
    number = name if isinstance(name, int) else _NUMBERS[name]
    wide = [ctypes.c_long(value) if isinstance(value, int) else value for value in arguments]
    result = int(_syscall(ctypes.c_long(number), *wide))
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code), str(name))
    return result


def loopback_up() -> None:
    """Bring up the loopback interface of this network namespace (netdevice(7)).

    Raises:
        OSError: this process has no power over it.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        asked = struct.pack("16sH14x", b"lo", 0)
        flags = struct.unpack("16sH14x", fcntl.ioctl(any_socket, _SIOCGIFFLAGS, asked))[1]
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", flags | _IFF_UP))


def unshare(flags: int) -> None:
    """Enter new namespaces of the kinds in `flags`."""
    call("unshare", flags)


def open_tree(path: str) -> int:
    """A detached copy of the file or folder at `path`, with what is mounted below it."""
    flags = _OPEN_TREE_CLONE | _OPEN_TREE_CLOEXEC | _AT_RECURSIVE
    return call(_OPEN_TREE, _AT_FDCWD, os.fsencode(path), flags)


def move_mount(tree: int, target: str) -> None:
    """Attach a detached tree at `target`."""
    call(_MOVE_MOUNT, tree, b"", _AT_FDCWD, os.fsencode(target), _MOVE_MOUNT_F_EMPTY_PATH)


def make_read_only(tree: int, *, devices: bool = False) -> None:
    """Read-only, no set-uid and (unless `devices`) no device files, for a tree and everything mounted in it."""
    attributes = _ATTR_NOSUID | (0 if devices else _ATTR_RDONLY | _ATTR_NODEV)
    raw = struct.pack("<QQQQ", attributes, 0, 0, 0)
    call(_MOUNT_SETATTR, tree, b"", _AT_EMPTY_PATH | _AT_RECURSIVE, raw, len(raw))


def mount(source: str | None, target: str, kind: str | None, flags: int, data: str | None = None) -> None:
    """Mount a file system, or change a mount."""
    encoded = [None if text is None else text.encode() for text in (source, kind, data)]
    call("mount", encoded[0], os.fsencode(target), encoded[1], flags, encoded[2])


def mount_tmpfs(target: str, options: str) -> None:
    """A fresh memory file system at `target`, without set-uid and device files."""
    mount("tmpfs", target, "tmpfs", _MS_NOSUID | _MS_NODEV, options)


def unmount(target: str) -> None:
    """Take away what is mounted at `target`, now."""
    call("umount2", os.fsencode(target), _MNT_DETACH)


def pivot_root(new: str) -> None:
    """Make `new` the root and drop the old one, with "." for both as the manual page describes."""
    os.chdir(new)
    call("pivot_root", b".", b".")
    call("umount2", b".", _MNT_DETACH)
    os.chdir("/")


def die_with_parent() -> None:
    """Be killed when the parent's thread ends. Call it again after every change of user: the kernel resets it."""
    call("prctl", _PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)


def adopt_orphans() -> None:
    """Become the parent of descendants whose parents end, and hear of their ends. Not inherited."""
    call("prctl", _PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def not_dumpable() -> None:
    """No core dump, not even to a program that the host has for them, which RLIMIT_CORE does not stop."""
    call("prctl", _PR_SET_DUMPABLE, 0, 0, 0, 0)


def no_new_privileges() -> None:
    """From here on no execve gains anything; required by landlock and seccomp."""
    call("prctl", _PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def keep_capabilities() -> None:
    """Let the next change of user keep the permitted set; `drop_capabilities` then narrows it."""
    call("prctl", _PR_SET_KEEPCAPS, 1, 0, 0, 0)


def drop_capabilities(kept: int = 0, *, inherited: bool = False) -> None:
    """Make the effective and permitted sets `kept` (a bit mask of capabilities 0 to 31).

    Args:
        kept: the mask.
        inherited: whether programs that this one executes have them, too; else their sets are empty.
    """
    handed = kept if inherited else 0
    sets = struct.pack("<IIIIII", kept, kept, handed, 0, 0, 0)  # two words of each set: the low ones first
    call("capset", struct.pack("<Ii", _CAPABILITY_VERSION_3, 0), sets)
    for number in range(32):
        if handed & 1 << number:
            call("prctl", _PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, number, 0, 0)


def seccomp(program: bytes, *, listen: bool) -> int:
    """Install a filter (an array of `struct sock_filter`).

    Returns:
        With `listen` a descriptor that tells of refused calls, else 0.
    """
    buffer = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("HxxxxxxQ", len(program) // 8, ctypes.addressof(buffer))
    return call("seccomp", _SECCOMP_SET_MODE_FILTER, _SECCOMP_FILTER_FLAG_NEW_LISTENER if listen else 0, header)
