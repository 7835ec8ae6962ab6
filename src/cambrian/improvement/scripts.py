"""Improving a function of a JavaScript or TypeScript file: rules, a differential test and timing, on Node in the jail.

Waiting is counted by the clock of the run, which stands still while code computes, and computing by the machine's: so
that a request takes its ten milliseconds without anybody waiting for it. `fetch` is a stand-in that only answers.
"""

from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Callable, Sequence
from importlib import resources
from pathlib import Path
from random import Random
from typing import cast

import anyio
import msgspec

from cambrian.core.errors import SandboxError, UsageError
from cambrian.core.evidence import Evidence
from cambrian.core.limits import Limits
from cambrian.core.ports import Exit
from cambrian.core.script import Done, Script
from cambrian.sandbox.scripts import node
from cambrian.sandbox.scripts.port import Terms
from cambrian.sandbox.scripts.runtime import DrivenRuntime
from cambrian.source.diff import unified
from cambrian.source.repair.script.program import Ready, ready
from cambrian.source.rules.catalogue import find, rules
from cambrian.source.rules.rule import applied
from cambrian.source.rules.script import Script as Parsed
from cambrian.source.rules.script import arguments, called
from cambrian.source.rules.script_nodes import FUNCTIONS
from cambrian.source.rules.script_scopes import Binding
from cambrian.source.tree import Problem
from cambrian.verify.cascade import Proof, Stage
from cambrian.verify.oracle import Strength
from cambrian.verify.paired import compare_pairs

from .improving import Change, Improvement

__all__ = ["ScriptImprover", "calls_in", "functions_in", "is_script", "read_calls"]

_SUFFIXES = (".js", ".mjs", ".cjs", ".ts", ".mts", ".cts")
_ROUNDS, _PAIRS, _FEWEST = 6, 8, 20
_ALPHA = 0.05
_ENOUGH_MS, _LONGEST_MS = 5.0, 1000.0
_LARGEST = 200_000
_LIMITS = Limits(wall=300.0, cpu=300.0, memory=1024 * 2**20, output=32 * 2**20)
_TERMS = Terms(seed=1, now=1_700_000_000.0)
Call = list[object]


class _Outcome(msgspec.Struct, frozen=True):
    """What came of a call; of errors the type counts."""

    error: str
    value: str
    milliseconds: float
    after: str
    printed: str

    @property
    def seen(self) -> tuple[str, ...]:
        return (self.error.partition(":")[0], self.value, self.after, self.printed)


class _Answer(msgspec.Struct, frozen=True):
    told: list[list[_Outcome]] = []
    pairs: list[tuple[float, float]] = []
    error: str = ""


def is_script(path: Path) -> bool:
    """Whether a file is JavaScript or TypeScript, by its name."""
    return path.suffix.lower() in _SUFFIXES


def functions_in(text: str, path: Path) -> list[str]:
    """Names of the functions at the top of a file in which a rule finds something, the most promising first.

    Raises:
        UsageError: it does not parse.
    """
    parsed = _parsed(text, path)
    gains: dict[str, float] = {}
    for rewrite in find(text, path.name, rules("speed", "javascript")):
        name = rewrite.scope.partition(".")[0]
        if rewrite.splices and name:
            gains[name] = gains.get(name, 0.0) + rewrite.gain
    top = _tops(parsed)
    return sorted((name for name in gains if name in top), key=lambda name: -gains[name])


