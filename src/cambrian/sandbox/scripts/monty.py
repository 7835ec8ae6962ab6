"""Sandbox, scripts: the runtime `monty`, a Python subset that starts in a fraction of a millisecond and can be saved.

Monty is an interpreter of its own, without files, network and processes, in a process of its own, in a jail. One worker
serves many scripts, each in a fresh session of the engine. So what separates scripts of one worker is the engine: a
fault of it could carry something from one script to a later one on the same worker, but not out of the jail.

Needs level L3: the driver and the engine are two processes.
"""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import sysconfig
from pathlib import Path

from cambrian.core.errors import CapabilityMissing

from .driven import DRIVERS_PATH, Driver, driver_text

__all__ = ["driver"]

_PACKAGE = "pydantic-monty"
_BINARY = "monty"
_TASKS = 32  # threads count: the client's and two per engine process
_REUSE = 500
_OVERHEAD = 96 * 2**20  # two engine processes and the client; most of it is the binary itself


def driver() -> Driver:
    """The driver of Monty workers.

    Raises:
        CapabilityMissing: Monty is not installed.
    """
    version, binary = _version(), _binary()
    return Driver(
        name="monty",
        languages=("python",),
        version=version,
        files={
            "driver.py": "from drivers.monty_driver import step\n",
            "drivers/engine.py": f"BINARY = {str(binary)!r}\n",
            "drivers/monty_driver.py": driver_text("monty_driver.py"),
        },
        preload=("pydantic_monty", "drivers.monty_run", "drivers.monty_variables"),
        path=(DRIVERS_PATH,),
        readable=tuple(dict.fromkeys((binary, binary.resolve()))),
        processes=_TASKS,
        reuse=_REUSE,
        resident=True,
        snapshots=True,
        abandons=True,
        variables=True,
        overhead=_OVERHEAD,
    )


def _version() -> str:
    try:
        return importlib.metadata.version(_PACKAGE)
    except importlib.metadata.PackageNotFoundError as error:
        raise _missing(f"no package {_PACKAGE!r}") from error


def _binary() -> Path:
    """The engine's binary: where packages of this environment put their programs, or on the search path."""
    folders = [sysconfig.get_path("scripts"), sysconfig.get_path("scripts", f"{os.name}_user")]
    found = shutil.which(_BINARY, path=os.pathsep.join(folders)) or shutil.which(_BINARY)
    if found is None:
        raise _missing(f"no program {_BINARY!r} in {folders[0]!r}")
    return Path(found).absolute()


def _missing(why: str) -> CapabilityMissing:
    return CapabilityMissing(
        "runtime.monty", f"Python scripts cannot be run on Monty: {why}", fix=f"pip install {_PACKAGE}"
    )
