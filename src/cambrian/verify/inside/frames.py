"""Runs in jails: values of pandas, taken apart. pandas is used only if somebody imported it; exact types only.

A frame is its index, its columns, its attributes and each column's array; an index is its values, names and element
type; a categorical its codes, categories and whether they are ordered. ``NaN``, ``NaT`` and ``NA`` stay what they are.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

__all__ = ["open_frame"]

Parts = list[tuple[str, object]]


def open_frame(kind: type) -> Callable[[object], Parts] | None:
    """How to take apart a value of exactly this class of pandas; ``None`` if it is not one that is known."""
    pandas: Any = sys.modules.get("pandas")
    if pandas is None or not _is_own(kind):
        return None
    known: dict[type, Callable[[Any], Parts]] = {
        pandas.DataFrame: _frame,
        pandas.Series: _series,
        pandas.MultiIndex: _multi_index,
        pandas.RangeIndex: lambda v: [(".name", v.name), ("", (v.start, v.stop, v.step))],
        pandas.Categorical: _categorical,
        pandas.Timestamp: lambda v: [("", v.isoformat()), (".unit", v.unit), (".fold", v.fold), (".tz", str(v.tz))],
        pandas.Timedelta: lambda v: [("", v.value), (".unit", v.unit)],
        pandas.Interval: lambda v: [(".left", v.left), (".right", v.right), (".closed", v.closed)],
        pandas.Period: lambda v: [("", v.ordinal), (".freq", v.freqstr)],
        type(pandas.NA): lambda _v: [],
        type(pandas.NaT): lambda _v: [("", float("nan"))],
    }
    if kind in known:
        return known[kind]
    if issubclass(kind, pandas.Index):
        return _index
    return _values if issubclass(kind, pandas.api.extensions.ExtensionArray) else None


def _is_own(kind: type) -> bool:
    """Whether a class that says so really is one of pandas' own, and not a subclass whose methods nobody knows."""
    own: Any = type.__dict__
    module = sys.modules.get(own["__module__"].__get__(kind))
    return module is not None and module.__dict__.get(own["__qualname__"].__get__(kind)) is kind


def _frame(frame: Any) -> Parts:
    columns: Parts = [(f".iloc[:, {index}]", frame.iloc[:, index].array) for index in range(frame.shape[1])]
    return [(".columns", frame.columns), (".index", frame.index), (".attrs", dict(frame.attrs)), *columns]


def _series(series: Any) -> Parts:
    return [(".name", series.name), (".index", series.index), (".attrs", dict(series.attrs)), ("", series.array)]


def _index(index: Any) -> Parts:
    return [(".name", index.name), ("", index.array)]


def _multi_index(index: Any) -> Parts:
    levels = [index.get_level_values(number) for number in range(index.nlevels)]
    return [(".names", list(index.names)), ("", levels)]


def _categorical(values: Any) -> Parts:
    return [(".ordered", values.ordered), (".categories", values.categories), (".codes", values.codes)]


def _values(array: Any) -> Parts:
    """Any other column: of numpy's numbers as they are, else its elements one by one."""
    numpy: Any = sys.modules["numpy"]
    plain = array.to_numpy()
    if type(plain) is numpy.ndarray and plain.dtype == array.dtype:
        return [("", plain)]
    return [(".dtype", str(array.dtype)), ("", list(array.astype(object)))]
