"""`Policy`: what counts as the same behaviour. A value; the comparing is done by `inside.comparison`."""

from __future__ import annotations

import math
from typing import Literal

import msgspec

from cambrian.core.errors import UsageError

from .inside.comparison import Rules

__all__ = ["ANSWERS", "Policy"]


class Policy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What counts as the same; the same keys as ``[equivalence]`` of ``task.toml``. The defaults are the strictest.

    Args:
        float_rtol: floats are the same if they differ by at most this share of the larger one; at least 0, below 1.
        float_atol: or by at most this much. Above zero, the sign of a zero does not count.
        types: ``"strict"``: 1, 1.0, True and numpy's scalars all differ. ``"numeric"``: only their values count.
        nan_equal: NaN (and NaT) is the same as NaN.
        signed_zero: 0.0 and -0.0 differ.
        order: which orders count besides that of lists and tuples: of dicts (``"dict"``), of the iteration over sets
            too (``"all"``), or ``"none"``.
        arrays: ``"strict"``: arrays need equal element types. ``"values"``: equal shapes and elements.
        identity: parts that are one object in one value must be one object in the other.
        exceptions: what of an exception counts: its ``"type"``, its ``"type+message"``, its ``"type+args"``; ``"any"``:
            that there is one.
        mutation: ``"same"``: arguments must look the same after the call. ``"ignore"``: not looked at.
        output: what is printed to ``sys.stdout`` counts.
        objects: ``"state"``: objects of other classes are compared by class name and state. ``"refuse"``: an answer
            that holds one is an error.
    """

    float_rtol: float = 0.0
    float_atol: float = 0.0
    types: Literal["strict", "numeric"] = "strict"
    nan_equal: bool = True
    signed_zero: bool = True
    order: Literal["all", "dict", "none"] = "dict"
    arrays: Literal["strict", "values"] = "strict"
    identity: bool = False
    exceptions: Literal["any", "type", "type+message", "type+args"] = "type+message"
    mutation: Literal["same", "ignore"] = "same"
    output: bool = True
    objects: Literal["state", "refuse"] = "state"

    def __post_init__(self) -> None:
        if not 0 <= self.float_rtol < 1:
            raise UsageError(f"float_rtol is {self.float_rtol!r}; it must be at least 0 and below 1")
        if not 0 <= self.float_atol < math.inf:
            raise UsageError(f"float_atol is {self.float_atol!r}; it must be at least 0 and finite")
        if self.identity and self.objects == "refuse":
            raise UsageError(
                'identity is True with objects "refuse", which keeps no identities; set objects to "state"'
            )

    @property
    def mode(self) -> Literal["exact", "tolerant"]:
        """Whether floats have any room."""
        return "tolerant" if self.float_rtol or self.float_atol else "exact"

    @property
    def rules(self) -> Rules:
        """The part that concerns values."""
        return Rules(**{name: getattr(self, name) for name in Rules._fields})

    @property
    def captures(self) -> bool:
        """Whether more must be known of a call than what it answered: `inside.capture` then stands around it."""
        return self.mutation == "same" or self.output or self.objects == "state" or self.exceptions == "type+args"


ANSWERS = Policy(exceptions="type", mutation="ignore", output=False, objects="refuse")
"""Only what a call answers counts, and the type of what it raises: nothing has to stand around it."""
