"""The machine's clock. The only place below `app` that reads one."""

from __future__ import annotations

import time


class SystemClock:
    """The machine's own time; a `core.ports.Clock`."""

    def wall(self) -> float:
        """Seconds since the Unix epoch."""
        return time.time()

    def monotonic(self) -> float:
        """Seconds since some fixed moment; never goes back."""
        return time.monotonic()
