"""One chance of error, shared: over the variants of a generation, over successive campaigns. No I/O, no clock."""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec

from cambrian.core.errors import UsageError

from .eprocess import check_alpha

__all__ = ["AlphaLedger", "Grant", "campaign_alpha", "e_bh", "share_alpha"]


def share_alpha(alpha: float, variants: int) -> float:
    """α for each of `variants` tests, so that any of them errs with a chance of at most `alpha` (Bonferroni).

    Rounded down: `variants` times the answer is never above `alpha`.

    Raises:
        UsageError: `alpha` is no chance, or there is no variant.
    """
    check_alpha(alpha)
    if variants < 1:
        raise UsageError(f"variants is {variants!r}; share among one at least")
    return alpha if variants == 1 else math.nextafter(alpha / variants, 0.0)


def e_bh(log_e: Sequence[float], alpha: float) -> tuple[int, ...]:
    """Which of several variants to promote, at a false discovery rate of at most `alpha` (e-BH).

    Holds however the e-values depend on each other (Wang & Ramdas, JRSS-B 84(3), 2022). It bounds the expected *share*
    of the promoted that are no better; where none may be wrong, give each ``share_alpha`` instead.

    Args:
        log_e: logarithm of each variant's e-value.
        alpha: bound of the false discovery rate.

    Returns:
        Indices of the promoted, ascending.
    """
    check_alpha(alpha)
    order = sorted(range(len(log_e)), key=lambda index: (-log_e[index], index))
    bar = math.log(len(log_e)) - math.log(alpha) if log_e else 0.0
    last = max((rank for rank, index in enumerate(order, 1) if log_e[index] >= bar - math.log(rank)), default=0)
    return tuple(sorted(order[:last]))


def campaign_alpha(alpha: float, campaign: int) -> float:
    """α of the `campaign`-th of endlessly many campaigns: 6α / (π² j²), which sums up to α.

    Rounded down.

    Raises:
        UsageError: `alpha` is no chance, or campaigns are not counted from 1.
    """
    check_alpha(alpha)
    if campaign < 1:
        raise UsageError(f"campaign is {campaign!r}; the first one is 1")
    # Three roundings, each by at most half a unit in the last place.
    return alpha * (6 / math.pi**2) / campaign**2 * (1 - 2**-50)


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """What one campaign may spend.

    Args:
        campaign: its number, from 1.
        variants: tests that it may run.
        each: α of each test.
    """

    campaign: int
    variants: int
    each: float


class AlphaLedger(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much of a chance of error is left over a program's whole life. Grants never add up to more than `alpha`.

    >>> ledger, grant = AlphaLedger(alpha=0.05).grant(variants=20)
    >>> (grant.campaign, round(grant.each, 6), round(ledger.left, 4))
    (1, 0.00152, 0.0196)

    Args:
        alpha: chance that anything is ever promoted wrongly.
        campaigns: campaigns granted so far.
        spent: what was granted to them, rounded up.
    """

    alpha: float = 0.05
    campaigns: int = 0
    spent: float = 0.0

    def __post_init__(self) -> None:
        check_alpha(self.alpha)
        if self.campaigns < 0 or not 0 <= self.spent <= self.alpha:
            raise UsageError(
                f"a ledger of {self.campaigns!r} campaigns with {self.spent!r} of {self.alpha!r} spent cannot be"
            )

    @property
    def left(self) -> float:
        """What is not granted yet, for all campaigns to come."""
        return self.alpha - self.spent

    def grant(self, *, variants: int) -> tuple[AlphaLedger, Grant]:
        """The ledger after the next campaign, and what that campaign may spend.

        A grant is spent once given, whether or not its campaign promotes anything.

        Raises:
            UsageError: there is no variant.
        """
        number = self.campaigns + 1
        whole = campaign_alpha(self.alpha, number)
        spent = min(math.nextafter(self.spent + whole, 1.0), self.alpha)
        after = msgspec.structs.replace(self, campaigns=number, spent=spent)
        return after, Grant(campaign=number, variants=variants, each=share_alpha(whole, variants))
