"""Improvement, healing: of a command of tests, the one that runs only what failed: so that candidates are tried fast.

What passes there is tried by the whole command. A command that is not known is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from .commands import original

__all__ = ["narrowed"]

_PYTEST = re.compile(r"^(?:FAILED|ERROR) ([^\s:]+\.py(?:::\S+?)?)(?: - .*)?$", re.MULTILINE)
_NODE = re.compile(r"location: '([^']+):\d+:\d+'|^test at ([^\s:]+):\d+:\d+$", re.MULTILINE)
_MOST = 20
"""Failing tests that are named; more of them are no small fix's doing."""


def narrowed(argv: Sequence[str], printed: str, folder: Path) -> tuple[str, ...]:
    """The command with the failing tests in the place of all; empty if that cannot be said.

    Args:
        argv: the command; ``pytest``, ``python -m pytest`` and ``node --test`` are known.
        printed: by its run.
        folder: of the project.
    """
    if _runs(argv, "pytest"):
        failing = [match[1] for match in _PYTEST.finditer(printed)]
    elif PurePosixPath(argv[0]).name == "node" and "--test" in argv:
        told = [original(folder, Path(match[1] or match[2])) for match in _NODE.finditer(printed)]
        failing = [path.relative_to(folder).as_posix() for path in told if path.is_relative_to(folder)]
    else:
        return ()
    chosen = list(dict.fromkeys(failing))
    if not 0 < len(chosen) <= _MOST:
        return ()
    return (*(word for word in argv if not _names_tests(word, folder)), *chosen)


def _runs(argv: Sequence[str], tool: str) -> bool:
    name = PurePosixPath(argv[0]).name
    return name == tool or (name.startswith("python") and list(argv[1:3]) == ["-m", tool])


def _names_tests(word: str, folder: Path) -> bool:
    """Whether a word of a command says which tests are meant."""
    path = word.partition("::")[0]
    return (not word.startswith("-") and path.endswith((".py", ".js", ".mjs", ".cjs", ".ts", "/"))) or (
        not word.startswith("-") and (folder / path).is_dir()
    )  # fmt: skip
