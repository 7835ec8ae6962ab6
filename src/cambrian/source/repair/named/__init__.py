"""Repairs that follow from what an error names, at the place that it names. Pure text; nothing is executed.

Index:
    names       NameError, UnboundLocalError, ImportError
    attributes  AttributeError: misspelled, of another language, of another object, not awaited
    arguments   TypeError of calls: too many, too few, unknown keywords, self
    kinds       TypeError of values: str + int, calls of what is no function, KeyError, IndexError
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from cambrian.source.repair.report import Failure, Fix
from cambrian.source.repair.surface import Surface
from cambrian.source.repair.syntax import fault, repairs
from cambrian.source.tree import Problem

from . import arguments, attributes, kinds, names

__all__ = ["named", "unknown"]

_PARTS = (names.fixes, attributes.fixes, arguments.fixes, kinds.fixes)


def unknown(text: str) -> tuple[str, ...]:
    """Names that nothing in a text binds: whoever comes to them fails."""
    surface = Surface.read(text)
    return () if isinstance(surface, Problem) else names.unbound(surface)


def named(text: str, failure: Failure) -> list[Fix]:
    """Texts that may be right, each once, the likeliest first.

    Args:
        text: the file in which the failure shows.
        failure: as a jail told it; for a text that does not compile nothing more than that is needed.
    """
    surface = Surface.read(text)
    if isinstance(surface, Problem) or fault(text) is not None:
        found: Iterator[Fix] = repairs(text, fault(text) or failure)
    else:
        found = chain.from_iterable(part(surface, failure) for part in _PARTS)
    best: dict[str, Fix] = {}
    for fix in found:
        known = best.get(fix.text)
        if fix.text != text and (known is None or fix.cost < known.cost):
            best[fix.text] = fix
    return sorted((fix for fix in best.values()), key=lambda fix: (fix.cost, fix.line, fix.text))
