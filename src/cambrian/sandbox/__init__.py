"""Sandbox: runs untrusted programs under declared limits. Believes nothing that comes out; scores nothing.

- `CPythonJail`: a `core.ports.Runtime` for Python (`jail`, `session`, `channel`, `treeclock`, `verdict`).
- `probe`: what this machine can isolate, found out by doing (`probe`).
- `zygote`, `profile`: the engine's side of a jail's mother process; `inside` is the other side.
"""

from .jail import CPythonJail
from .probe import Capability, probe

__all__ = ["CPythonJail", "Capability", "probe"]
