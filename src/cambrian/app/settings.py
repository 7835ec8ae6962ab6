"""The one reader of environment variables. Everything else is told what it needs.

======================  ================================================================
``CAMBRIAN_WORKSPACE``  folder of the workspace, instead of ``.cambrian``
``XDG_STATE_HOME``      where the signing key is kept (XDG base directory specification)
``NO_COLOR``            any text: no colours (no-color.org)
``TERM``                ``dumb``: no colours and no live display
``CAMBRIAN_DEBUG``      any text: an internal error is told with its traceback
``USER``, ``LOGNAME``   who is named as the approver of a promotion
======================  ================================================================
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from cambrian.core.errors import UsageError


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What the environment says.

    Args:
        workspace: folder of the workspace.
        state: the user's state folder.
        color: whether a terminal may be coloured.
        dumb: whether the terminal can only print lines.
        user: who sits here.
    """

    workspace: Path = Path(".cambrian")
    state: Path = Path("~/.local/state")
    color: bool = True
    dumb: bool = False
    user: str = "unknown"

    @property
    def signing_key(self) -> Path:
        """The key that signs promotions; the one file outside the workspace."""
        return self.state / "cambrian" / "signing.key"


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the environment, by default this process's.

    Raises:
        UsageError: ``CAMBRIAN_WORKSPACE`` is set and empty.
    """
    values = os.environ if environ is None else environ
    workspace = values.get("CAMBRIAN_WORKSPACE", ".cambrian")
    if not workspace.strip():
        raise UsageError(f"CAMBRIAN_WORKSPACE is {workspace!r}; name a folder or unset it")
    state = values.get("XDG_STATE_HOME", "")
    dumb = values.get("TERM") == "dumb"
    return Settings(
        workspace=Path(workspace),
        # the specification: a relative path is to be ignored
        state=Path(state) if state.startswith("/") else _home(values) / ".local" / "state",
        color=not values.get("NO_COLOR") and not dumb,
        dumb=dumb,
        user=values.get("USER") or values.get("LOGNAME") or f"uid {os.getuid()}",
    )


def variables() -> Mapping[str, str]:
    """All variables of the environment, for what a person asks to hand on by name."""
    return os.environ


def wants_tracebacks(environ: Mapping[str, str] | None = None) -> bool:
    """Whether internal errors are told with their traceback. Cannot fail, as the last word of a failing command."""
    return bool((os.environ if environ is None else environ).get("CAMBRIAN_DEBUG"))


def _home(values: Mapping[str, str]) -> Path:
    home = values.get("HOME", "")
    return Path(home) if home.startswith("/") else Path("~").expanduser()
