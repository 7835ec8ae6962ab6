"""Campaigns in which nothing is better: how often is something promoted all the same, looking after every pair?

    python benchmarks/null_campaigns.py --check

A campaign tries 20 variants against a control, each in pairs of its own, each at its share of α = 0.05. One promotion
of a variant that is no better spoils the campaign. Beside it two naive ways, a look at p < 0.05 after every pair: a
t-test of the same pairs, and a Welch test where control and candidate were not measured in pairs.

The arithmetic of `verify.superiority.PairedTest` is done for all variants at once, one array operation for each of its
operations in the same order, so that decisions are the same bit for bit. That is checked here against the real class.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cambrian.verify.alpha import share_alpha
from cambrian.verify.confidence import BURN_IN, PLANNED, half_width
from cambrian.verify.eprocess import log_e_value
from cambrian.verify.superiority import PairedTest
from report import Figure, finish, options

ALPHA = 0.05
VARIANTS = 20
PAIRS = 2000
"""Pairs of each variant at most; the naive test looks at as many."""
WARM = 0.95
"""What the second run of a pair takes of the first's time, whoever it is; who comes first is drawn."""
RHO = 0.9
"""Correlation of the two times of a pair on a scale of logarithms: they share their input."""
COMPARED = 60
"""Variants of each distribution that the real class decides too."""
WINNERS = 500
"""Samples from which the winner's curse is told."""

Array = NDArray[np.float64]
Draw = Callable[[np.random.Generator, int, int], tuple[Array, Array]]
"""(generator, arms, pairs) → times of control and candidate, one row for each variant."""


def lognormal(rng: np.random.Generator, arms: int, pairs: int) -> tuple[Array, Array]:
    common = math.sqrt(RHO) * rng.standard_normal((arms, pairs))
    own = math.sqrt(1 - RHO)
    first, second = (np.exp(common + own * rng.standard_normal((arms, pairs))) for _ in range(2))
    return first, second


def pareto(rng: np.random.Generator, arms: int, pairs: int) -> tuple[Array, Array]:
    """Tail exponent 2.2, nothing shared: a variance that hardly exists."""
    return 1 + rng.pareto(2.2, (arms, pairs)), 1 + rng.pareto(2.2, (arms, pairs))


def bimodal(rng: np.random.Generator, arms: int, pairs: int) -> tuple[Array, Array]:
    """One run in five takes the slow path, eight times as long; mostly, not always, both runs of a pair do."""

    def one(slow: NDArray[np.bool_]) -> Array:
        astray = rng.random((arms, pairs)) < 0.05
        return np.where(slow ^ astray, 8.0, 1.0) * np.exp(0.2 * rng.standard_normal((arms, pairs)))

    slow = rng.random((arms, pairs)) < 0.2
    return one(slow), one(slow)


def regimes(rng: np.random.Generator, arms: int, pairs: int) -> tuple[Array, Array]:
    """Load of the machine: it drifts (autocorrelation .95 from pair to pair) and triples for some 50 pairs on end."""
    drift, busy = rng.standard_normal(arms), np.zeros(arms, dtype=bool)
    load = np.empty((arms, pairs))
    for index in range(pairs):
        drift = 0.95 * drift + math.sqrt(1 - 0.95**2) * rng.standard_normal(arms)
        busy ^= rng.random(arms) < 0.02
        load[:, index] = 0.5 * drift + math.log(3) * busy
    own = 0.3
    first, second = (np.exp(load + own * rng.standard_normal((arms, pairs))) for _ in range(2))
    return first, second


DISTRIBUTIONS: dict[str, Draw] = {"lognormal": lognormal, "Pareto 2.2": pareto, "bimodal": bimodal, "load": regimes}


def in_random_order(rng: np.random.Generator, control: Array, candidate: Array) -> tuple[Array, Array]:
    """Times as taken: the second run of each pair is warm."""
    control_first = rng.random(control.shape) < 0.5
    return np.where(control_first, control, control * WARM), np.where(control_first, candidate * WARM, candidate)


