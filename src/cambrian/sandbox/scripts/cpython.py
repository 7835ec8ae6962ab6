"""Sandbox, scripts: the runtime `cpython`, this interpreter's version with its standard library and installed packages.

Slower to start than the others, because nothing is shared: each script has a process of its own, forked from one that
has loaded the usual modules, used once. It runs at every level that the jail has.
"""

from __future__ import annotations

import importlib.util
import platform
from pathlib import Path

from .driven import DRIVERS_PATH, Driver

__all__ = ["driver"]

_LOADED = (
    *("ast", "asyncio", "base64", "bisect", "calendar", "collections", "contextlib", "copy", "csv", "dataclasses"),
    *(
        "datetime",
        "decimal",
        "enum",
        "fractions",
        "functools",
        "hashlib",
        "heapq",
        "inspect",
        "io",
        "itertools",
        "json",
    ),
    *("linecache", "logging", "math", "operator", "pathlib", "pprint", "queue", "random", "re", "secrets", "selectors"),
    *("statistics", "string", "textwrap", "threading", "traceback", "typing", "uuid"),
)
"""None of these keeps a function of the clock when it is loaded; `threading` and `queue` do, to wait in real time."""

_OVERHEAD = 32 * 2**20  # the stack of the script's thread, and the driver
_USUAL = ("numpy", "numpy.random")


def driver(readable: tuple[Path, ...] = (), here: str = "") -> Driver:
    """The driver of CPython workers.

    Args:
        readable: folders that scripts may read.
        here: the folder that scripts are in, where the jail has it; "" for the scratch folder.
    """
    place = f"import os\nif os.path.isdir({here!r}): os.chdir({here!r})\n" if here else ""
    usual = _USUAL if importlib.util.find_spec(_USUAL[0]) else ()
    return Driver(
        name="cpython",
        languages=("python",),
        version=platform.python_version(),
        files={"driver.py": f"{place}from drivers.cpython_driver import step\n"},
        preload=("drivers.cpython_driver", *_LOADED, *usual),
        path=(DRIVERS_PATH,),
        readable=readable,
        variables=True,
        overhead=_OVERHEAD,
    )
