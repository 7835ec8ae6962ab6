"""Sandbox, scripts, router: how long a script will take on a runtime. Pure: no clock, no chance, nothing about safety.

What is expected is *start + work x pace*, work being the number of syntax nodes that its text lets one expect
(`source.features_script`). Start and pace of a runtime begin as measured (`PRIORS`) and are corrected by what is
observed, in three ways, each in logarithms and fading, so that outliers weigh little and old news less:

- a bucket of similar scripts may do more or less work than its text says: learnt on one runtime, it holds on all;
- a runtime may start more slowly here than where the prior was measured: what the quickest of its light scripts take;
- a bucket's own time on a runtime, once seen, counts more than any of that.

Gaps are counted per runtime and feature. The same observations in the same order give the same model, so it can be made
again from a journal that holds them.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from functools import lru_cache
from hashlib import blake2b

import msgspec

from cambrian.core.checks import check_number
from cambrian.source.features_script import ScriptFeatures

__all__ = ["PRIORS", "CostModel", "Observation", "Prior", "bucket_of"]

MEMORY = 200.0
"""Observations of a cell after which an old one counts 1/e."""
MAX_CELLS = 4000
"""Cells kept; the one that was longest not told of goes first."""
_CLIP = 12.0
"""Largest logarithm of a ratio taken in: nothing is 160,000 times what was expected."""
_GAP_SEEN, _GAP_TRIED = 0.3, 1.0
"""What is believed of a feature of which nobody knows whether a runtime has it: 0.3 gaps in 1 trial."""
_WORK_DOUBT = 0.1
"""Observations that a script's text counts for where it says how much work it is: not many, it is a guess."""
_GAP_ANYWAY = 0.02
"""Probability of a gap where every need is known to be met: attributes and options are not probed."""


class Prior(msgspec.Struct, frozen=True):
    """What is believed of a runtime before it was observed.

    Args:
        start_ms: of a script that does nothing, on a warm worker.
        pace_ms: per million syntax nodes evaluated.
    """

    start_ms: float
    pace_ms: float


PRIORS: dict[str, Prior] = {
    "monty": Prior(0.5, 32.0),
    "quickjs": Prior(0.6, 8.0),
    "cpython": Prior(12.0, 22.0),
    "deno": Prior(60.0, 0.5),
    "bun": Prior(30.0, 0.5),
    "node": Prior(80.0, 0.5),
}
"""Measured in jails at level 3 on two cores (Bun: guessed): an empty script, and loops of 1e6 rounds. Of JavaScript's
engines with a compiler this holds for arithmetic; their objects cost a hundred times that, as elsewhere."""
UNKNOWN = Prior(50.0, 20.0)


