"""Two jails: programs run in one, one after the other; what they did is compared in the other.

Nothing that comes out of the first is read in this process.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Literal, NamedTuple, Self, cast

import msgspec

from cambrian.core.codec import decode, encode
from cambrian.core.errors import SandboxError
from cambrian.core.limits import Level, Limits
from cambrian.core.ports import Exit, Program, Reply, Runtime, Session
from cambrian.sandbox import CPythonJail

from .behaviour import around
from .cases import Case
from .policy import Policy
from .shipping import COMPARISON, shipped

__all__ = ["Arena", "Ran", "Verdict"]

Ran = Reply | Exit
"""What a program did on one case: a behaviour, or an end."""
_JUDGE_LIMITS = Limits(wall=60.0, cpu=60.0, memory=2**30, output=4 * 2**20)
_PROGRAM_LIMITS = Limits(wall=600.0, cpu=600.0, output=4 * 2**20)
_LASTING = 24 * 3600.0
_BATCH = 16 * 2**20


class Verdict(NamedTuple):
    """``"same"``; ``"different"``, and how; ``"unfit"``: why what the original did is no reference."""

    kind: Literal["same", "different", "unfit"]
    how: str = ""


class Arena:
    """Runs programs on cases and compares what they did. Make with `start`; not for concurrent use.

    Args:
        program_jail: where programs run.
        judge_jail: where they are compared.
        policy: what counts as the same.
        limits: of each program, loading and all its calls included.
        wall: seconds for one call.
    """

    def __init__(
        self, program_jail: Runtime, judge_jail: Runtime, policy: Policy, limits: Limits, wall: float
    ) -> None:  # fmt: skip
        self._programs = program_jail
        self._judge = judge_jail
        self.policy = policy
        self.limits = limits
        self._wall = wall
        self._judging: Session | None = None

    @classmethod
    async def start(
        cls, policy: Policy | None = None, *, limits: Limits = _PROGRAM_LIMITS, wall: float = 5.0,
        level: Level | None = None, preload: tuple[str, ...] = (), readable: tuple[Path, ...] = (),
    ) -> Self:  # fmt: skip
        """Start the jails.

        Raises:
            IsolationUnavailable: this machine has no jail of that level.
        """
        async with AsyncExitStack() as stack:
            jails: list[CPythonJail] = []
            for _ in range(2):
                jails.append(await CPythonJail.start(level=level, preload=preload, readable=readable))
                stack.push_async_callback(jails[-1].aclose)
            stack.pop_all()
        return cls(jails[0], jails[1], policy or Policy(), limits, wall)

    async def aclose(self) -> None:
        """End both jails. Idempotent."""
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self._programs.aclose)
            stack.push_async_callback(self._judge.aclose)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def run(self, program: Program, cases: Sequence[Case], *, past_end: bool = True) -> list[Ran]:
        """What a program does on each case. If it does not load, it ends on the first.

        Args:
            program: the program.
            cases: the cases, called in this order in one process.
            past_end: a case that ends the program is followed by a fresh start, so that there is a result for each; if
                not, its end is the last result.
        """
        framed = around(program, self.policy, cases=True)
        results: list[Ran] = []
        while len(results) < len(cases):
            session = await self._programs.launch(framed, self.limits)
            if isinstance(session, Exit):
                return [*results, *[session] * (len(cases) - len(results) if past_end else 1)]
            results += await self._calls(session, cases[len(results) :])
            if not past_end and isinstance(results[-1], Exit):
                break
        return results

    async def _calls(self, session: Session, cases: Sequence[Case]) -> list[Ran]:
        """As many as it survives, and the one that it does not."""
        results: list[Ran] = []
        try:
            for case in cases:
                results.append(await session.call(case.payload, wall=self._wall))
                if isinstance(results[-1], Exit):
                    break
        finally:
            await session.close()
        return results

    async def compare(self, expected: Sequence[Ran], got: Sequence[Ran]) -> list[Verdict]:
        """A verdict for each pair.

        Raises:
            SandboxError: the judge's jail failed.
        """
        verdicts = [_ends(one, other) for one, other in zip(expected, got, strict=True)]
        open_places = [place for place, verdict in enumerate(verdicts) if verdict is None]
        for batch in _batches(open_places, expected, got):
            pairs = [cast("Reply", run[place]) for run in (expected, got) for place in batch]
            told = await self._judged(pairs[: len(batch)], pairs[len(batch) :])
            for place, verdict in zip(batch, told, strict=True):
                verdicts[place] = verdict
        return [cast("Verdict", verdict) for verdict in verdicts]

    async def _judged(self, expected: Sequence[Reply], got: Sequence[Reply]) -> list[Verdict]:
        session = await self._judge_session()
        plain = [[(reply.raised, reply.payload) for reply in run] for run in (expected, got)]
        terms = (*plain, msgspec.to_builtins(self.policy), True)
        reply = await session.call(encode(terms), wall=_JUDGE_LIMITS.wall)
        if isinstance(reply, Reply) and not reply.raised:
            told = cast("list[tuple[str, str]]", decode(reply.payload, arrays=False))
            return [Verdict(cast("Literal['same']", kind), how) for kind, how in told]
        await session.close()
        self._judging = None
        if len(got) == 1:
            how = "an exception" if isinstance(reply, Reply) else f"{reply.status.value} {reply.detail}"
            return [Verdict("different", f"what it did cannot be compared: the judge ended with {how}")]
        half = len(got) // 2
        return [*await self._judged(expected[:half], got[:half]), *await self._judged(expected[half:], got[half:])]

    async def _judge_session(self) -> Session:
        """One process judges until it fails: what reaches it is data of a closed codec."""
        if self._judging is None:
            files = shipped((*COMPARISON, "verify/inside/judge.py"))
            program = Program(files=files, entry="cambrian/verify/inside/judge.py:handle")
            lasting = msgspec.structs.replace(_JUDGE_LIMITS, wall=_LASTING, cpu=_LASTING)
            session = await self._judge.launch(program, lasting)
            if isinstance(session, Exit):
                raise SandboxError(f"the judge cannot start: {session.status.value} {session.text}")
            self._judging = session
        return self._judging


def _ends(expected: Ran, got: Ran) -> Verdict | None:
    """The verdict where one of the two ended; `None` where both answered."""
    if isinstance(expected, Exit):
        return Verdict("unfit", f"the original ended: {expected.status.value} {expected.detail}".strip())
    if isinstance(got, Exit):
        return Verdict("different", f"it ended: {got.status.value} {got.detail}".strip())
    return None


def _batches(places: Sequence[int], expected: Sequence[Ran], got: Sequence[Ran]) -> list[list[int]]:
    """Places in groups that a judge can take at once."""
    groups: list[list[int]] = []
    room = 0
    for place in places:
        weight = len(cast("Reply", expected[place]).payload) + len(cast("Reply", got[place]).payload)
        if not groups or weight > room:
            groups.append([])
            room = _BATCH
        groups[-1].append(place)
        room -= weight
    return groups
