"""A clock moved by hand. Never reads the machine's."""

from __future__ import annotations


class ManualClock:
    """A `core.ports.Clock` that stands still until told otherwise.

    Args:
        start: seconds since the Unix epoch at which it stands.
    """

    def __init__(self, start: float = 1_700_000_000.0) -> None:
        self._start = start
        self._passed = 0.0

    def advance(self, seconds: float) -> None:
        """Let time pass.

        Raises:
            ValueError: time would go back.
        """
        if seconds < 0:
            raise ValueError(f"a clock cannot go back by {seconds!r} s")
        self._passed += seconds

    def wall(self) -> float:
        """Seconds since the Unix epoch."""
        return self._start + self._passed

    def monotonic(self) -> float:
        """Seconds since this clock was made."""
        return self._passed
