"""Sandbox, scripts: the runtime `bun`, where Bun is on the search path. Always in the jail; needs level 3.

Bun has no permissions of its own, and no limit on its heap: the jail's are all there is.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from cambrian.core.errors import CapabilityMissing

from .driven import Driver
from .engines import engine_driver

__all__ = ["driver"]

_OVERHEAD = 80


def driver(readable: tuple[Path, ...] = (), here: str = "") -> Driver:
    """The driver of Bun.

    Args:
        readable: folders that scripts may read.
        here: of no effect: Bun would load the settings that it finds in that folder.

    Raises:
        CapabilityMissing: it is not on the search path.
    """
    del here
    found = shutil.which("bun")
    if found is None:
        raise CapabilityMissing(
            "runtime.bun", "JavaScript cannot run on Bun: it is not on the search path", fix="npm install -g bun"
        )
    asked = subprocess.run([found, "--version"], capture_output=True, text=True, timeout=30.0, check=True)
    return engine_driver(
        "bun",
        asked.stdout.strip(),
        (str(Path(found).absolute()), "--no-install", "run"),
        heap="",
        languages=("javascript",),
        overhead=_OVERHEAD,
        readable=readable,
    )
