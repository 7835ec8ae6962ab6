"""What a launch has spent. Decisions hang on counts only; the clock is a brake for when prices are wrong."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

CALL = 2e-5
"""Nominal seconds of one call into the problem."""


class OutOfTimeError(Exception):
    """The clock's brake: the launch must answer with what it has."""


@dataclass
class Meter:
    """Nominal seconds spent, calls made, and the moment at which to stop whatever was planned.

    Two launches with equal inputs make equal decisions as long as the brake does not fire.

    Args:
        nominal_s: nominal seconds to spend.
        cpu_s: CPU seconds of this process at which the brake fires.
        wall_s: seconds after construction at which the brake fires.
    """

    nominal_s: float
    cpu_s: float
    wall_s: float
    spent: float = 0.0
    calls: int = 0
    solves: int = 0
    braked: bool = False
    _started: float = field(default_factory=time.monotonic)

    @property
    def done(self) -> bool:
        """Whether the planned work is done."""
        return self.spent >= self.nominal_s or self.braked

    def call(self, size: int) -> None:
        """One call into the problem that takes or gives `size` numbers.

        Raises:
            OutOfTimeError: the brake.
        """
        self.calls += 1
        self.spend(CALL + 2e-9 * size)

    def spend(self, nominal_s: float) -> None:
        """Add to what is spent.

        Raises:
            OutOfTimeError: the brake.
        """
        self.spent += nominal_s
        if not self.braked and (time.process_time() > self.cpu_s or time.monotonic() - self._started > self.wall_s):
            self.braked = True
            raise OutOfTimeError
