"""The parts of Cambrian that a jail gets to see: a few files, as text, with their packages empty."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import resources

__all__ = ["CAPTURE", "COMPARISON", "shipped"]

_CODEC = ("core/errors.py", "core/codec.py")
_STRUCTURE = ("structure.py", "arrays.py", "frames.py")
COMPARISON = (
    *_CODEC, *(f"verify/inside/{name}" for name in (*_STRUCTURE, "show.py", "comparison.py", "behaviour.py")),
)  # fmt: skip
"""What compares behaviours."""
CAPTURE = (*_CODEC, *(f"verify/inside/{name}" for name in (*_STRUCTURE, "carriage.py", "capture.py")))
"""What stands around a program and tells how it behaved."""


def shipped(names: Iterable[str]) -> dict[str, str]:
    """Path → text of source files of this package, named relative to it, for a `core.ports.Program`."""
    chosen = tuple(names)
    folders = {"/".join(parts[:depth]) for parts in (name.split("/")[:-1] for name in chosen) for depth in range(9)}
    packages = {"/".join(filter(None, ("cambrian", folder, "__init__.py"))): "" for folder in folders}
    return packages | {f"cambrian/{name}": _text(name) for name in chosen}


@cache
def _text(name: str) -> str:
    return resources.files("cambrian").joinpath(name).read_text(encoding="utf-8")
