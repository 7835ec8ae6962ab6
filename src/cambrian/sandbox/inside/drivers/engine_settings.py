"""Sandbox, inside, drivers: which engine it is and how it is started. The host sends this file filled in.

See `sandbox.scripts.engines`.
"""

from __future__ import annotations

__all__ = ["COMMAND", "HEAP_FLAG", "HERE", "LOOP", "OVERHEAD"]

COMMAND: tuple[str, ...] = ()
"""Program and options; the file of the loop comes after them."""

HEAP_FLAG = ""
"""An option that limits the engine's heap, with ``{}`` for MiB; "" if it has none."""

HERE = ""
"""The folder that scripts are in, where the jail has it; "" for the scratch folder."""

LOOP = ""
"""Text of the engine's main file."""

OVERHEAD = 0
"""Bytes that the engine needs besides the script's."""
