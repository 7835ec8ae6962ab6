"""`log` and the names that a script around an evaluator imports.

Remarks that an evaluator logs become feedback; the runner collects them. Settings are taken and not read, and the
search itself is not here: Cambrian does it.
"""

from __future__ import annotations

__cambrian_logged__: list[str] = []
_MOST = 1000

SideInfo = dict[str, object]
Candidate = dict[str, str]


class Settings:
    """Takes whatever a script sets for GEPA's own search."""

    def __init__(self, **given: object) -> None:
        self.__dict__.update(given)


class EngineConfig(Settings):
    """Of the engine."""


class ReflectionConfig(Settings):
    """Of the model that proposes."""


class MergeConfig(Settings):
    """Of merging."""


class RefinerConfig(Settings):
    """Of refining."""


class TrackingConfig(Settings):
    """Of tracking."""


class GEPAConfig(Settings):
    """All of them."""


class OptimizationState(Settings):
    """What an evaluator may be handed as ``opt_state``."""


def optimize_anything(**given: object) -> object:
    """Refuse: inside an evaluation nothing is searched.

    Raises:
        RuntimeError: always.
    """
    raise RuntimeError(
        f"optimize_anything({', '.join(given)}) was called while one candidate was evaluated; Cambrian does the "
        "search. Put the call under if __name__ == '__main__':"
    )


def log(*parts: object, sep: str = " ", end: str = "\n") -> None:
    """Take note, as `print` does."""
    if len(__cambrian_logged__) < _MOST:
        __cambrian_logged__.append((sep.join(map(str, parts)) + end).rstrip("\n"))


def get_log_context() -> None:
    """GEPA's evaluators hand it to threads of theirs; here every thread logs to the same place."""


def set_log_context(context: object) -> None:
    """See `get_log_context`."""
    del context
