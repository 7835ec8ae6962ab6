"""Less memory instead of less time: the last stages of the cascade where memory is what is asked for.

What a call takes at its peak is counted in the jail by `tracemalloc`, once for each case and in a fresh process each:
the count is the same in every run, so nothing is estimated, and no interval is needed. A candidate counts as sparing if
it takes less at the peak of the hungriest call, and no more in any other. Its speed is measured, too, and told; one
that takes twice the time is refused.
"""

from __future__ import annotations

import time
from typing import Annotated

import anyio
import msgspec

from cambrian.core.codec import encode
from cambrian.core.evidence import Evidence
from cambrian.core.limits import Limits
from cambrian.core.ports import Exit, Program, Runtime

from .behaviour import around
from .cascade import Cascade, Proof, skipped, stage
from .laps import compare
from .policy import ANSWERS
from .shipping import shipped
from .timed import Timed

__all__ = ["Sparing", "show_bytes", "weigh"]

_SCALE = "cambrian/verify/inside/scale.py"
_LIMITS = Limits(wall=120.0, cpu=60.0, memory=3 * 2**30, output=2**20)
_METHOD = "bytes at the peak of a call, counted by tracemalloc in a fresh process each"
_LEAST = 1024
"""Bytes: less is what Python takes for itself."""
_ALIKE = 1.02
"""A candidate may take so much more without a change, which is as lean then."""
_SLOW = 0.5
"""A candidate is refused that is slower than by this speed-up."""
_PAIRS, _ALPHA = 5, 0.0625


class _Report(msgspec.Struct):
    peak: Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]


async def weigh(jail: Runtime, program: Program, timed: Timed) -> tuple[int, ...] | None:
    """Bytes that a program takes at the peak of each call; `None` if one of them raises or ends it.

    Args:
        jail: where it runs; no session open.
        program: as it is.
        timed: has the calls.

    Raises:
        SandboxError: the machinery failed.
        UsageError: the program has a file that would hide what stands around it.
    """
    framed = around(program, ANSWERS, cases=True)
    on_scale = Program(files={**framed.files, **shipped(("verify/inside/scale.py",))}, entry=f"{_SCALE}:weigh")
    found: list[int] = []
    for case in timed.cases:
        peak = await _peak(jail, on_scale, encode((case.data,)))
        if peak is None:
            return None
        found.append(peak)
    return tuple(found)


async def _peak(jail: Runtime, program: Program, payload: bytes) -> int | None:
    session = await jail.launch(program, _LIMITS)
    if isinstance(session, Exit):
        return None
    try:
        reply = await session.call(payload)
    finally:
        with anyio.CancelScope(shield=True):
            await session.close()
    if isinstance(reply, Exit) or reply.raised:
        return None
    try:
        return msgspec.json.decode(reply.report, type=_Report).peak
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None  # the program wrote over it


class Sparing(Cascade):
    """The cascade, with memory measured in place of time."""

    _control: tuple[int, ...] | None = None

    async def measure(self, candidate: Program, proof: Proof) -> Proof:
        """Does it take less memory?

        Raises:
            SandboxError: the machinery failed.
        """
        if self.timed is None:
            return proof.then(skipped("memory", "no input could be run to be measured"))
        begun = time.monotonic()
        saved = await self._saved(candidate, self.timed)
        return proof.then(stage("memory", saved.shown, begun, saved.detail, saved), saved=saved)

    async def settled(self, candidate: Program, proof: Proof, timed: Timed, told: str, begun: float) -> Proof:
        """What is claimed: memory, counted anew; and the speed, which must not be lost.

        Raises:
            SandboxError: the machinery failed.
        """
        saved = await self._saved(candidate, timed)
        speed = await compare(
            self.laps(candidate, timed), pairs=_PAIRS, rng=self.rng, alpha=_ALPHA, clock=timed.clock
        )  # fmt: skip
        pace = speed.estimate or 0.0
        slow = f"; it takes {1 / pace:.3g} × the time" if 0 < pace < _SLOW else ""
        detail = f"{told}; {saved.detail}{slow}"
        good = saved.shown and pace >= _SLOW
        speed = msgspec.structs.replace(speed, kind="not_shown")
        return proof.then(stage("fresh", good, begun, detail, saved), saved=saved, speedup=speed)

    async def as_good(self, less: Program, more: Program) -> bool:
        """Whether a program is as lean as another one that has more changes.

        Raises:
            SandboxError: the machinery failed.
        """
        assert self.timed is not None
        lean, leaner = await weigh(self.jail, less, self.timed), await weigh(self.jail, more, self.timed)
        return lean is not None and leaner is not None and max(lean) <= _ALIKE * max(leaner) + _LEAST

    async def _saved(self, candidate: Program, timed: Timed) -> Evidence:
        if self._control is None:
            self._control = await weigh(self.jail, self.reference.program, timed)
        after = await weigh(self.jail, candidate, timed)
        claim = f"at most 1/{self.terms.least:g} of the memory at its peak"
        if self._control is None or after is None:
            return Evidence(kind="not_shown", claim=claim, method=_METHOD, detail="a call could not be measured")
        before, most = self._control, max(range(len(after)), key=self._control.__getitem__)
        less = [one - other for one, other in zip(before, after, strict=True)]
        shown = before[most] >= self.terms.least * after[most] and less[most] >= _LEAST and all(
            other <= _ALIKE * one + _LEAST for one, other in zip(before, after, strict=True)
        )  # fmt: skip
        detail = (
            f"{show_bytes(before[most])} → {show_bytes(after[most])} at the peak of the hungriest of {len(after)} calls"
        )
        return Evidence(
            kind="tested" if shown else "not_shown", claim=claim, n=len(after), estimate=less[most], lower=min(less),
            upper=max(less), unit="bytes", method=_METHOD, detail=detail,
        )  # fmt: skip


def show_bytes(count: int) -> str:
    """Bytes as people read them: ``"12.3 MB"``, by powers of 1,000."""
    amount, names = float(count), ["bytes", "kB", "MB", "GB"]
    while amount >= 1000 and len(names) > 1:
        amount, names = amount / 1000, names[1:]
    return f"{amount:.3g} {names[0]}"