def least_wins(alpha: float, pairs: int) -> NDArray[np.int64]:
    """For each number of pairs the wins from which the real sign test rejects; `pairs + 1` where none would do."""
    bar, wins = -math.log(alpha), 0
    needed = np.full(pairs + 1, pairs + 1)
    for n in range(1, pairs + 1):
        while wins <= n and log_e_value(wins, n - wins, null=0.5) < bar:
            wins += 1  # the least that will do never falls from one number of pairs to the next
        needed[n] = wins if wins <= n else pairs + 1
        wins = min(wins, n)
    return needed


def decided(gains: Array, alpha: float) -> NDArray[np.int64]:
    """Pair after which `PairedTest` says better, for each row; 0 where it never does, or gives up before.

    Operation by operation what `ConfidenceSequence.add` and `PairedTest.decision` do.
    """
    arms, pairs = gains.shape
    needed = least_wins(alpha, pairs)
    mean, squares = np.zeros(arms), np.zeros(arms)
    wins, losses = np.zeros(arms, dtype=np.int64), np.zeros(arms, dtype=np.int64)
    at, over = np.zeros(arms, dtype=np.int64), np.zeros(arms, dtype=bool)
    for n, value in enumerate(np.ascontiguousarray(gains.T), 1):
        step = value - mean
        mean = mean + step / n
        squares = squares + step * (value - mean)
        wins += value > 0
        losses += value < 0
        if n < BURN_IN:
            continue
        radius = np.sqrt(squares / n) * half_width(n, alpha, PLANNED)
        shown = (mean - radius > 0) & (wins >= needed[wins + losses])
        at = np.where(shown & ~over, n, at)
        over |= shown | (mean + radius < 0)
    return at


def really_decided(gains: Sequence[float], alpha: float) -> int:
    """The same by the real class."""
    test = PairedTest.plan(alpha=alpha)
    for n, gain in enumerate(gains, 1):
        test.add(gain)
        decision = test.decision
        if decision != "undecided":
            return n if decision == "better" else 0
    return 0


def naively_decided(*samples: Array) -> NDArray[np.bool_]:
    """Whether after some pair p < 0.05 (two-sided): t-test of gains, or Welch test of control and minus candidate."""
    sums = np.zeros((2, len(samples), len(samples[0])))
    found = np.zeros(len(samples[0]), dtype=bool)
    for n, values in enumerate(np.stack(samples).transpose(2, 0, 1), 1):
        sums += np.stack((values, values * values))
        if n >= BURN_IN:
            means = sums[0] / n
            variances = (sums[1] / n - means**2) * n / (n - 1)
            found |= means.sum(axis=0) > 1.96 * np.sqrt(variances.sum(axis=0) / n)
    return found


class Outcome(NamedTuple):
    """What came of one distribution: campaigns spoiled, shares of variants promoted naively, and of campaigns."""

    spoiled: int
    t_test: tuple[float, float]
    welch: tuple[float, float]
    differing: int


def null_campaigns(draw: Draw, campaigns: int, seed: int) -> Outcome:
    """Campaigns in which no variant is better, in blocks that fit into memory."""
    rng, each = np.random.default_rng(seed), share_alpha(ALPHA, VARIANTS)
    spoiled, differing, compared = 0, 0, 0
    naive: list[NDArray[np.bool_]] = []
    unpaired: list[NDArray[np.bool_]] = []
    for start in range(0, campaigns, 50):
        count = min(50, campaigns - start)
        control, candidate = in_random_order(rng, *draw(rng, count * VARIANTS, PAIRS))
        gains = np.log(control) - np.log(candidate)
        at = decided(gains, each)
        spoiled += int((at.reshape(count, VARIANTS) > 0).any(axis=1).sum())
        naive.append(naively_decided(gains).reshape(count, VARIANTS))
        elsewhere = np.roll(control, 1, axis=0)  # another variant's control: nothing is shared
        unpaired.append(naively_decided(elsewhere, -candidate).reshape(count, VARIANTS))
        if compared < COMPARED:
            differing += disagreements(gains, at, each)
            compared += COMPARED
    return Outcome(spoiled, shares(naive), shares(unpaired), differing)


def shares(blocks: list[NDArray[np.bool_]]) -> tuple[float, float]:
    """Of variants, and of campaigns with one at least."""
    found = np.concatenate(blocks)
    return float(found.mean()), float(found.any(axis=1).mean())


