"""Sortable run ids. Pure: time and randomness are handed in."""

from __future__ import annotations

from random import Random

from cambrian.core.errors import UsageError
from cambrian.core.ids import RunId

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32, lower case: no i, l, o, u, which people misread."""
_TIME_DIGITS = 10
_RANDOM_DIGITS = 8


def new_run_id(now: float, random: Random) -> RunId:
    """A fresh id that sorts by time, in the manner of ULID: 50 bits of milliseconds, then 40 bits of randomness.

    >>> new_run_id(1_700_000_000.0, Random(1))
    'r-01hf7yat00e03m4hkm'

    Args:
        now: seconds since the Unix epoch.
        random: `random.SystemRandom()`, or a seeded one in tests.

    Raises:
        UsageError: a time before 1970 or beyond the 35,000 years that fit.
    """
    milliseconds = int(now * 1000)
    if not 0 <= milliseconds < 32**_TIME_DIGITS:
        raise UsageError(f"now is {now!r}; seconds since 1970 are wanted, as from Clock.wall()")
    return RunId(f"r-{_base32(milliseconds, _TIME_DIGITS)}{_base32(random.getrandbits(40), _RANDOM_DIGITS)}")


def _base32(value: int, digits: int) -> str:
    return "".join(_ALPHABET[value >> shift & 31] for shift in range(5 * (digits - 1), -1, -5))
