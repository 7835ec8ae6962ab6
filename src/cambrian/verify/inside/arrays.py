"""Runs in jails: arrays and scalars of numpy, taken apart and compared. numpy is used only if somebody imported it.

Numbers are compared in numpy, so that a million of them cost milliseconds. All other kinds (text, dates, structured,
objects) are taken apart into parts that the comparison knows.
"""

from __future__ import annotations

import sys
from typing import Any, Protocol

__all__ = ["first_unequal", "is_numbers", "open_array", "open_scalar"]

Parts = list[tuple[str, object]]
_NUMBERS = frozenset("biufc")


class FloatRules(Protocol):
    """The part of `comparison.Rules` that concerns numbers."""

    @property
    def float_rtol(self) -> float:
        """Relative tolerance."""
        ...

    @property
    def float_atol(self) -> float:
        """Absolute tolerance."""
        ...

    @property
    def nan_equal(self) -> bool:
        """Whether NaN is the same as NaN."""
        ...

    @property
    def signed_zero(self) -> bool:
        """Whether zeros of different sign differ."""
        ...


def is_numbers(value: object) -> bool:
    """Whether a value is an exact `numpy.ndarray` of numbers."""
    numpy = sys.modules.get("numpy")
    return numpy is not None and type(value) is numpy.ndarray and _kind(value) in _NUMBERS


def _kind(array: Any) -> str:
    return str(array.dtype.kind)


def open_array(array: object) -> Parts:
    """Element type, shape and elements of an array of any kind, subclasses of `numpy.ndarray` included."""
    numpy: Any = sys.modules["numpy"]
    plain = numpy.ndarray.view(array, numpy.ndarray)
    parts: Parts = [(".dtype", str(plain.dtype)), (".shape", tuple(plain.shape))]
    kind = _kind(plain)
    if kind in _NUMBERS:
        return [*parts, ("", plain.astype(plain.dtype.newbyteorder("=")))]
    if kind in "mM":
        missing = numpy.isnat(plain)
        moments = numpy.where(missing, numpy.nan, 0.0)  # NaT follows the rule for NaN
        return [
            *parts,
            ("", numpy.ascontiguousarray(plain).view("i8")),
            *([(" (NaT)", moments)] if missing.any() else []),
        ]
    if plain.dtype.names:
        return [*parts, *((f"[{name!r}]", plain[name]) for name in plain.dtype.names)]
    return [*parts, ("", plain.tobytes() if kind == "V" else plain.ravel().tolist())]


def open_scalar(scalar: object) -> Parts:
    """A scalar of numpy: its Python value, where there is one that is as exact; its element type is its class."""
    numpy: Any = sys.modules["numpy"]
    value: Any = scalar
    if value.dtype.kind in "biufcSU" and value.dtype.char not in "gG":
        return [("", value.item())]
    return open_array(numpy.asarray(value))


def first_unequal(one: object, other: object, rules: FloatRules) -> tuple[int, ...] | None:
    """Index of the first element at which two arrays of numbers of one shape differ."""
    numpy: Any = sys.modules["numpy"]
    expected: Any = one
    got: Any = other
    if expected.size == 0:
        return None
    with numpy.errstate(all="ignore"):
        same = _parts_same(numpy, expected, got, rules)
    if same.all():
        return None
    return tuple(int(index) for index in numpy.unravel_index(int(numpy.argmin(same)), same.shape))


def _parts_same(numpy: Any, a: Any, b: Any, rules: FloatRules) -> Any:
    if "c" in (_kind(a), _kind(b)):
        return _floats_same(numpy, a.real, b.real, rules) & _floats_same(numpy, a.imag, b.imag, rules)
    if "f" in (_kind(a), _kind(b)):
        return _floats_same(numpy, a, b, rules)
    return a == b


def _floats_same(numpy: Any, a: Any, b: Any, rules: FloatRules) -> Any:
    same = a == b
    if rules.signed_zero and not rules.float_atol:
        same &= (a != 0) | (numpy.signbit(a) == numpy.signbit(b))
    if rules.float_rtol or rules.float_atol:
        room = numpy.maximum(rules.float_rtol * numpy.maximum(abs(a), abs(b)), rules.float_atol)
        near = numpy.isfinite(a) & numpy.isfinite(b) & (abs(a - b) <= room)
        zeros = (a == 0) & (b == 0)  # at zero the relative tolerance gives no room: their signs were judged above
        same |= near & ~zeros if rules.signed_zero and not rules.float_atol else near
    if rules.nan_equal:
        same |= (a != a) & (b != b)  # noqa: PLR0124 - how NaN is told
    return same
