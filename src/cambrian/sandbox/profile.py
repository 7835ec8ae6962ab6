"""Sandbox: what a jail's zygote is to see and to import. Computes a value; starts nothing."""

from __future__ import annotations

import os
import site
import sys
import sysconfig
from pathlib import Path

from cambrian.core.errors import UsageError
from cambrian.core.limits import Level

from .inside.wire import Profile

__all__ = ["ENVIRONMENT", "make_profile", "site_folders"]

ENVIRONMENT = {
    "LANG": "C.UTF-8",
    "PATH": "",
    "HOME": "/",
    "PYTHONHASHSEED": "0",  # the same program gives the same sets in every jail
    "MALLOC_ARENA_MAX": "1",  # an arena per thread would reserve 64 MiB of address space each
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
}
"""The whole environment of a jail: constants, nothing of the host's."""

_LIBRARIES = (
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/usr/local/lib",
    "/usr/share/zoneinfo",
    "/etc/ld.so.cache",
    "/nix/store",
    "/gnu/store",
)


def make_profile(
    level: Level, preload: tuple[str, ...], readable: tuple[Path, ...], *, site_packages: bool,
    path: tuple[Path, ...] = (), resident: bool = False, proc: bool = False, copied: Path | None = None,
    loopback: bool = False,
) -> Profile:  # fmt: skip
    """The profile of one zygote. Folders of `path` are searched for preloads, and are not to be seen afterwards.

    Raises:
        UsageError: a readable path is relative or does not exist, or `copied` cannot be seen at another place.
    """
    packages = site_folders() if site_packages else []
    visible = [*_interpreter(), *_LIBRARIES, *packages, *map(_checked, readable)]
    real = [os.path.realpath(path) for path in visible]
    existing = [path for path in dict.fromkeys(visible + real) if os.path.exists(path)]
    return Profile(
        level=int(level),
        preload=list(preload),
        path=[*packages, *map(str, path)],
        visible=existing,
        resident=resident,
        proc=proc,
        copied=_movable(copied, [*_interpreter(), *_LIBRARIES, *map(str, readable)], packages) if copied else "",
        loopback=loopback,
    )


def _movable(folder: Path, fixed: list[str], packages: list[str]) -> str:
    """The folder's real path, if nothing of what has to stay in its place holds it or lies inside.

    Installed packages may lie inside, as a project's own environment does: the copy leads to them.
    """
    real = os.path.realpath(folder)
    if not os.path.isdir(real):
        raise UsageError(f"folder {str(folder)!r} is not there or is no folder")
    environment = sys.prefix if sys.prefix != sys.base_prefix else ""
    for path in {*fixed, *packages, *map(os.path.realpath, fixed)}:
        inside = path in packages or (environment and path.startswith(environment + "/"))
        wrong = (path,) if inside else (path, real)
        if os.path.exists(path) and os.path.commonpath([path, real]) in wrong:
            raise UsageError(
                f"folder {real!r} cannot be copied into a jail, as {path!r} has to be readable in its own place; "
                "name a folder that neither holds the interpreter nor lies inside its library"
            )
    return real


def _checked(path: Path) -> str:
    if not path.is_absolute() or not path.exists():
        raise UsageError(f"readable path {str(path)!r} must be absolute and exist")
    return str(path)


def _interpreter() -> list[str]:
    """The interpreter's own folders: standard library, shared library, program."""
    prefixes = dict.fromkeys((sys.base_prefix, sys.base_exec_prefix))
    folders = [os.path.join(prefix, name) for prefix in prefixes for name in ("lib", "lib64", "bin")]
    return [*folders, sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib")]


def site_folders() -> list[str]:
    """Where third-party packages are; never a folder that the user merely put on the import path."""
    known = {os.path.abspath(path) for path in [*site.getsitepackages(), site.getusersitepackages()]}
    return [path for path in sys.path if os.path.abspath(path) in known and os.path.isdir(path)]
