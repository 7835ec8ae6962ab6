"""Sandbox: which Python a project's commands run on, and what of it a jail must be able to read. Starts nothing.

What lies in the project's folder is not believed: of an environment's ``pyvenv.cfg`` only the place of the interpreter
is taken, and of that place only what looks like an interpreter and its library is made readable.
"""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

from cambrian.core.errors import UsageError

__all__ = ["Interpreter", "find_interpreter"]

_ENVIRONMENTS = (".venv", "venv", "env")
_CONFIGURATION = "pyvenv.cfg"


class Interpreter(msgspec.Struct, frozen=True, kw_only=True):
    """A Python interpreter.

    Args:
        program: its path, as it is to be called.
        readable: what it needs beyond the shared libraries, outside the project's folder.
        environment: the virtual environment that it belongs to; None for a bare one.
    """

    program: Path
    readable: tuple[Path, ...]
    environment: Path | None = None


def find_interpreter(folder: Path, python: Path | None = None) -> Interpreter:
    """The interpreter asked for; else that of the folder's own environment; else the one that runs this.

    Args:
        folder: of the project.
        python: an interpreter, or the folder of a virtual environment.

    Raises:
        UsageError: `python` is neither.
    """
    if python is not None:
        return _asked(folder, python)
    for name in _ENVIRONMENTS:
        environment = folder / name
        if _is_environment(environment) and environment.resolve().is_relative_to(folder.resolve()):
            return _of_environment(folder, environment)
    return _of_program(folder, Path(sys.executable))


def _asked(folder: Path, python: Path) -> Interpreter:
    path = python.expanduser().absolute()
    if _is_environment(path):
        return _of_environment(folder, path)
    if not path.is_file():
        raise UsageError(
            f"python {str(python)!r} is neither an interpreter nor a virtual environment; "
            "name one, such as .venv or /usr/bin/python3"
        )
    return _of_program(folder, path)


def _is_environment(path: Path) -> bool:
    return (path / _CONFIGURATION).is_file() and (path / "bin" / "python").exists()


def _of_environment(folder: Path, environment: Path) -> Interpreter:
    return _of_program(folder, environment / "bin" / "python")


def _of_program(folder: Path, program: Path) -> Interpreter:
    environment = program.parent.parent
    configured = environment / _CONFIGURATION
    if not configured.is_file():
        return Interpreter(program=program, readable=(program, *_installation(program.resolve())))
    home = _home(configured)
    base = (home or program.resolve().parent) / "python"
    readable = [*_installation(base if base.exists() else program.resolve())]
    inside = environment.resolve().is_relative_to(folder.resolve())
    readable += [] if inside else [environment]
    return Interpreter(program=program, readable=tuple(readable), environment=environment)


def _home(configured: Path) -> Path | None:
    for line in configured.read_text(encoding="utf-8", errors="replace").splitlines():
        key, _, value = line.partition("=")
        if key.strip().lower() == "home" and Path(value.strip()).is_absolute():
            return Path(value.strip())
    return None


def _installation(program: Path) -> list[Path]:
    """Program, standard library and shared library of an interpreter; nothing else of the folder that holds them."""
    found: list[Path] = []
    for path in {program, program.resolve()}:
        prefix = path.parent.parent
        libraries = [file.parent for file in prefix.glob("lib*/python3*/os.py")]
        if libraries:
            found += sorted(path.parent.glob("python*")) + libraries + sorted(prefix.glob("lib/libpython3*"))
    return found
