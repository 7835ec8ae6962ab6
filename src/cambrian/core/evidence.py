"""`Evidence`: why a claim may be believed. A record, no statistics of its own: what makes one stands in ``verify``."""

from __future__ import annotations

import math
from typing import Literal

import msgspec

from .errors import UsageError

Kind = Literal["proved", "tested", "measured", "not_shown"]
"""proved: for every input. tested: it held on n inputs. measured: an interval, with the chance of error α. not_shown:
looked at, and not to be believed on this ground; nothing says that the opposite holds."""


class Evidence(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A claim with its ground. Whoever reports that something improved reports it of shown evidence only.

    >>> print(Evidence(kind="tested", claim="same answers", n=200, method="differential test"))
    tested: same answers (n = 200; differential test)

    Args:
        kind: what the ground is; see `Kind`.
        claim: what is claimed, in a few words: ``"the candidate is faster"``.
        n: inputs, pairs or events looked at.
        alpha: bound of the chance that a measured claim is false, over all looks taken; `None` unless measured or
            looked at by such a method.
        estimate: the quantity's best guess, in `unit`.
        lower: least value that the data leave possible; `None` if they bound nothing from below.
        upper: largest value that the data leave possible; `None` if they bound nothing from above.
        unit: of estimate and bounds; ``"×"`` is a ratio.
        method: how it was found, by its standard name.
        detail: what a reader should know besides: noise, ties, why it was not shown.
    """

    kind: Kind
    claim: str
    n: int = 0
    alpha: float | None = None
    estimate: float | None = None
    lower: float | None = None
    upper: float | None = None
    unit: str = ""
    method: str = ""
    detail: str = ""

    def __post_init__(self) -> None:
        if not self.claim:
            raise UsageError("evidence.claim is ''; say what is claimed")
        if self.n < 0:
            raise UsageError(f"evidence.n is {self.n!r}; a number of observations cannot be negative")
        for name in ("estimate", "lower", "upper"):
            value = getattr(self, name)
            if value is not None and not math.isfinite(value):
                raise UsageError(f"evidence.{name} is {value!r}; leave it out where nothing is known")
        if self.lower is not None and self.upper is not None and self.lower > self.upper:
            raise UsageError(f"evidence.lower {self.lower!r} is above evidence.upper {self.upper!r}")
        self._refuse_empty_ground()

    def _refuse_empty_ground(self) -> None:
        """A claim cannot be shown by nothing."""
        if self.alpha is not None and not 0 < self.alpha < 1:
            raise UsageError(f"evidence.alpha is {self.alpha!r}; it is a chance above 0 and below 1")
        if self.kind == "measured" and self.alpha is None:
            raise UsageError(f"evidence of {self.claim!r} is 'measured' without alpha; give the chance of error")
        if self.kind in ("measured", "tested") and self.n == 0:
            raise UsageError(f"evidence of {self.claim!r} is {self.kind!r} with n = 0; nothing was looked at")

    @property
    def shown(self) -> bool:
        """Whether the claim may be told as a fact, with its ground beside it."""
        return self.kind != "not_shown"

    def __str__(self) -> str:
        """One sentence for people."""
        parts = [
            f"n = {self.n}" if self.n else "",
            self._amount(),
            f"α = {self.alpha:.3g}" if self.alpha is not None else "",
            self.method,
            self.detail,
        ]
        ground = "; ".join(filter(None, parts))
        return f"{self.kind.replace('_', ' ')}: {self.claim}" + (f" ({ground})" if ground else "")

    def _amount(self) -> str:
        if self.estimate is None and self.lower is None and self.upper is None:
            return ""
        guess = "" if self.estimate is None else f"{self.estimate:.4g}{_after(self.unit)}"
        if self.lower is None and self.upper is None:
            return guess
        low = "−∞" if self.lower is None else f"{self.lower:.4g}"
        high = "∞" if self.upper is None else f"{self.upper:.4g}"
        return f"{guess} [{low}, {high}]".strip()


def _after(unit: str) -> str:
    return f" {unit}" if unit else ""
