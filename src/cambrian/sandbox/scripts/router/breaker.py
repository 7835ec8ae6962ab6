"""Sandbox, scripts, router: a circuit breaker per runtime. Told of failures of machinery, never of scripts' own.

Closed: all may pass. After some failures in a row it opens: nobody passes until it has cooled; then one may try. That
one's success closes it, its failure opens it again for as long.

Nygard, M. T.: Release It! (2007), circuit breaker.
"""

from __future__ import annotations

import msgspec

from cambrian.core.checks import check_number, check_whole
from cambrian.core.ports import Clock

__all__ = ["Breaker"]


class _Circuit(msgspec.Struct):
    """Failures in a row, and when the next one may try (seconds of the clock)."""

    failures: int = 0
    closed_again: float = 0.0


class Breaker:
    """One circuit per runtime.

    Args:
        clock: tells the time; monotonic.
        failures: in a row, after which a circuit opens.
        cooling: seconds that it stays open.
    """

    def __init__(self, clock: Clock, *, failures: int = 3, cooling: float = 30.0) -> None:
        check_whole("breaker.failures", failures, example="failures=3")
        check_number("breaker.cooling", cooling, example="cooling=30.0 (seconds)")
        self._clock = clock
        self._most = failures
        self._cooling = cooling
        self._circuits: dict[str, _Circuit] = {}

    def wait(self, runtime: str) -> float:
        """Seconds until a runtime may be tried; 0.0 if it may be now."""
        circuit = self._circuits.get(runtime)
        if circuit is None or circuit.failures < self._most:
            return 0.0
        return max(0.0, circuit.closed_again - self._clock.monotonic())

    def trying(self, runtime: str) -> None:
        """Somebody tries a runtime. If its circuit was open, nobody else may until it is told how that went."""
        circuit = self._circuits.get(runtime)
        if circuit is not None and circuit.failures >= self._most:
            circuit.closed_again = self._clock.monotonic() + self._cooling

    def failed(self, runtime: str) -> None:
        """A runtime's machinery failed."""
        circuit = self._circuits.setdefault(runtime, _Circuit())
        circuit.failures += 1
        circuit.closed_again = self._clock.monotonic() + self._cooling

    def succeeded(self, runtime: str) -> None:
        """A runtime's machinery did its work, whatever became of the script."""
        self._circuits.pop(runtime, None)
