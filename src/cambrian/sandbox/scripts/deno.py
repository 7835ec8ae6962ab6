"""Sandbox, scripts: the runtime `deno`: V8 with web interfaces, TypeScript, fast loops. Needs level 3.

It is started without any permission, which is the first line; the jail is the one that holds. Nothing is fetched: no
remote modules, no npm, no network at all.
"""

from __future__ import annotations

import importlib
from importlib import metadata, util
from pathlib import Path
from typing import Protocol, cast

from cambrian.core.errors import CapabilityMissing

from .driven import Driver
from .engines import engine_driver

__all__ = ["driver"]

_PACKAGE = "deno"
_OPTIONS = (
    "run",
    "--quiet",
    "--no-prompt",
    "--no-remote",
    "--no-npm",
    "--no-config",
    "--no-lock",
    "--no-code-cache",
    "--cached-only",
    "--no-check",
)
_OVERHEAD = 96


class _Package(Protocol):
    def find_deno_bin(self) -> str: ...


def driver(readable: tuple[Path, ...] = (), here: str = "") -> Driver:
    """The driver of Deno, as installed by its package.

    Args:
        readable: folders that scripts may read: both Deno's own permission and the jail allow them.
        here: the folder that scripts are in, where the jail has it.

    Raises:
        CapabilityMissing: it is not installed.
    """
    return engine_driver(
        "deno",
        metadata.version(_PACKAGE) if util.find_spec(_PACKAGE) else "",
        (str(_program()), *_OPTIONS, *_permission(readable), "--ext=js"),
        heap="--v8-flags=--max-old-space-size={}",
        languages=("javascript", "typescript"),
        overhead=_OVERHEAD,
        readable=readable,
        here=here,
    )


def _permission(folders: tuple[Path, ...]) -> tuple[str, ...]:
    """The option that lets it read there; a comma within a path is written twice."""
    listed = ",".join(str(folder).replace(",", ",,") for folder in folders)
    return (f"--allow-read={listed}",) if listed else ()


def _program() -> Path:
    fix = "pip install deno"
    if util.find_spec(_PACKAGE) is None:
        raise CapabilityMissing("runtime.deno", "JavaScript cannot run on Deno: it is not installed", fix=fix)
    package = cast("_Package", importlib.import_module(_PACKAGE))
    try:
        found = package.find_deno_bin()
    except FileNotFoundError as error:
        raise CapabilityMissing("runtime.deno", f"Deno's program is not where it should be: {error}", fix=fix) from None
    return Path(found).absolute()
