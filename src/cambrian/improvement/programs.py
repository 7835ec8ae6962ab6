"""Improvement of whole programs that read standard input and print: propose, compare, time, compare again.

A program has no arguments: its inputs are made up from its own text (`verify.stdin`). Rewrites of all speed rules are
made together first; if that is not the same program any more, rule by rule, each on top of those that were kept.
No file is written, and nothing runs but in jails.
"""

from __future__ import annotations

import ast
import math
import re
import statistics
import time
from collections.abc import Callable, Sequence
from random import Random

import anyio
import msgspec

from cambrian.core.codec import encode
from cambrian.core.evidence import Evidence
from cambrian.core.limits import Limits
from cambrian.core.ports import Exit, Runtime
from cambrian.source.diff import unified
from cambrian.source.rules.catalogue import AnyRule, find, rules
from cambrian.source.rules.rule import Rewrite, applied
from cambrian.source.syntax import Problem, compiled, parse
from cambrian.verify.cascade import Proof, Stage
from cambrian.verify.laps import compare
from cambrian.verify.oracle import Strength as MutantStrength
from cambrian.verify.stdin import Inputs, Lane, differing, lane_program, stdin_source, weak_on
from cambrian.verify.timing import Arm

from .improving import Change, Improvement

__all__ = ["ProgramImprovement", "ProgramLaps", "derived", "improve_program", "program_improvement", "reads_input"]

_READS = re.compile(r"\binput\s*\(|\bstdin\b|\bopen\s*\(\s*0\b")
_PRINTS = re.compile(r"\bprint\s*\(|\bstdout\b")
_ROUNDS = 6
_FIRST = "script-in-function"
"""Other rules know more about variables of functions, so this one is made before they look."""
_LIMITS = Limits(wall=120.0, cpu=60.0, memory=2 * 2**30, output=2**20, disk=64 * 2**20)
_PAIRS = 7


