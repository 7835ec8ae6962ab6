"""Improving a function of a JavaScript or TypeScript file: rules, a differential test and timing, on Node in the jail.

The same order as for Python: all rewrites are tried together; those that are not the same are taken out, one rule after
the other; then the project's tests, the time, a fresh process, and how well the calls tell seeded mistakes apart.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from random import Random

import msgspec

from cambrian.core.errors import UsageError
from cambrian.core.evidence import Evidence
from cambrian.source.diff import unified
from cambrian.source.script_mistakes import ScriptMutant, script_mutants
from cambrian.source.script_tops import tops
from cambrian.verify.cascade import Proof, Stage, Told
from cambrian.verify.oracle import Strength
from cambrian.verify.paired import compare_pairs

from .improving import Improvement
from .script_calls import Call, larger, varied
from .script_functions import derived, parsed
from .script_needed import ScriptTarget, script_target
from .script_running import Called, ScriptCalls

__all__ = ["RunTests", "ScriptImprover"]

RunTests = Callable[[Mapping[str, str]], Awaitable[Told]]
"""Runs a project's tests with these texts in place of its own files: path → text."""
_PAIRS, _FEWEST_PAIRS, _FEWEST = 8, 6, 20
_ALPHA = 0.05
_ENOUGH_MS, _LONG_MS, _LONGEST_MS = 5.0, 40.0, 500.0
_LARGEST = 2_000_000
_MUTANTS, _MUTANT_MS, _MUTANT_S = 16, 300.0, 3.0
_COMPARING_MS = 20_000.0
_GROWING_S = 10.0
_STAND_IN = "servers answer as the stand-in for 'fetch' did; only the project's tests can tell"


class _Work(msgspec.Struct, frozen=True):
    """A function, a candidate for its file, and calls: all of them, those that were given, those for mutants."""

    target: ScriptTarget
    chosen: str
    calls: list[Call]
    given: Sequence[Call]
    quick: list[Call]
    begun: float


