"""Healing of trivial errors: broken programs of a corpus written by somebody who had not seen the repairs.

    python benchmarks/heal.py --sample 200
    python benchmarks/heal.py --language python --jobs 2 --check

Each program is healed twice: *checked*, with what it must print (a test), and *blind*, with nothing but that it must
run to its end. It counts as healed if the healed program prints what the correct one prints. A heal is *silent* if
`cambrian heal --apply` would write it unseen; a silent heal with another output than the right one is wrong, and there
must be none. Kinds that nobody promised (off by one, a wrong operator …) are reported apart.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import anyio
import msgspec
from benchmarks.corpora.reading import trivial_errors

from cambrian.app.healing import healer_of
from cambrian.improvement.healing.healing import Healed, HealSettings, heal
from cambrian.improvement.healing.javascript import JavaScriptRunner
from cambrian.improvement.healing.scripts import ScriptRunner
from cambrian.sandbox import CPythonJail
from parts import hand_in, part_of, spread
from report import Figure, finish, options

HEALED = 0.90
NAMES = {"python": "program.py", "javascript": "program.js", "typescript": "program.ts"}


class Case(msgspec.Struct):
    """A broken program: what it must print, whether its kind is one of those that trivial errors mean."""

    id: str
    language: str
    kind: str
    promised: bool
    program: str
    expected: str


class Row(msgspec.Struct):
    """What came of a program, checked and blind; `right` are the outputs."""

    id: str
    language: str
    kind: str
    promised: bool
    checked: bool
    checked_silent: bool
    blind: bool
    blind_silent: bool
    blind_right: bool
    seconds: float
    tried: int
    steps: tuple[str, ...] = ()
    blind_steps: tuple[str, ...] = ()


async def measure(cases: Iterable[Case], seconds: float) -> list[Row]:
    """Heal them, one after the other."""
    rows: list[Row] = []
    jail = await CPythonJail.start()
    try:
        for case in cases:
            begun = time.perf_counter()
            checked, _ = await attempt(jail, case, case.expected, seconds)
            blind, output = await attempt(jail, case, None, seconds)
            right = output.rstrip() == case.expected.rstrip()
            rows.append(
                Row(
                    case.id, case.language, case.kind, case.promised, checked.healed, checked.silent, blind.healed,
                    blind.silent, blind.healed and right, time.perf_counter() - begun, checked.tried,
                    checked.steps, blind.steps,
                )
            )  # fmt: skip
            print(msgspec.json.encode(rows[-1]).decode(), file=sys.stderr, flush=True)
    finally:
        await jail.aclose()
    return rows


async def attempt(jail: CPythonJail, case: Case, expected: str | None, seconds: float) -> tuple[Healed, str]:
    """Heal a program; what the healed one prints."""
    name = NAMES[case.language]
    runner: ScriptRunner | JavaScriptRunner
    if case.language == "python":
        runner = ScriptRunner(jail, name, expected=expected)
    else:
        runner = JavaScriptRunner(name, expected=expected)
    try:
        settings = HealSettings(seconds=seconds, edits=expected is not None)
        found = await heal(case.program, healer_of(name), runner, settings)
        [ending] = await runner.endings([found.text]) if found.healed else [None]
        return found, "" if ending is None else ending.output
    finally:
        await runner.aclose()


def figures(rows: Sequence[Row]) -> list[Figure]:
    """The table."""
    promised = [row for row in rows if row.promised]
    wrong = [row for row in rows if row.blind_silent and not row.blind_right]
    others = [row for row in rows if not row.promised]
    silent = share(row.checked_silent for row in promised)
    found = [
        Figure("programs", len(rows), ""),
        Figure("  of kinds that trivial errors mean", len(promised), ""),
        Figure("  healed, checked", share(row.checked for row in promised), "share", HEALED, at_least=True),
        Figure("  healed silently, checked", silent, "share"),
        Figure("  healed, blind, and right", share(row.blind_right for row in promised), "share"),
        Figure("  healed silently, blind", share(row.blind_silent for row in promised), "share"),
        Figure("other kinds: healed, checked", share(row.checked for row in others), "share"),
        Figure("wrong heals applied silently, blind, all kinds", len(wrong), "", 0),
        Figure("seconds of a program, both ways, median", statistics.median(row.seconds for row in rows), "s"),
        Figure("seconds of a program, both ways, most", max(row.seconds for row in rows), "s"),
    ]  # fmt: skip
    for (language, kind), count in sorted(Counter((row.language, row.kind) for row in rows).items()):
        own = [row for row in rows if (row.language, row.kind) == (language, kind)]
        mark = "" if own[0].promised else " (not promised)"
        found.append(Figure(f"  {language} {kind}{mark}, of {count}", share(row.checked for row in own), "share"))
    return found


def share(values: Iterable[bool]) -> float:
    every = list(values)
    return sum(every) / len(every) if every else 0.0


def read(language: str, kind: str) -> list[Case]:
    """The corpus, in the languages that can be healed."""
    return [
        Case(each.id, each.language, each.kind, each.promised, each.program, each.check)
        for each in trivial_errors()
        if each.language in (language.split(",") if language else NAMES) and (not kind or each.kind == kind)
    ]


def main() -> int:
    """Measure and print."""
    parser = options(__doc__)
    parser.add_argument("--language", default="", help="python, javascript, typescript; several with commas")
    parser.add_argument("--only", default="", help="one kind of error")
    parser.add_argument("--sample", type=int, default=0, help="so many programs; by default all")
    parser.add_argument("--seed", type=int, default=0, help="of the sample")
    parser.add_argument("--seconds", type=float, default=10.0, help="wall seconds for one program")
    parser.add_argument("--jobs", type=int, default=1, help="processes at a time")
    parser.add_argument("--part", default="", help="PART/PARTS, for --jobs")
    asked = parser.parse_args()
    cases = read(asked.language, asked.only)
    if 0 < asked.sample < len(cases):
        cases = random.Random(asked.seed).sample(cases, asked.sample)
    if asked.part:
        for row in anyio.run(measure, part_of(cases, asked.part), asked.seconds):
            hand_in(row)
        return 0
    if asked.jobs > 1:
        rows, _ = spread(asked.jobs, Row, len(cases))
    else:
        rows = anyio.run(measure, cases, asked.seconds)
    return finish(figures(rows), as_json=asked.json, check=asked.check)


if __name__ == "__main__":
    sys.exit(main())
