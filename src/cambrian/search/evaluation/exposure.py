"""What of an evaluator's folder is shown in a jail that candidates share with it. Reads names, and files ``*.key``.

Whoever runs a candidate there hands it the folder. So what is not the evaluator's is left out of the file tree, for the
evaluator too: journals, histories, keys, passwords. The folder's entries are shown one by one, so that what comes
into it later is not to be seen either.
"""

from __future__ import annotations

import os
from fnmatch import fnmatchcase
from pathlib import Path

import msgspec

from cambrian.core.errors import TaskError

MOST = 1000
"""Entries that a jail is shown one by one."""
_FOLDERS = frozenset({
    ".cambrian", ".git", ".hg", ".svn", ".ssh", ".gnupg", ".aws", ".azure", ".kube", ".docker", ".config", ".local",
    ".password-store", ".mozilla",
})  # fmt: skip
_FILES = (
    ".env", ".env.*", "*.env", ".netrc", "_netrc", ".git-credentials", ".pgpass", ".my.cnf", ".npmrc", ".pypirc",
    ".htpasswd", ".*_history", "*.pem", "*.p12", "*.pfx", "*.ppk", "*.jks", "*.keystore", "*.kdbx", "id_rsa*",
    "id_dsa*", "id_ecdsa*", "id_ed25519*", "credentials.json", "secrets.json", "secrets.toml", "secrets.y*ml",
    "journal.db*",
)  # fmt: skip
_KEY, _KEY_BYTES = b"PRIVATE KEY", 4096
"""A file ``*.key`` is one if this stands in it; it may as well be a list of answers."""
_JOURNAL, _BESIDE_JOURNAL = "journal.db", frozenset({"cache", "lines", "tasks"})
_PACKAGES = frozenset({"site-packages", "node_modules", "__pycache__"})
_ENVIRONMENTS = ("pyvenv.cfg", "conda-meta")
"""Installed packages bring certificates and examples of keys, which are nobody's secrets."""


class Exposure(msgspec.Struct, frozen=True):
    """What a jail is shown of a folder.

    Args:
        shown: absolute paths.
        hidden: paths in the folder that are left out.
    """

    shown: tuple[Path, ...]
    hidden: tuple[str, ...]


def expose(folder: Path) -> Exposure:
    """What candidates may see of a folder: all but what is somebody's secret.

    Raises:
        TaskError: something must be hidden among too many entries to show the others one by one.
    """
    hidden, apart = set[str](), {str(folder)}
    for here, folders, files in os.walk(folder):
        workspace = _BESIDE_JOURNAL if _JOURNAL in files else frozenset[str]()
        kept = [name for name in folders if name not in workspace and not _is_secret_folder(here, name)]
        secret = {os.path.join(here, name) for name in folders if name not in kept}
        secret |= {os.path.join(here, name) for name in files if _is_secret_file(here, name)}
        folders[:] = [name for name in kept if not _is_of_packages(here, name)]
        hidden |= secret
        if secret:  # a folder with something hidden in it is shown by its entries, and so are those around it
            apart |= {str(place) for place in (Path(here), *Path(here).parents) if place.is_relative_to(folder)}
    shown = [path for here in sorted(apart) for path in _entries(here, folder, hidden, apart)]
    names = tuple(sorted(os.path.relpath(path, folder) for path in hidden))
    if len(shown) <= MOST:
        return Exposure(tuple(shown), names)
    if not hidden:
        return Exposure((folder,), ())
    raise TaskError(
        f"the evaluator's folder has {len(shown)} entries and {names[0]!r} among them, which programs must not see; "
        f"up to {MOST} can be shown one by one",
        path=str(folder), fix="move it out of the folder, or the evaluator and its data into a folder of their own",
    )  # fmt: skip


def _entries(here: str, top: Path, hidden: set[str], apart: set[str]) -> list[Path]:
    """What is shown of one folder that is shown by its entries."""
    with os.scandir(here) as found:
        entries = sorted((entry for entry in found if entry.path not in hidden | apart), key=lambda entry: entry.name)
    return [Path(entry.path) for entry in entries if _is_shown(entry, top, hidden)]


def _is_shown(entry: os.DirEntry[str], top: Path, hidden: set[str]) -> bool:
    """Files and folders; a link only if what it leads to is to be seen in any case."""
    if not entry.is_symlink():
        return entry.is_file() or entry.is_dir()
    target, inside = Path(os.path.realpath(entry.path)), Path(os.path.realpath(top))
    if not target.exists() or not target.is_relative_to(inside) or target == inside:
        return False
    place = top / target.relative_to(inside)
    near = {str(place), *map(str, place.parents)}
    return not near & hidden and not any(path.startswith(f"{place}/") for path in hidden)


def _is_secret_folder(here: str, name: str) -> bool:
    return name in _FOLDERS or os.path.isfile(os.path.join(here, name, _JOURNAL))


def _is_secret_file(here: str, name: str) -> bool:
    lower = name.lower()
    if any(fnmatchcase(lower, pattern) for pattern in _FILES):
        return True
    return lower.endswith(".key") and _holds_key(os.path.join(here, name))


def _holds_key(path: str) -> bool:
    try:
        with open(path, "rb", opener=_at_once) as file:
            return _KEY in file.read(_KEY_BYTES)
    except OSError:
        return True


def _at_once(path: str, flags: int) -> int:
    """Opens without waiting for anybody, should it be a pipe."""
    return os.open(path, flags | os.O_NONBLOCK)


def _is_of_packages(here: str, name: str) -> bool:
    return name in _PACKAGES or any(os.path.exists(os.path.join(here, name, mark)) for mark in _ENVIRONMENTS)
