"""Text to numbers with units: durations in seconds, sizes in bytes.

A unit is always spoken: ``"30"`` is refused, since nobody can tell seconds from minutes.
"""

from __future__ import annotations

import re

from .errors import UsageError

_NUMBER = r"(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)"
_QUANTITY = re.compile(rf"\s*{_NUMBER}\s*(?P<unit>[A-Za-z]+)\s*")

_SECONDS = {"ms": 1e-3, "s": 1.0, "sec": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
_BYTES = {
    "b": 1,
    "kb": 10**3, "mb": 10**6, "gb": 10**9,
    "kib": 2**10, "mib": 2**20, "gib": 2**30,
}  # fmt: skip


def _parse(text: str, units: dict[str, float] | dict[str, int], what: str, example: str) -> float:
    match = _QUANTITY.fullmatch(text)
    if match is None or match["unit"].lower() not in units:
        raise UsageError(f"{text!r} is not {what}; write a number and a unit, such as {example}")
    return float(match["number"]) * units[match["unit"].lower()]


def seconds(text: str) -> float:
    """Duration in seconds.

    >>> seconds("1.5min")
    90.0

    Raises:
        UsageError: no number, no unit, an unknown unit, or zero.
    """
    value = _parse(text, _SECONDS, "a duration", '"500ms", "30s" or "2h"')
    if value <= 0:
        raise UsageError(f"{text!r}: a duration must be above zero")
    return value


def size(text: str) -> int:
    """Size in bytes.

    >>> size("64MiB")
    67108864

    Raises:
        UsageError: no number, no unit, an unknown unit, or less than one byte.
    """
    value = _parse(text, _BYTES, "a size", '"64KiB", "512MiB" or "1GB"')
    if value < 1:
        raise UsageError(f"{text!r}: a size must be at least one byte")
    return int(value)


def format_seconds(value: float) -> str:
    """Shortest readable duration.

    >>> format_seconds(0.25), format_seconds(75), format_seconds(7260)
    ('250ms', '1m15s', '2h01m')
    """
    if value < 1:
        return f"{value * 1000:.0f}ms"
    if value < 60:
        return f"{value:.3g}s"
    whole = round(value)
    if whole < 3600:
        return f"{whole // 60}m{whole % 60:02d}s"
    return f"{whole // 3600}h{whole % 3600 // 60:02d}m"


def format_size(value: int) -> str:
    """Readable size in binary units.

    >>> format_size(512), format_size(67108864)
    ('512B', '64MiB')
    """
    amount, unit = float(value), "B"
    for unit in ("B", "KiB", "MiB", "GiB"):
        if amount < 1024 or unit == "GiB":
            break
        amount /= 1024
    return f"{amount:.3g}{unit}" if amount < 1000 else f"{amount:.0f}{unit}"
