"""Sandbox, inside, drivers: where the engine's binary is. The host sends a version of this file with the real path."""

from __future__ import annotations

__all__ = ["BINARY"]

BINARY = ""
