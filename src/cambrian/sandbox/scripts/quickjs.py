"""Sandbox, scripts: JavaScript on QuickJS (the quickjs-ng branch), in a jail. No Node, no web interfaces.

Each script has an engine runtime of its own: heap, globals, limits. Many scripts share a process, one after the other,
because a process costs milliseconds and an engine runtime a tenth of one. What that leaves: a script that finds a
memory error in the engine has the process, and with it what later scripts bring along, and what of earlier ones lies in
memory that was freed and not wiped. Whoever cannot have that sets ``reuse=1``.
"""

from __future__ import annotations

from importlib import metadata, util

from cambrian.core.errors import CapabilityMissing

from .driven import Driver, driver_text
from .javascript import bridge

__all__ = ["driver"]

_MIB = 2**20
_PACKAGE = "quickjs-ng"
_MODULE = "_quickjs"  # without its Python part, which starts a thread when it is imported, before the jail's forks


def driver(*, reuse: int = 200) -> Driver:
    """The driver of QuickJS.

    Args:
        reuse: scripts per process.

    Raises:
        CapabilityMissing: the engine is not installed.
    """
    if util.find_spec(_MODULE) is None:
        fix = f"pip install {_PACKAGE}"
        raise CapabilityMissing("runtime.quickjs", "JavaScript cannot run on QuickJS: it is not installed", fix=fix)
    return Driver(
        name="quickjs",
        languages=("javascript",),
        version=metadata.version(_PACKAGE),
        files={
            "driver.py": "from drivers.quickjs_driver import step\n",
            "drivers/javascript_bridge.py": bridge("quickjs.js"),
            **{f"drivers/{name}": driver_text(name) for name in ("javascript_turns.py", "quickjs_driver.py")},
        },
        preload=(_MODULE, "hashlib", "json", "re"),
        reuse=reuse,
        overhead=32 * _MIB,
    )