class ScriptImprover:
    """Improves functions of one file after the other.

    Args:
        cases: calls of a differential test, at most.
        least: the speed-up that counts.
        seed: of cases.
        told: is told each step.

    Raises:
        CapabilityMissing: Node is not installed.
    """

    def __init__(
        self, *, cases: int = 500, least: float = 1.1, seed: int = 0, told: Callable[[str], None] | None = None
    ) -> None:
        self._runner = ScriptCalls()
        self._cases, self._least, self._seed = cases, least, seed
        self._told = told or _silent

    async def aclose(self) -> None:
        """End the jail. Idempotent."""
        await self._runner.aclose()

    async def improve(
        self, path: Path, text: str, name: str, given: Sequence[Call], *, tests: RunTests | None = None
    ) -> Improvement:
        """Look for a faster version of a function that does the same.

        Args:
            path: the file.
            text: its text.
            name: of a function at its top.
            given: argument lists, JSON values; more are made from them.
            tests: runs the project's tests with another text of this file, under the name of `path`.

        Raises:
            SandboxError: the machinery failed.
            UsageError: there is no such function.
        """
        begun = time.monotonic()
        known = tops(parsed(text, path))
        if name not in known:
            raise UsageError(f"{str(path)!r} has no function {name!r} at its top; it has {', '.join(known)}")
        found = Improvement(place=f"{path.name}:{name}", line=known[name].node.line, verdict="nothing")
        chosen, changes = derived(text, path.name, name)
        if not changes:
            return msgspec.structs.replace(found, reason="no rule finds anything in it")
        found = msgspec.structs.replace(found, verdict="refused", changes=changes)
        if not given:
            return msgspec.structs.replace(found, reason="no calls are known; give some with --inputs")
        target = script_target(path, name, text)
        calls = varied(given, self._cases, Random(self._seed))
        refused: list[str] = []
        barred: set[str] = set()
        quick: list[Call] = []
        while changes:
            self._told(f"{found.place}: comparing {len(calls)} calls")
            different, quick = await self._different(target, chosen, calls)
            different = different or await self._failing(path, chosen, tests)
            if not different:
                break
            worst = changes[-1].rule
            barred.add(worst)
            refused.append(f"{worst}: {different}")
            chosen, changes = derived(text, path.name, name, frozenset(barred))
        found = msgspec.structs.replace(found, refused=tuple(refused), changes=changes or found.changes)
        if not changes:
            return msgspec.structs.replace(found, reason=refused[0], seconds=time.monotonic() - begun)
        work = _Work(target=target, chosen=chosen, calls=calls, given=given, quick=quick, begun=begun)
        return await self._measured(work, found, tested=tests is not None)

    async def _failing(self, path: Path, chosen: str, tests: RunTests | None) -> str:
        """What the project's tests say against a candidate; "" if they pass, or there are none."""
        if tests is None:
            return ""
        self._told(f"{path.name}: running the tests")
        passed, said = await tests({str(path): chosen})
        return "" if passed else f"the tests fail: {said}"

    async def _measured(self, work: _Work, found: Improvement, *, tested: bool) -> Improvement:
        text, path = work.target.text, work.target.path
        self._told(f"{found.place}: timing")
        large = await self._larger(work.target, work.given)
        speed = await self._faster(work, large)
        weak = len(work.calls) < _FEWEST
        reason = "" if speed.shown else "it is not shown to be faster"
        if weak:
            reason = f"only {len(work.calls)} calls could be made from what is known; give more with --inputs"
        good = speed.shown and not weak
        stood_in = not tested and _asks_network(work.target)
        oracle = Strength(killed=0, cases=len(work.calls)) if stood_in else await self._strength(work) if good else None
        found = _stood_in(found) if stood_in else found
        return msgspec.structs.replace(
            found, verdict="improved" if good else "refused", reason=reason,
            proof=Proof(stages=_stages(work, speed, tested=tested), speedup=speed, oracle=oracle),
            diff=unified({path.name: text}, {path.name: work.chosen}), after=work.chosen if good else "",
            inputs=f"{len(work.given)} given, {len(work.calls)} with those made from them",
            timed=f"{len(large)} calls, waiting by the clock of the run", seconds=time.monotonic() - work.begun,
        )  # fmt: skip

    async def _different(self, target: ScriptTarget, after: str, calls: list[Call]) -> tuple[str, list[Call]]:
        """The first call on which two texts differ, in words, "" if there is none; and calls that take little time.

        Calls for which there was no time are taken from the list.
        """
        answer = await self._runner.run(target, (target.text, after), calls, most=_COMPARING_MS)
        if answer.error:
            return answer.error, []
        del calls[len(answer.told) :]  # there was no time for them
        for call, row in zip(calls, answer.told, strict=True):
            if row[0].seen != row[1].seen:
                one, two = (each.error or each.value for each in row)
                shown = json.dumps(call)[:120]
                words = f"{target.name}{shown} gives {two[:80]}, not {one[:80]}"
                return words if one != two else f"{shown}: other effects", []
        return "", _quick(calls, answer)

    async def _strength(self, work: _Work) -> Strength:
        """How many mistakes, seeded in the original function, the calls tell apart."""
        target = work.target
        self._told(f"{target.path.name}:{target.name}: trying its inputs on seeded mistakes")
        mutants = script_mutants(parsed(target.text, target.path), target.name, _MUTANTS, seed=self._seed)
        survivors = [
            str(each) for each, apart in zip(mutants, await self._apart(work, mutants), strict=True) if not apart
        ]
        return Strength(killed=len(mutants) - len(survivors), survivors=tuple(survivors), cases=len(work.quick))

    async def _apart(self, work: _Work, mutants: Sequence[ScriptMutant]) -> list[bool]:
        """Which mutants the calls tell apart: in one process, or each in its own, if one of them ends it."""
        texts = work.target.text, *(each.text for each in mutants)
        wall = _MUTANT_S * (1 + len(mutants) / 8)
        answer = await self._runner.run(work.target, texts, work.quick, apart=True, wall=wall)
        if not answer.error:
            return answer.apart
        if len(mutants) == 1:
            return [True]
        return [apart for each in mutants for apart in await self._apart(work, [each])]

    async def _larger(self, target: ScriptTarget, given: Sequence[Call]) -> list[Call]:
        """The given calls, or larger ones if they take no time."""
        calls = list(given[:_FEWEST])
        for factor in (1, 10, 10, 5):
            tried = [larger(call, factor) for call in calls]
            answer = await self._grown(target, tried, factor)
            if answer is None:
                break
            calls = [call for call, row in zip(tried, answer.told, strict=True) if not row[0].error]
            if sum(row[0].milliseconds for row in answer.told) > _ENOUGH_MS:
                break
        return calls

    async def _grown(self, target: ScriptTarget, tried: list[Call], factor: int) -> Called | None:
        """What came of larger calls; `None` if they are too large, or all fail."""
        if sum(len(json.dumps(call)) for call in tried) > _LARGEST:
            return None
        answer = await self._runner.run(target, (target.text,), tried, wall=_GROWING_S * (30 if factor == 1 else 1))
        return None if answer.error or all(row[0].error for row in answer.told) else answer

    async def _faster(self, work: _Work, calls: list[Call]) -> Evidence:
        texts = work.target.text, work.chosen
        once = await self._runner.run(work.target, texts[:1], calls)
        long = sum(row[0].milliseconds for row in once.told)
        answer = await self._runner.run(  # of one candidate, so that no choice makes it look better than it is
            work.target, texts, calls, pairs=_PAIRS if long < _LONGEST_MS else _FEWEST_PAIRS,
            rounds=1 if long > _LONG_MS else 3,
        )  # fmt: skip
        return _judged(answer, self._least)


