"""Sandbox, inside: landlock (Documentation/userspace-api/landlock.rst of the kernel). No paths of its own.

A ruleset *handles* every right that the running kernel knows, so that what no rule grants is refused.
"""

from __future__ import annotations

import os
import stat
import struct
from typing import NamedTuple

from . import kernel

__all__ = ["Rule", "abi", "restrict", "ruleset"]

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_VERSION_FLAG = 1
_PATH_BENEATH = 1
_FS_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}  # number of file rights by ABI; 16 from 5 on
_NET_ABI, _SCOPE_ABI = 4, 6
_NET_ALL = 0b11  # bind and connect TCP
_SCOPE_ALL = 0b11  # abstract unix sockets, signals

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
REMOVE_DIR, REMOVE_FILE = 1 << 4, 1 << 5
MAKE_DIR, MAKE_REG, MAKE_SYM, REFER, TRUNCATE = 1 << 7, 1 << 8, 1 << 12, 1 << 13, 1 << 14

READ = EXECUTE | READ_FILE | READ_DIR
SCRATCH = READ | WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | MAKE_SYM | REFER | TRUNCATE
DEVICE = READ_FILE | WRITE_FILE
_OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE


class Rule(NamedTuple):
    """Rights granted at and below a path."""

    path: str
    rights: int


def abi() -> int:
    """The kernel's landlock ABI version.

    Raises:
        OSError: the kernel has none, or it is switched off.
    """
    return kernel.call(_CREATE, None, 0, _VERSION_FLAG)


def handled(version: int) -> tuple[int, int, int]:
    """All rights of an ABI version: files, network, scopes."""
    files = (1 << _FS_RIGHTS.get(version, 16)) - 1
    return files, _NET_ALL if version >= _NET_ABI else 0, _SCOPE_ALL if version >= _SCOPE_ABI else 0


def ruleset(version: int, rules: tuple[Rule, ...], *, network: bool = False) -> int:
    """A ruleset that refuses everything but `rules`. A path that does not exist grants nothing.

    Args:
        version: the kernel's ABI.
        rules: what is granted.
        network: leave TCP alone: the network is the jail's own, and empty.

    Returns:
        Its descriptor.
    """
    files, net, scopes = handled(version)
    net = 0 if network else net
    size = 8 + 8 * (version >= _NET_ABI) + 8 * (version >= _SCOPE_ABI)
    descriptor = kernel.call(_CREATE, struct.pack("<QQQ", files, net, scopes)[:size], size, 0)
    for rule in rules:
        _add(descriptor, rule.path, rule.rights & files)
    return descriptor


def _add(descriptor: int, path: str, rights: int) -> None:
    try:
        parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    if not stat.S_ISDIR(os.fstat(parent).st_mode):
        rights &= _OF_FILES
    kernel.call(_ADD, descriptor, _PATH_BENEATH, struct.pack("<Qi", rights, parent), 0)
    os.close(parent)


def restrict(descriptor: int) -> None:
    """Confine this thread and what it starts. Needs no_new_privs."""
    kernel.call(_RESTRICT, descriptor, 0)
