"""Sandbox, inside: the namespaces and the small file tree of level 3. Runs once per zygote, before any program.

The tree is a memory file system with read-only views of the interpreter, the shared libraries and what the engine
named; no /sys, no home, and no /proc unless asked for. Sources are taken as detached copies (open_tree) before the new
root is mounted, so it does not matter over which folder it is mounted.
"""

from __future__ import annotations

import os

from . import kernel

__all__ = ["COPY", "NAMESPACES", "ORIGINAL", "SCRATCH", "WRITABLE", "build", "clear_scratch", "fresh_scratch"]

NAMESPACES = (
    kernel.NEW_USER
    | kernel.NEW_PID
    | kernel.NEW_NS
    | kernel.NEW_NET
    | kernel.NEW_IPC
    | kernel.NEW_UTS
    | kernel.NEW_CGROUP
)
WRITABLE = "/scratch"
SCRATCH = "/scratch/program"
"""The one writable folder, fresh for each program. A landlock rule on its parent holds for whatever is mounted here."""

ORIGINAL = "/original"
"""Where a folder that is worked on as a copy can be read."""

COPY = "/scratch/program/project"
"""Where that copy belongs. The folder's own place leads here, so that whatever names the folder means the copy."""

_DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
_MS_REC, _MS_PRIVATE, _MS_RDONLY, _MS_REMOUNT, _MS_BIND = 0x4000, 0x40000, 1, 32, 4096
_MS_NOSUID, _MS_NODEV, _MS_NOEXEC = 2, 4, 8
_BASE = "/tmp"  # any folder that exists everywhere; the new root is mounted over it, then becomes /


def build(visible: tuple[str, ...], *, proc: bool = False, copied: str = "", loopback: bool = False) -> None:
    """Make the tree and pivot into it.

    Args:
        visible: absolute paths that programs may read, at the same place inside. Missing ones are left out.
        proc: whether there is a /proc. It shows the processes of this pid namespace that belong to the reader's user,
            and nothing of the machine. Some kernels and containers refuse it; then there is none.
        copied: a folder to be seen at `ORIGINAL` instead of its own place, which becomes a link to `COPY`. What of
            `visible` lies inside it is not mounted apart.
        loopback: whether the name localhost is known.

    Raises:
        OSError: the kernel refused a step; its `filename` names it.
    """
    kernel.mount(None, "/", None, _MS_REC | _MS_PRIVATE)
    trees = [(path, kernel.open_tree(path)) for path in _outermost(visible) if not _is_in(path, copied)]
    trees += [(ORIGINAL, kernel.open_tree(copied))] if copied else []
    devices = [(path, kernel.open_tree(path)) for path in _DEVICES if os.path.exists(path)]
    kernel.mount_tmpfs(_BASE, "mode=755,size=1m")
    for path, tree in trees:
        kernel.make_read_only(tree)
        _attach(path, tree)
    for path, tree in devices:
        kernel.make_read_only(tree, devices=True)
        _attach(path, tree)
    if proc:
        _mount_proc()
    if copied:
        os.makedirs(os.path.dirname(_BASE + copied), exist_ok=True)
        os.symlink(COPY, _BASE + copied)
    if loopback:
        _name_loopback()
    _finish()


def _is_in(path: str, folder: str) -> bool:
    return bool(folder) and (path + "/").startswith(folder + "/")


def _outermost(paths: tuple[str, ...]) -> list[str]:
    """Existing paths as they are named and as they really are, without those inside another."""
    named = {os.path.abspath(path) for path in paths} | {os.path.realpath(path) for path in paths}
    kept: list[str] = []
    for path in sorted(named):
        inside = any(path.startswith(parent.rstrip("/") + "/") for parent in kept)
        if os.path.exists(path) and not inside:
            kept.append(path)
    return kept


def _attach(path: str, tree: int) -> None:
    """Attach a tree below the new root, at the place it has outside."""
    target = _BASE + path
    if os.path.isdir(tree):
        os.makedirs(target, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o444))
    kernel.move_mount(tree, target)
    os.close(tree)


def _name_loopback() -> None:
    """What the machine calls its own addresses; its other hosts are of no use in there."""
    place = _BASE + "/etc/hosts"
    if not os.path.lexists(place):
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(place, "w", encoding="ascii") as file:
            file.write("127.0.0.1 localhost\n::1 localhost\n")


def _mount_proc() -> None:
    os.makedirs(_BASE + "/proc")
    flags = _MS_RDONLY | _MS_NOSUID | _MS_NODEV | _MS_NOEXEC
    try:
        kernel.mount("proc", _BASE + "/proc", "proc", flags, "subset=pid,hidepid=invisible")
    except PermissionError:  # where the machine's own is partly covered, as in many containers
        os.rmdir(_BASE + "/proc")


def _finish() -> None:
    os.makedirs(_BASE + SCRATCH)
    if not os.path.lexists(_BASE + "/tmp"):  # absent when something readable lies below /tmp
        os.symlink(SCRATCH, _BASE + "/tmp")
    if not os.path.lexists(_BASE + "/dev/shm"):  # POSIX semaphores and shared memory count as scratch
        os.symlink(SCRATCH, _BASE + "/dev/shm")
    kernel.pivot_root(_BASE)
    kernel.mount(None, "/", None, _MS_REMOUNT | _MS_BIND | _MS_RDONLY)


def fresh_scratch(disk: int, files: int, user: int) -> None:
    """Mount an empty scratch folder of so many bytes and files, owned by `user`."""
    inodes = files + 1  # the folder itself is one
    kernel.mount_tmpfs(SCRATCH, f"mode=700,size={disk},nr_inodes={inodes},uid={user},gid={user}")


def clear_scratch() -> None:
    """Take the scratch folder and all in it away."""
    kernel.unmount(SCRATCH)