def _judged(answer: Called, least: float) -> Evidence:
    claim = f"faster than {least:g} ×"
    method = "time waited and computed, pairs in turn, exact sign test"
    if answer.error or any(min(pair) <= 0 for pair in answer.pairs) or not answer.pairs:
        return Evidence(kind="not_shown", claim=claim, method=method, detail=answer.error or "nothing was timed")
    found = compare_pairs([math.log(one / two) for one, two in answer.pairs], _ALPHA)
    assert found.lower is not None
    assert found.upper is not None
    return Evidence(
        kind="measured" if found.lower > math.log(least) else "not_shown", claim=claim, n=found.n, alpha=_ALPHA,
        unit="×", method=method, estimate=math.exp(found.median), lower=math.exp(found.lower),
        upper=math.exp(found.upper), detail=f"{found.wins} of {found.n} pairs won",
    )  # fmt: skip


def _stages(work: _Work, speed: Evidence, *, tested: bool) -> tuple[Stage, ...]:
    same = Evidence(kind="tested", claim="same answers, errors, arguments and output", n=len(work.calls),
                    method="differential test")  # fmt: skip
    passed = Evidence(kind="tested", claim="the tests pass", n=1, method="the project's tests")
    tests = (Stage(name="tests", verdict="passed", seconds=0.0, evidence=passed),) if tested else ()
    return (
        *tests,
        Stage(name="cases", verdict="passed", seconds=0.0, evidence=same),
        Stage(name="fresh", verdict="passed" if speed.shown else "failed", seconds=0.0, detail=speed.detail,
              evidence=speed),
    )  # fmt: skip


def _quick(calls: list[Call], answer: Called) -> list[Call]:
    """The calls that the original answers soonest, as many as fit into the time that each mutant has."""
    order = sorted(range(len(calls)), key=lambda place: answer.told[place][0].milliseconds)
    chosen: list[int] = []
    spent = 0.0
    for place in order:
        spent += answer.told[place][0].milliseconds
        if spent > _MUTANT_MS:
            break
        chosen.append(place)
    return [calls[place] for place in sorted(chosen)]


def _stood_in(found: Improvement) -> Improvement:
    """With what is assumed of servers."""
    changes = [msgspec.structs.replace(each, assumes=(*each.assumes, _STAND_IN)) for each in found.changes]
    return msgspec.structs.replace(found, changes=tuple(changes))


def _asks_network(target: ScriptTarget) -> bool:
    """Whether `fetch`, which a stand-in answers, is asked for: mistakes in what it is told are not seen then."""
    script = parsed(target.text, target.path)
    return any(script.is_global(each, "fetch") for each in script.of("identifier"))


def _silent(_: str) -> None:
    """Nobody is told."""