def disagreements(gains: Array, at: NDArray[np.int64], alpha: float) -> int:
    """Variants on which the arrays and the real class differ, among the promoted and the first others."""
    rows = sorted(set(np.flatnonzero(at)[:COMPARED].tolist()) | set(range(min(COMPARED, len(at)))))[:COMPARED]
    return sum(really_decided(gains[row].tolist(), alpha) != int(at[row]) for row in rows)


class Power(NamedTuple):
    """How often, and after how many pairs, a candidate that is 10 % faster is found."""

    share: float
    median: float
    differing: int


def power(campaigns: int, seed: int, alpha: float) -> Power:
    """One variant of each campaign is 10 % faster."""
    rng = np.random.default_rng(seed)
    control, candidate = in_random_order(rng, *lognormal(rng, campaigns, PAIRS))
    gains = np.log(control) - np.log(candidate / 1.1)
    at = decided(gains, alpha)
    found = at[at > 0]
    median = float(np.median(found)) if len(found) else math.nan
    return Power(len(found) / campaigns, median, disagreements(gains, at, alpha))


def winners_curse(campaigns: int, seed: int) -> tuple[float, float]:
    """How much faster than its like the best of 20 equal candidates looks, and looks on fresh samples; mean ratio."""
    rng = np.random.default_rng(seed)
    looks = -rng.standard_normal((campaigns, VARIANTS, WINNERS)).mean(axis=2)
    fresh = -rng.standard_normal((campaigns, WINNERS)).mean(axis=1)
    return math.exp(looks.max(axis=1).mean()) - 1, math.exp(fresh.mean()) - 1


def most_by_chance(trials: int, chance: float, level: float = 0.999) -> int:
    """The count that a binomial variable exceeds with a chance of at most 1 - `level`."""
    total = 0.0
    for count in range(trials + 1):
        log_mass = math.lgamma(trials + 1) - math.lgamma(count + 1) - math.lgamma(trials - count + 1)
        total += math.exp(log_mass + count * math.log(chance) + (trials - count) * math.log1p(-chance))
        if total >= level:
            return count
    return trials


def main() -> int:
    parser = options(__doc__)
    parser.add_argument("--campaigns", type=int, default=1000, help="of each distribution (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of everything drawn (default: %(default)s)")
    chosen = parser.parse_args()
    began, campaigns = time.process_time(), chosen.campaigns
    bound = most_by_chance(campaigns, ALPHA)
    figures: list[Figure] = []
    differing = 0
    for name, draw in DISTRIBUTIONS.items():
        found = null_campaigns(draw, campaigns, chosen.seed)
        differing += found.differing
        figures += [
            Figure(f"{name}: campaigns with a false promotion", found.spoiled, f"/{campaigns}", bound),
            Figure(f"{name}: naive t-test of pairs, one variant", found.t_test[0], "share"),
            Figure(f"{name}: naive t-test of pairs, campaigns", found.t_test[1], "share"),
            Figure(f"{name}: naive Welch test, one variant", found.welch[0], "share"),
            Figure(f"{name}: naive Welch test, campaigns", found.welch[1], "share"),
        ]
    each = share_alpha(ALPHA, VARIANTS)
    shared, alone = power(campaigns, chosen.seed, each), power(campaigns, chosen.seed, ALPHA)
    before, after = winners_curse(campaigns, chosen.seed)
    chance = 4 / math.sqrt(WINNERS * campaigns)
    figures += [
        Figure("power at 10 %, one of 20 variants", shared.share, "share", 0.9, at_least=True),
        Figure("pairs until found, one of 20 variants, median", shared.median, "pairs"),
        Figure("power at 10 %, the only variant", alone.share, "share", 0.9, at_least=True),
        Figure("pairs until found, the only variant, median", alone.median, "pairs"),
        Figure("best of 20 equals looks faster by", 100 * before, "%"),
        Figure("the same on fresh samples, away from 0 by", 100 * abs(after), "%", 100 * chance),
        Figure("decisions that differ from the real class", differing + shared.differing + alone.differing, "", 0),
        Figure("CPU time of all this", time.process_time() - began, "s", 300),
    ]
    return finish(figures, as_json=chosen.json, check=chosen.check)


if __name__ == "__main__":
    sys.exit(main())