class ProgramImprovement(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a program.

    Args:
        verdict: ``improved``, ``refused`` (see `reason`) or ``nothing`` (no rule found anything).
        rules: those whose rewrites are in it.
        made: the rewrites.
        assumes: what must hold besides.
        after: the new text; "" if there is none.
        diff: from the old one.
        speed: evidence on the large input; start-up of the interpreter excluded.
        before_s: median CPU seconds of the original on it.
        after_s: of the new one.
        compared: inputs on which both did the same, fresh ones included.
        wrong: a fresh input on which they did not; "" if there is none.
        reason: why it was refused.
    """

    verdict: str
    rules: tuple[str, ...] = ()
    made: tuple[Rewrite, ...] = ()
    assumes: tuple[str, ...] = ()
    after: str = ""
    diff: str = ""
    speed: Evidence | None = None
    before_s: float = 0.0
    after_s: float = 0.0
    compared: int = 0
    wrong: str = ""
    reason: str = ""


class ProgramLaps:
    """Times programs by CPU seconds, read outside the jail: compiled, run and printed in a fresh process.

    Args:
        jail: where they run; it must have no session open.
        texts: the arms.
        given: standard input.

    Attributes:
        times: seconds of each arm, in the order measured.
    """

    def __init__(self, jail: Runtime, texts: dict[Arm, str], given: str) -> None:
        self._jail, self._texts, self._given = jail, texts, given
        self.times: dict[Arm, list[float]] = {arm: [] for arm in texts}

    async def __call__(self, arm: Arm, pair: int) -> float | None:
        """CPU seconds of a run; `None` if the process ended.

        Raises:
            SandboxError: the machinery failed.
        """
        del pair
        session = await self._jail.launch(lane_program(), _LIMITS)
        if isinstance(session, Exit):
            return None
        try:
            reply = await session.call(encode(("once", self._texts[arm], self._given)))
        finally:
            with anyio.CancelScope(shield=True):
                await session.close()
        if isinstance(reply, Exit) or reply.raised:
            return None
        self.times[arm].append(reply.cpu_s)
        return reply.cpu_s


def derived(text: str, chosen: Sequence[AnyRule]) -> tuple[str, list[Rewrite]]:
    """A program with all that rules find, round by round, and what was made."""
    made: list[Rewrite] = []
    first = [rule for rule in chosen if rule.id == _FIRST]
    for turn in range(_ROUNDS):
        asked = first if turn == 0 else [rule for rule in chosen if rule.id != _FIRST]
        found = [one for one in find(text, "program.py", asked) if one.splices and one.ground != "changes"]
        done = _step(text, sorted(found, key=lambda one: -one.gain))
        if not done and turn:
            break
        text = applied(text, done)
        made += done
    return text, made


def _step(text: str, found: Sequence[Rewrite]) -> list[Rewrite]:
    """Those that go together; what would not compile is left out."""
    done: list[Rewrite] = []
    current = text
    for rewrite in found:
        new = applied(text, [*done, rewrite])
        if new != current and not isinstance(compiled(new, "program.py"), Problem):
            done.append(rewrite)
            current = new
    return done


async def improve_program(
    lane: Lane, jail: Runtime, text: str, inputs: Inputs, *, seed: int = 0, told: Callable[[str], None] | None = None,
    least: float = 1.1, seconds: float = math.inf,
) -> ProgramImprovement:  # fmt: skip
    """Look for a faster program that does the same.

    Args:
        lane: compares.
        jail: times; another one than the lane's.
        text: the program.
        inputs: of `stdin_source`.
        seed: of the fresh inputs afterwards, twice as many as there are inputs, and of the order of timing.
        told: is told each step.
        least: speed-up below which a rewrite is refused.
        seconds: for making fresh inputs up, by the wall clock.

    Raises:
        SandboxError: the machinery failed.
    """
    say = told or _silent
    after, made, reason = await _same(lane, text, inputs)
    if not made:
        return ProgramImprovement(verdict="refused" if reason else "nothing", reason=reason)
    names = tuple(dict.fromkeys(one.rule for one in made))
    say(f"{len(made)} rewrites: {', '.join(names)}")
    assumed = tuple(sorted({each for one in made for each in one.assumes}))
    found = ProgramImprovement(
        verdict="refused", rules=names, made=tuple(made), assumes=assumed,
        diff=unified({"program.py": text}, {"program.py": after}), compared=len(inputs.texts),
    )  # fmt: skip
    given = inputs.large[-1][0] if inputs.large else ""
    if not given:
        return msgspec.structs.replace(found, reason="no input takes it long enough to be timed")
    laps = ProgramLaps(jail, {"control": text, "candidate": after}, given)
    speed = await compare(laps, pairs=_PAIRS, rng=Random(seed), least=1.0)
    if not laps.times["control"] or not laps.times["candidate"]:
        return msgspec.structs.replace(found, reason="it could not be timed", speed=speed)
    before_s, after_s = (statistics.median(laps.times[arm]) for arm in ("control", "candidate"))
    found = msgspec.structs.replace(found, speed=speed, before_s=before_s, after_s=after_s)
    if not speed.shown or (speed.estimate or 0.0) < least:
        return msgspec.structs.replace(found, reason="its speed-up is not shown")
    return await _confirmed(lane, text, after, found, seed, seconds)


async def _same(lane: Lane, text: str, inputs: Inputs) -> tuple[str, list[Rewrite], str]:
    """A text that does the same on the inputs, what was made, and why anything was left out."""
    chosen = rules("speed", "python")
    after, made = derived(text, chosen)
    if not made or await differing(lane, after, inputs) is None:
        return after, made, ""
    kept: list[AnyRule] = []
    blamed: list[str] = []
    tried = {one.rule for one in made}
    for rule in chosen:
        if rule.id not in tried:
            continue
        candidate, _ = derived(text, [*kept, rule])
        if await differing(lane, candidate, inputs) is None:
            kept.append(rule)
        else:
            blamed.append(rule.id)
    after, made = derived(text, kept)
    if await differing(lane, after, inputs) is not None:
        return text, [], "rules that are right alone are not right together"
    return after, made, f"other outputs by {', '.join(blamed)}"


async def _confirmed(
    lane: Lane, text: str, after: str, found: ProgramImprovement, seed: int, seconds: float
) -> ProgramImprovement:
    """Compared once more, on inputs that nothing was chosen by."""
    count = 2 * found.compared
    fresh = await stdin_source(lane, text, n=count, seed=seed + 7919, large=False, rounds=10, seconds=seconds)
    wrong = await differing(lane, after, fresh)
    if wrong is not None:
        return msgspec.structs.replace(found, wrong=wrong[0], reason="another output for a fresh input")
    return msgspec.structs.replace(found, verdict="improved", after=after, compared=found.compared + len(fresh.texts))


async def program_improvement(
    lanes: Runtime, jail: Runtime, text: str, *, path: str, place: str, seed: int = 0, least: float = 1.1,
    seconds: float = math.inf, examples: Sequence[str] = (), told: Callable[[str], None] | None = None,
) -> Improvement:  # fmt: skip
    """All of it for one program, told as functions are: inputs, rewrites, proof.

    Args:
        lanes: a jail of level 3 that compares.
        jail: another one that times.
        text: the program.
        path: of its file.
        place: how people are told of it.
        seed: of all randomness.
        least: the speed-up that counts.
        seconds: for all of it, about, by the wall clock; comparing and timing take what they take.
        examples: inputs that are known.
        told: is told each step.

    Raises:
        SandboxError: the machinery failed.
    """
    begun, say = time.monotonic(), told or _silent
    async with Lane(lanes) as lane:
        say(f"{place}: making inputs up")
        inputs = await stdin_source(lane, text, seed=seed, known=examples, seconds=seconds * 0.6)
        if not inputs.texts:
            why = max(inputs.errors, key=lambda each: inputs.errors[each], default="it reads nothing")
            return _unusable(place, f"no input with which it ends well: {why}", begun)
        found = await improve_program(lane, jail, text, inputs, seed=seed, told=say, least=least, seconds=seconds * 0.2)
        told_apart = None
        if found.verdict == "improved":
            say(f"{place}: trying its inputs on seeded mistakes")
            weak = await weak_on(lane, text, inputs, seed=seed)
            told_apart = MutantStrength(
                killed=weak.tried - len(weak.missed), survivors=weak.missed, cases=len(inputs.texts)
            )
    return _as_improvement(found, path, place, inputs, told_apart, begun)


def _unusable(place: str, reason: str, begun: float) -> Improvement:
    return Improvement(place=place, line=1, verdict="refused", reason=reason, seconds=time.monotonic() - begun)


def _as_improvement(
    found: ProgramImprovement, path: str, place: str, inputs: Inputs, told_apart: MutantStrength | None, begun: float
) -> Improvement:
    ground = "same" if not found.assumes else "assumes"
    changes = [
        Change(rule=one.rule, line=one.line, what=one.what, ground=one.ground, assumes=one.assumes)
        for one in found.made
    ]
    same = Evidence(
        kind="tested", claim="same exit status and output", n=found.compared, method="differential test of programs",
        detail=f"ground of the rules: {ground}",
    )  # fmt: skip
    stage = Stage(
        name="cases", verdict="failed" if found.wrong else "passed", seconds=0.0,
        detail=f"another output for {found.wrong!r}" if found.wrong else "", evidence=same,
    )  # fmt: skip
    proof = Proof(stages=(stage,), counterexample=found.wrong, speedup=found.speed, oracle=told_apart)
    return Improvement(
        place=place, line=1, verdict=found.verdict, changes=tuple(changes), proof=proof if changes else None,
        diff=found.diff.replace("program.py", path), after=found.after, reason=found.reason,
        inputs=f"{len(inputs.texts)} made up from its text, {inputs.outputs} different outputs",
        timed=f"a large made-up input, {found.before_s:.3g} s of CPU", seconds=time.monotonic() - begun,
    )  # fmt: skip


def reads_input(text: str, path: str) -> bool:
    """Whether a file is a Python program that reads standard input and prints, when it is run."""
    if not path.endswith(".py") or not _READS.search(text) or not _PRINTS.search(text):
        return False
    tree = parse(text)
    return not isinstance(tree, Problem) and any(isinstance(one, ast.Expr | ast.For | ast.While | ast.If) and any(
        isinstance(part, ast.Call) for part in ast.walk(one)) for one in tree.body)  # fmt: skip


def _silent(_: str) -> None:
    return None
