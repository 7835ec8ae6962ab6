"""Sandbox, inside, drivers: the clock and the randomness of a run, which its terms decide and not the machine."""

from __future__ import annotations

import hashlib

__all__ = ["RandomBytes", "VirtualClock"]

_LOOK_NS = 1000
_BLOCK = 32


class VirtualClock:
    """Shows the time that the host gave last, plus a microsecond for each look and what was slept, over the whole run.

    Args:
        now: seconds since the Unix epoch.
        passed: nanoseconds of looks and sleeps so far.
    """

    def __init__(self, now: float, passed: int = 0) -> None:
        self._given = round(now * 1e9)
        self.passed = passed

    def give(self, now: float) -> None:
        """Take the host's time; the clock never goes back."""
        self._given = max(self._given, round(now * 1e9))

    def look(self) -> int:
        """Nanoseconds since the Unix epoch; the look itself takes a microsecond."""
        self.passed += _LOOK_NS
        return self.now

    @property
    def now(self) -> int:
        """Nanoseconds since the Unix epoch, without taking time: for the engine, not for the script."""
        return self._given + self.passed

    def sleep(self, seconds: float) -> None:
        """Let time pass, at once."""
        self.passed += max(0, round(seconds * 1e9))

    def wake(self, moment: int) -> None:
        """Sleep until a moment, in nanoseconds since the epoch; nothing if it is past."""
        self.passed += max(0, moment - self.now)


class RandomBytes:
    """An endless stream of bytes from a seed: SHA-256 of the seed and a counter.

    Args:
        seed: of the run.
        taken: bytes read so far.
        purpose: streams of other purposes have nothing to do with this one.
    """

    def __init__(self, seed: int, taken: int = 0, purpose: str = "") -> None:
        self._seed = f"{seed}{purpose}".encode()
        self.taken = taken

    def read(self, size: int) -> bytes:
        """The next bytes.

        Raises:
            ValueError: a negative size.
        """
        if size < 0:
            raise ValueError("negative argument not allowed")
        first, skip = divmod(self.taken, _BLOCK)
        count = -(-(skip + size) // _BLOCK)
        self.taken += size
        return b"".join(self._block(first + index) for index in range(count))[skip : skip + size]

    def _block(self, index: int) -> bytes:
        return hashlib.sha256(b"%b/%d" % (self._seed, index)).digest()
