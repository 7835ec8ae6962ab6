"""Does a program parse, and can it be looked at safely? Nothing is executed.

`tree` has the parser and its walls; `reading` remembers what it found.
"""

from __future__ import annotations

from collections.abc import Mapping

from .reading import read
from .tree import MAX_BRACKETS, MAX_DEPTH, MAX_FILE, MAX_TOTAL, Problem, compiled, parse, text_problem

__all__ = [
    "MAX_BRACKETS",
    "MAX_DEPTH",
    "MAX_FILE",
    "MAX_TOTAL",
    "Problem",
    "check",
    "compiled",
    "compiles",
    "is_python",
    "parse",
]


def is_python(name: str, language: str) -> bool:
    """Whether a file of a program is Python source: a ``.py`` file, or any file without a suffix."""
    return language == "python" and (name.endswith(".py") or "." not in name.rpartition("/")[2])


def check(files: Mapping[str, str], language: str) -> Problem | None:
    """The first thing that is wrong with a program's text, or ``None``.

    Python files are compiled; files of other languages are only checked for size and encoding.
    """
    total = sum(map(len, files.values()))
    if total > MAX_TOTAL:
        return Problem(file=min(files), line=0, message=f"the program has {total} characters; at most {MAX_TOTAL}")
    for name, text in files.items():
        problem = file_problem(name, text) if is_python(name, language) else text_problem(name, text)
        if problem is not None:
            return problem
    return None


def compiles(files: Mapping[str, str], language: str) -> bool:
    """Whether `check` finds nothing wrong. Quicker where something is."""
    if sum(map(len, files.values())) > MAX_TOTAL:
        return False
    return all(
        _compiles(text) if is_python(name, language) else text_problem(name, text) is None
        for name, text in files.items()
    )


def file_problem(name: str, text: str) -> Problem | None:
    """The first thing that is wrong with a Python file, or ``None`` if Python compiles it."""
    found = read(text, name)
    return found if isinstance(found, Problem) else found.problem(name)


def _compiles(text: str) -> bool:
    found = read(text)
    return not isinstance(found, Problem) and found.words() is not None