class Observation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One attempt on one runtime, as a journal keeps it.

    Args:
        runtime: where.
        bucket: `bucket_of` the script.
        work: `ScriptFeatures.work` of it.
        ms: that the runtime took, waits for answers of tools left out.
        gap: the feature that it came to lack, if so.
        met: needs of the script that nobody knew of, if it ended without a gap.
    """

    runtime: str
    bucket: str
    work: float
    ms: float
    gap: str = ""
    met: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_number("observation.ms", self.ms, example="ms=1.5")


class _Cell(msgspec.Struct):
    """A fading mean, and how much it weighs."""

    weight: float = 0.0
    mean: float = 0.0

    def tell(self, value: float) -> None:
        faded = self.weight * math.exp(-1.0 / MEMORY)
        self.mean = (faded * self.mean + max(-_CLIP, min(_CLIP, value))) / (faded + 1.0)
        self.weight = faded + 1.0

    def tell_low(self, value: float) -> None:
        """Follow what a fifth of the values lie below, a step at a time, instead of their mean."""
        self.mean += max(-0.4, min(0.1, value - self.mean))
        self.weight += 1.0

    def shrunk(self, doubt: float) -> float:
        """The mean, pulled to 0 as if that had been seen `doubt` times before."""
        return self.mean * self.weight / (self.weight + doubt)


@lru_cache(maxsize=1024)
def bucket_of(features: ScriptFeatures) -> str:
    """Which scripts are taken for similar: the same language, needs and tools, and work of the same magnitude."""
    names = [need for need in features.needs if need.startswith(("import:", "global:"))]
    digest = blake2b("\0".join([*names, "", *features.tools]).encode("utf-8", "replace"), digest_size=4).hexdigest()
    shape = (
        int(math.log10(1.0 + features.work)), min(features.open_loops, 3), int(features.recursive),
        int(features.looped_calls), min(features.risky_patterns, 1), features.characters.bit_length(),
    )  # fmt: skip
    return f"{features.language}:{'.'.join(map(str, shape))}:{digest}"


class CostModel:
    """What was learnt.

    Args:
        observations: to begin with, in the order in which they were made.
        starts: start of some runtimes in milliseconds, as measured here by probing (`Capabilities.start_ms`). Without
            them, a runtime that starts more slowly here is first taken for one whose scripts do more than they say.
    """

    def __init__(self, observations: Iterable[Observation] = (), *, starts: dict[str, float] | None = None) -> None:
        self._priors = {
            name: Prior((starts or {}).get(name) or prior.start_ms, prior.pace_ms) for name, prior in PRIORS.items()
        }
        self._cells: dict[tuple[str, str], _Cell] = {}
        for observation in observations:
            self.tell(observation)

    def starts(self, measured: dict[str, float]) -> None:
        """Take starts that were measured here, in milliseconds, for what was believed of them."""
        for name, start_ms in measured.items():
            self._priors[name] = Prior(start_ms, self._prior(name).pace_ms)

    def expected_ms(self, runtime: str, features: ScriptFeatures) -> float:
        """What a script will take on a runtime, gaps left out."""
        return self._expected(runtime, bucket_of(features), features.work)

    def gap_probability(self, runtime: str, unknown: Collection[str], features: ScriptFeatures | None = None) -> float:
        """How probable it is that a script comes to a gap.

        Args:
            runtime: where.
            unknown: needs of which its table does not know.
            features: of the script; what similar ones came to counts too.
        """
        passes = 1.0 - _GAP_ANYWAY
        alike = self._cells.get(("gap:" + runtime, bucket_of(features))) if features else None
        if alike is not None:
            passes *= 1.0 - (alike.mean * alike.weight + _GAP_SEEN) / (alike.weight + _GAP_TRIED)
        for need in unknown:
            cell = self._cells.get(("gap:" + runtime, need), _Cell())
            passes *= 1.0 - (cell.mean * cell.weight + _GAP_SEEN) / (cell.weight + _GAP_TRIED)
        return 1.0 - passes

    def tell(self, seen: Observation) -> None:
        """Take an observation in."""
        for need in seen.met:
            self._cell("gap:" + seen.runtime, need).tell(0.0)
        if seen.gap:  # what it took until the gap says nothing about the script
            self._cell("gap:" + seen.runtime, seen.gap).tell(1.0)
            self._cell("gap:" + seen.runtime, seen.bucket).tell(1.0)
            return
        if ("gap:" + seen.runtime, seen.bucket) in self._cells:
            self._cell("gap:" + seen.runtime, seen.bucket).tell(0.0)
        prior, start = self._prior(seen.runtime), self._start(seen.runtime)
        told = self._work_ms(prior, seen.bucket, seen.work)
        if _ms(prior, seen.work) < 0.3 * prior.start_ms:  # by its text; some of these do more than that
            self._cell("start", seen.runtime).tell_low(math.log(max(1e-3, seen.ms) / prior.start_ms))
        rest = max(seen.ms - start, 0.05 * start)
        if seen.ms > 2.0 * start or told > start:  # else the work is lost in the start's own scatter
            self._cell("work", seen.bucket).tell(math.log(rest / _ms(prior, seen.work)))
        self._cell(seen.runtime, seen.bucket).tell(math.log(max(1e-3, seen.ms)))

    def _expected(self, runtime: str, bucket: str, work: float) -> float:
        modelled = math.log(self._start(runtime) + self._work_ms(self._prior(runtime), bucket, work))
        own = self._cells.get((runtime, bucket))
        if own is None:
            return math.exp(modelled)
        return math.exp((own.mean * own.weight + modelled) / (own.weight + 1.0))

    def _prior(self, runtime: str) -> Prior:
        return self._priors.get(runtime, UNKNOWN)

    def _start(self, runtime: str) -> float:
        cell = self._cells.get(("start", runtime))
        return self._prior(runtime).start_ms * (math.exp(cell.mean) if cell else 1.0)

    def _work_ms(self, prior: Prior, bucket: str, work: float) -> float:
        cell = self._cells.get(("work", bucket))
        return _ms(prior, work) * (math.exp(cell.shrunk(_WORK_DOUBT)) if cell else 1.0)

    def _cell(self, kind: str, name: str) -> _Cell:
        """A cell to be told of; the freshest stands last."""
        cell = self._cells.pop((kind, name), None) or _Cell()
        self._cells[kind, name] = cell
        if len(self._cells) > MAX_CELLS:
            del self._cells[next(iter(self._cells))]
        return cell


def _ms(prior: Prior, work: float) -> float:
    return (work + 1.0) * prior.pace_ms * 1e-6
