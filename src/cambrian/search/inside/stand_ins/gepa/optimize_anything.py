"""`log`: remarks of an evaluator on what it sees. They become feedback; the runner collects them."""

from __future__ import annotations

__cambrian_logged__: list[str] = []
_MOST = 1000

SideInfo = dict[str, object]
Candidate = dict[str, str]


def log(*parts: object, sep: str = " ", end: str = "\n") -> None:
    """Take note, as `print` does."""
    if len(__cambrian_logged__) < _MOST:
        __cambrian_logged__.append((sep.join(map(str, parts)) + end).rstrip("\n"))


def get_log_context() -> None:
    """GEPA's evaluators hand it to threads of theirs; here every thread logs to the same place."""


def set_log_context(context: object) -> None:
    """See `get_log_context`."""
    del context
