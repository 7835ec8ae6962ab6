"""Sandbox, inside, drivers: what the bridge of the JavaScript engines consists of. The host sends this file filled in.

See `sandbox.scripts.javascript`.
"""

from __future__ import annotations

__all__ = ["CORE", "PARTS"]

CORE = ""
"""An expression of JavaScript: gives what the driver, or the engine's own loop, holds."""

PARTS: dict[str, str] = {}
"""Name → text of what the core compiles when it is first needed."""
