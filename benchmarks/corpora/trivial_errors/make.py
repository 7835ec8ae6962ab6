"""Makes broken programs from the correct ones in ``programs/``: more than a thousand, the same ones each time.

From the root of a checkout:

    python -m benchmarks.corpora.trivial_errors.make --check          # the set has the frozen hash; exit 1 if not
    python -m benchmarks.corpora.trivial_errors.make --check --run    # and each fails as written, each original passes
    python -m benchmarks.corpora.trivial_errors.make --show 3         # print some
    python -m benchmarks.corpora.trivial_errors.make --choose         # anew, by the seed; writes index and hashes

A program is chosen only if it was run and failed: another exit status or another output than the correct one, or no
end within the limit. Which edits were chosen, and how each failed, stands in ``index.json``; the texts are made anew.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

from . import javascript_errors, python_errors
from .edits import Edit, chance

HERE = Path(__file__).parent
PROGRAMS, INDEX, EXPECTED, FROZEN = HERE / "programs", HERE / "index.json", HERE / "expected.json", HERE / "FROZEN.json"
SEED = 20261121
QUOTA = {"python": 26, "javascript": 18}
"""How many of a kind, at most; TypeScript counts as JavaScript."""

LIMIT_S = 6.0
THREADS = 2
Language = Literal["python", "javascript", "typescript"]
LANGUAGES: dict[str, Language] = {".py": "python", ".js": "javascript", ".ts": "typescript"}
COMMANDS: dict[str, list[str]] = {
    "python": ["sh", "-c", 'ulimit -v 2000000; exec "$@"', "sh", sys.executable],
    "javascript": ["node", "--max-old-space-size=256"],
    "typescript": [str(Path(sys.executable).with_name("deno")), "run", "--quiet", "--no-check"],
}


class Broken(NamedTuple):
    """A broken program.

    Attributes:
        id: Kind, program and place.
        language: Of the program.
        kind: What was done to it.
        promised: Whether the kind is one that issue 5 means by trivial errors.
        program: The broken text.
        original: The text that it was made from.
        check: What a healed program prints, and it ends with 0.
        observed: What running it showed: an exception's name, ``wrong output``, ``exit status`` or ``no end``.
    """

    id: str
    language: Language
    kind: str
    promised: bool
    program: str
    original: str
    check: str
    observed: str


class Choice(NamedTuple):
    """A line of ``index.json``: the edit `number` of those that `kind` makes of `program`, and what was observed."""

    kind: str
    program: str
    number: int
    observed: str


@cache
def _edits(program: str) -> dict[str, tuple[bool, list[Edit]]]:
    """Kind → whether promised, and every edit of it; edits that change nothing are left out."""
    text = (PROGRAMS / program).read_text(encoding="utf-8")
    makers: list[tuple[str, bool, Iterator[Edit]]]
    if program.endswith(".py"):
        python = python_errors.Source(text)
        makers = [(make.__name__, True, make(python)) for make in python_errors.PROMISED]
        makers += [(make.__name__, False, make(python)) for make in python_errors.UNPROMISED]
    else:
        script = javascript_errors.Source(text)
        makers = [(make.__name__, True, make(script)) for make in javascript_errors.PROMISED]
        makers += [(make.__name__, False, make(script)) for make in javascript_errors.UNPROMISED]
    return {kind: (promised, [edit for edit in edits if edit.apply(text) != text]) for kind, promised, edits in makers}


def _made(choice: Choice, check: str) -> Broken:
    promised, edits = _edits(choice.program)[choice.kind]
    edit = edits[choice.number]
    original = (PROGRAMS / choice.program).read_text(encoding="utf-8")
    return Broken(
        id=f"{choice.kind}/{choice.program}/{edit.start}", language=LANGUAGES[Path(choice.program).suffix],
        kind=choice.kind, promised=promised, program=edit.apply(original), original=original, check=check,
        observed=choice.observed,
    )  # fmt: skip


def broken() -> Iterator[Broken]:
    """Every broken program of the set, in the order of the index."""
    expected = json.loads(EXPECTED.read_text(encoding="utf-8"))
    for line in json.loads(INDEX.read_text(encoding="utf-8")):
        choice = Choice(*line)
        yield _made(choice, expected[choice.program])


def digest(every: Sequence[Broken]) -> str:
    """SHA-256 of a whole set."""
    return hashlib.sha256(json.dumps(every, ensure_ascii=True).encode()).hexdigest()


def run(text: str, language: Language, *, seed: int = 0) -> tuple[str, str]:
    """What a program prints, and what was observed: ``ok`` if it ended with 0, else how it failed."""
    suffix = next(ending for ending, each in LANGUAGES.items() if each == language)
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / f"program{suffix}"
        program.write_text(text, encoding="utf-8")
        environment = {"PATH": os.environ["PATH"], "HOME": folder, "PYTHONHASHSEED": str(seed), "NO_COLOR": "1"}
        environment |= {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONIOENCODING": "utf-8"}
        try:
            done = subprocess.run(
                [*COMMANDS[language], str(program)], cwd=folder, env=environment, timeout=LIMIT_S, check=False,
                stdin=subprocess.DEVNULL, capture_output=True,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return "", "no end"
    errors = re.findall(r"^(?:error: )?(?:Uncaught )?(?:\(in promise\) )?(?:\w+\.)*(\w*(?:Error|Exit|Exception|Missing"
                        r"|Funds|Unit))\b", done.stderr.decode(errors="replace"), re.MULTILINE)  # fmt: skip
    failed = (errors[-1] if language == "python" else errors[0]) if errors else "exit status"
    return done.stdout.decode(errors="replace"), "ok" if done.returncode == 0 else failed


def _observe(each: Broken) -> str:
    printed, how = run(each.program, each.language)
    if how != "ok":
        return how
    return "ok" if printed == each.check else "wrong output"


def _candidates(kind: str, family: str, programs: Sequence[str]) -> Iterator[Choice]:
    """Edits of a kind, one of each program at a time, shuffled by the seed."""
    columns: list[list[Choice]] = []
    for program in sorted(programs, key=lambda name: chance(SEED, kind, family, name).random()):
        numbers = list(range(len(_edits(program).get(kind, (False, []))[1])))
        chance(SEED, kind, program).shuffle(numbers)
        columns.append([Choice(kind, program, number, "") for number in numbers[:4]])
    for row in itertools.zip_longest(*columns):
        yield from (choice for choice in row if choice)


def _chosen(kind: str, family: str, programs: Sequence[str], expected: dict[str, str], seen: set[str]) -> list[Choice]:
    """As many failing programs of a kind as the quota allows, no text twice."""
    result: list[Choice] = []
    candidates = _candidates(kind, family, programs)
    with ThreadPoolExecutor(THREADS) as pool:
        while len(result) < QUOTA[family]:
            batch = list(itertools.islice(candidates, QUOTA[family] - len(result)))
            if not batch:
                break
            made = [_made(choice, expected[choice.program]) for choice in batch]
            for choice, each, observed in zip(batch, made, pool.map(_observe, made), strict=True):
                if observed != "ok" and each.program not in seen:
                    seen.add(each.program)
                    result.append(choice._replace(observed=observed))
    return result


def choose() -> None:
    """Run the originals, choose by the seed, write `expected.json`, `index.json` and ``FROZEN.json``."""
    families = {"python": sorted(path.name for path in PROGRAMS.glob("*.py"))}
    families["javascript"] = sorted(path.name for path in PROGRAMS.glob("*.[jt]s"))
    expected = {program: _expected(program) for programs in families.values() for program in programs}
    EXPECTED.write_text(json.dumps(expected, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    lines: list[Choice] = []
    seen: set[str] = set()
    for family, programs in families.items():
        for kind in _edits(programs[0]):
            found = _chosen(kind, family, programs, expected, seen)
            print(f"{family} {kind}: {len(found)}", flush=True)
            lines += found
    INDEX.write_text("[\n" + ",\n".join(json.dumps(line) for line in lines) + "\n]\n", encoding="utf-8")


def _expected(program: str) -> str:
    """What a correct program prints, the same under two hash seeds."""
    text = (PROGRAMS / program).read_text(encoding="utf-8")
    first, second = (run(text, LANGUAGES[Path(program).suffix], seed=seed) for seed in (0, 1))
    if first != second or first[1] != "ok":
        raise SystemExit(f"{program!r} is not correct: {first[1]}, {second[1]}")
    return first[0]


def rerun() -> list[str]:
    """Run every original and every broken program again: what is not as written."""
    expected = json.loads(EXPECTED.read_text(encoding="utf-8"))
    faults = [f"{program}: prints something else" for program, check in expected.items() if _expected(program) != check]
    every = list(broken())
    with ThreadPoolExecutor(THREADS) as pool:
        observed = list(pool.map(_observe, every))
    return faults + [f"{each.id}: {now!r}, not {each.observed!r}" for each, now in zip(every, observed, strict=True)
                     if now != each.observed]  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare the set's hash (the default)")
    parser.add_argument("--run", action="store_true", help="with --check: run every program again (some minutes)")
    parser.add_argument("--choose", action="store_true", help="choose anew by the seed and write the index")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print every so many, N in all")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")
    options = parser.parse_args(arguments)
    if options.choose:
        choose()
        return 0
    every = list(broken())
    frozen = json.loads(FROZEN.read_text(encoding="utf-8"))["made"]
    faults = [] if digest(every) == frozen else [f"the set's hash is {digest(every)}, frozen is {frozen}"]
    faults += rerun() if options.run else []
    for each in every[:: max(1, len(every) // options.show)] if options.show else ():
        print(f"=== {each.id} ({each.observed})\n{each.program}")
    kinds = Counter((each.language, each.promised, each.kind) for each in every)
    if options.json:
        print(
            json.dumps(
                {
                    "programs": len(every),
                    "kinds": {"/".join(map(str, k)): n for k, n in kinds.items()},
                    "faults": faults,
                }
            )
        )
    else:
        for (language, promised, kind), count in sorted(kinds.items()):
            print(f"{language:10} {'' if promised else 'unpromised':10} {kind:26} {count:4}")
        print(f"{len(every)} broken programs; {len(faults)} faults", *faults, sep="\n")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