def read_calls(path: Path) -> list[Call]:
    """Calls from a file: one JSON array of arguments a line, or one array of such arrays over several lines.

    Raises:
        UsageError: it cannot be read, or is neither.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"the inputs {str(path)!r} cannot be read: {error.strerror}") from error
    for texts in ([line for line in text.splitlines() if line.strip()], [text]):
        try:
            read = [cast("object", json.loads(each)) for each in texts]
        except ValueError:
            continue
        found = cast("list[object]", read[0]) if texts == [text] and "\n" in text.strip() else read
        if found and all(isinstance(each, list) for each in found):
            return cast("list[Call]", found)
    raise UsageError(f'{str(path)!r} holds no calls; write one JSON array of arguments a line, such as [[1, 2], "a"]')


def calls_in(text: str, path: Path, name: str) -> list[Call]:
    """Calls of a function in a text whose arguments are all literals.

    Raises:
        UsageError: it does not parse.
    """
    found: list[Call] = []
    for call in _parsed(text, path).of("call_expression"):
        if called(call)[1] == name:
            try:
                given = [cast("object", json.loads(_quoted(part.text))) for part in arguments(call)]
            except ValueError:
                continue
            found.append(given)
    return found


def _quoted(text: str) -> str:
    """A literal of JavaScript as JSON, where that is easy."""
    text = re.sub(r"'([^'\"\\]*)'", r'"\1"', text)
    return re.sub(r"([{,]\s*)([A-Za-z_$][\w$]*)\s*:", r'\1"\2":', text)


def _parsed(text: str, path: Path) -> Parsed:
    read = Parsed.read(text, path.name)
    if isinstance(read, Problem):
        raise UsageError(f"{str(path)!r} cannot be read: {read}")
    return read


def _tops(parsed: Parsed) -> dict[str, Binding]:
    """Functions at the top of a file, by name."""
    found: dict[str, Binding] = {}
    for each in parsed.of("identifier"):
        binding = parsed.binding(each)
        if binding is None or binding.node is not each or binding.scope is not parsed.root:
            continue
        if binding.kind == "function" or (binding.value is not None and binding.value.kind in FUNCTIONS):
            found[binding.name] = binding
    return found


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
        self._runtime = DrivenRuntime(node.driver(), workers=1)
        self._cases, self._least, self._seed = cases, least, seed
        self._told = told or _silent

    async def aclose(self) -> None:
        """End the jail. Idempotent."""
        await self._runtime.aclose()

    async def improve(self, path: Path, text: str, name: str, given: Sequence[Call]) -> Improvement:
        """Look for a faster version of a function that does the same.

        Args:
            path: the file.
            text: its text.
            name: of a function at its top.
            given: argument lists, JSON values; more are made from them.

        Raises:
            SandboxError: the machinery failed.
            UsageError: there is no such function.
        """
        begun = time.monotonic()
        parsed = _parsed(text, path)
        top = _tops(parsed).get(name)
        if top is None:
            raise UsageError(f"{str(path)!r} has no function {name!r} at its top; it has {', '.join(_tops(parsed))}")
        found = Improvement(place=f"{path.name}:{name}", line=top.node.line, verdict="nothing")
        chosen, changes = _derived(text, path.name, name, frozenset())
        if not changes:
            return msgspec.structs.replace(found, reason="no rule finds anything in it")
        found = msgspec.structs.replace(found, verdict="refused", changes=changes)
        if not given:
            return msgspec.structs.replace(found, reason="no calls are known; give some with --inputs")
        refused: list[str] = []
        barred: set[str] = set()
        calls = varied(given, self._cases, Random(self._seed))
        while changes:
            self._told(f"{found.place}: comparing {len(calls)} calls")
            different = await self._different(path, name, text, chosen, calls)
            if not different:
                break
            worst = changes[-1].rule
            barred.add(worst)
            refused.append(f"{worst}: {different}")
            chosen, changes = _derived(text, path.name, name, frozenset(barred))
        found = msgspec.structs.replace(found, refused=tuple(refused), changes=changes or found.changes)
        if not changes:
            return msgspec.structs.replace(found, reason=refused[0], seconds=time.monotonic() - begun)
        return await self._measured(path, name, (text, chosen), found, (calls, given), begun)

    async def _measured(
        self, path: Path, name: str, texts: tuple[str, str], found: Improvement,
        inputs: tuple[list[Call], Sequence[Call]], begun: float,
    ) -> Improvement:  # fmt: skip
        text, chosen = texts
        calls, given = inputs
        same = Evidence(kind="tested", claim="same answers, errors, arguments and output", n=len(calls),
                        method="differential test")  # fmt: skip
        self._told(f"{found.place}: timing")
        large = await self._larger(path, name, text, given)
        speed = await self._faster(path, name, texts, large)
        if speed.shown:
            speed = await self._faster(path, name, texts, large)  # a fresh process; what is claimed comes from here
        stages = (
            Stage(name="cases", verdict="passed", seconds=0.0, evidence=same),
            Stage(name="fresh", verdict="passed" if speed.shown else "failed", seconds=0.0, detail=speed.detail,
                  evidence=speed),
        )  # fmt: skip
        weak = len(calls) < _FEWEST
        reason = "" if speed.shown else "it is not shown to be faster"
        if weak:
            reason = f"only {len(calls)} calls could be made from what is known; give more with --inputs"
        good = speed.shown and not weak
        oracle = (
            None if found.ground == "same" else Strength(killed=0, cases=len(calls))
        )  # no mistakes are seeded in scripts
        return msgspec.structs.replace(
            found, verdict="improved" if good else "refused", reason=reason,
            proof=Proof(stages=stages, speedup=speed, oracle=oracle),
            diff=unified({path.name: text}, {path.name: chosen}), after=chosen if good else "",
            inputs=f"{len(given)} given, {len(calls)} with those made from them",
            timed=f"{len(large)} calls, waiting by the clock of the run", seconds=time.monotonic() - begun,
        )  # fmt: skip

    async def _different(self, path: Path, name: str, before: str, after: str, calls: list[Call]) -> str:
        """The smallest call on which two texts differ, in words; "" if there is none."""
        answer = await self._run(path, name, (before, after), calls, pairs=0, rounds=1)
        if answer.error:
            return answer.error
        for call, row in zip(calls, answer.told, strict=True):
            if row[0].seen != row[1].seen:
                one, two = (each.error or each.value for each in row)
                shown = json.dumps(call)[:120]
                return f"{name}{shown} gives {two[:80]}, not {one[:80]}" if one != two else f"{shown}: other effects"
        return ""

    async def _larger(self, path: Path, name: str, text: str, given: Sequence[Call]) -> list[Call]:
        """The given calls, or larger ones if they take no time."""
        calls = list(given[:_FEWEST])
        for factor in (1, 10, 10, 5):
            grown = [[_grown(each, factor) for each in call] for call in calls] if factor > 1 else calls
            if sum(len(json.dumps(call)) for call in grown) > _LARGEST * 10:
                break
            answer = await self._run(path, name, (text,), grown, pairs=0, rounds=1)
            if answer.error or all(row[0].error for row in answer.told):
                break
            calls = [call for call, row in zip(grown, answer.told, strict=True) if not row[0].error]
            if sum(row[0].milliseconds for row in answer.told) > _ENOUGH_MS:
                break
        return calls

    async def _faster(self, path: Path, name: str, texts: tuple[str, str], calls: list[Call]) -> Evidence:
        claim = f"faster than {self._least:g} ×"
        answer = await self._run(path, name, texts, calls, pairs=_PAIRS, rounds=3)
        method = "time waited and computed, pairs in turn, exact sign test"
        if answer.error or any(min(pair) <= 0 for pair in answer.pairs) or not answer.pairs:
            return Evidence(kind="not_shown", claim=claim, method=method, detail=answer.error or "nothing was timed")
        found = compare_pairs([math.log(one / two) for one, two in answer.pairs], _ALPHA)
        assert found.lower is not None
        assert found.upper is not None
        shown = found.lower > math.log(self._least)
        return Evidence(
            kind="measured" if shown else "not_shown", claim=claim, n=found.n, alpha=_ALPHA, unit="×", method=method,
            estimate=math.exp(found.median), lower=math.exp(found.lower), upper=math.exp(found.upper),
            detail=f"{found.wins} of {found.n} pairs won",
        )  # fmt: skip

    async def _run(
        self, path: Path, name: str, texts: Sequence[str], calls: Sequence[Call], *, pairs: int, rounds: int
    ) -> _Answer:
        made = [ready(text, path.name) for text in texts]
        wrong = next((each for each in made if isinstance(each, Problem)), None)
        if wrong is not None:
            return _Answer(error=str(wrong))
        versions = [
            {"code": each.code, "waits": each.waits, "typed": each.typed} for each in made if isinstance(each, Ready)
        ]
        asked = {"versions": versions, "entry": name, "calls": [json.dumps(call) for call in calls], "pairs": pairs,
                 "rounds": rounds}  # fmt: skip
        code = resources.files("cambrian.improvement").joinpath("inside/calls.js").read_text("utf-8")
        script = Script(code=code, language="javascript", inputs={"asked": asked})
        execution, said = await self._runtime.begin(script, [], _LIMITS, _TERMS)
        with anyio.CancelScope(shield=True):
            await execution.close()
        if isinstance(said, Exit):
            return _Answer(error=f"the calls ended the process: {said.status}")
        if not isinstance(said.turn, Done):
            raise SandboxError(f"the calls could not be made: {said.turn}")
        return msgspec.convert(said.turn.value, _Answer)


def _silent(_: str) -> None:
    """Nobody is told."""


def _derived(text: str, path: str, name: str, barred: frozenset[str]) -> tuple[str, tuple[Change, ...]]:
    """The text with all that the rules would do in a function, and in what it calls, round by round."""
    made: list[Change] = []
    chosen = [rule for rule in rules("speed", "javascript") if rule.id not in barred]
    for _ in range(_ROUNDS):
        scopes = _reached(text, path, name)
        found = [one for one in find(text, path, chosen) if one.splices and one.scope.partition(".")[0] in scopes]
        new = applied(text, sorted(found, key=lambda one: -one.gain)) if found else text
        if new == text:
            break
        made += [
            Change(rule=one.rule, line=one.line, what=one.what, ground=one.ground, assumes=one.assumes) for one in found
        ]
        text = new
    return text, tuple(made)


def _reached(text: str, path: str, name: str) -> set[str]:
    """A function and those at the top of the file that it names, and so on."""
    tops = _tops(_parsed(text, Path(path)))
    found, todo = {name}, [name]
    while todo:
        binding = tops.get(todo.pop())
        whole = binding.node.parent if binding is not None else None
        words = set(re.findall(r"[\w$]+", whole.text)) if whole is not None else set[str]()
        new = (words & tops.keys()) - found
        found |= new
        todo += new
    return found


def varied(given: Sequence[Call], most: int, rng: Random) -> list[Call]:
    """Calls made from known ones: each with its values changed a little, none twice; known ones first.

    Args:
        given: argument lists.
        most: so many in all.
        rng: draws.
    """
    found = {json.dumps(call): call for call in given}
    tries = 0
    while len(found) < most and tries < 4 * most and given:
        tries += 1
        call = [_mutated(each, rng) for each in rng.choice(list(given))]
        found.setdefault(json.dumps(call), call)
    return list(found.values())[:most]


def _mutated(value: object, rng: Random) -> object:
    """A value of the same shape."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return value if rng.random() < 0.3 else max(0, value + rng.randint(-3, 3)) if value >= 0 else value - 1
    if isinstance(value, float):
        return value + rng.randint(-3, 3)
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        items = [_mutated(item, rng) if rng.random() < 0.3 else item for item in cast("list[object]", value)]
        if rng.random() < 0.5:
            rng.shuffle(items)
        if items and rng.random() < 0.5:
            items += [rng.choice(items) for _ in range(rng.randint(1, 6))]
        return items[: rng.randint(0, len(items))] if rng.random() < 0.4 else items
    return {key: _mutated(item, rng) for key, item in cast("dict[str, object]", value).items()}


def _grown(value: object, factor: int) -> object:
    """A value with longer lists; items of numbers go on, so that they differ."""
    if not isinstance(value, list):
        return value
    items = cast("list[object]", value)
    return [
        item + turn * 1000 if isinstance(item, int) and not isinstance(item, bool) else item
        for turn in range(factor)
        for item in items
    ]
