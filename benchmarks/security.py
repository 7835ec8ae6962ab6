"""`cambrian secure`: SQL injection on a corpus that was written blind, peers beside it, and the cost on 100,000 lines.

    python benchmarks/security.py --check

The corpus is `corpora/sql_injection`, frozen by hash: programs with values built into SQL, look-alikes that are safe,
and names of tables and columns, for which no parameter can stand. A vulnerable program counts as fixed if nothing is
left to find and, where a database stands beside it, every harmless call gives what it gave and every hostile one what
a right program gives. A fix that assumes how the driver writes parameters (nothing in the file tells) counts, and is
told apart. Ruff's S608 and bandit's B608, which flag and do not fix, are asked for the same Python programs, if they
are installed: what they flag among the vulnerable and among the safe ones.

The large project is made of files of the standard library, copied into a temporary folder.
"""

from __future__ import annotations

import importlib.util
import json
import random
import resource
import subprocess
import sys
import sysconfig
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from cambrian.improvement.securing.fixing import fixed
from cambrian.improvement.securing.scanning import look_at_one
from corpora.databases import cases, expected, outcome
from corpora.reading import Injection, injections
from report import Figure, finish, options

LINES = 100_000
RULES = {"sql-injection", "js-sql-injection"}


class Tally:
    """What became of the corpus."""

    def __init__(self) -> None:
        self.count: Counter[str] = Counter()

    def take(self, item: Injection) -> str:
        """Look at a program, fix it, and say how that went."""
        path = item.path.name
        before = [each for each in look_at_one(item.text, path) if each.rewrite.rule in RULES]
        done = fixed(
            item.text,
            path,
            item.language,
            lambda text: look_at_one(text, path),
            lambda each: each.rewrite.rule in RULES,
        )
        left = [each for each in look_at_one(done.text, path) if each.rewrite.rule in RULES]
        changed = done.text != item.text
        if item.expect == "fix":
            verdict = "fixed" if changed and not left and self._right(item, done.text) else "not fixed"
            self.count["assumed"] += verdict == "fixed" and any(each.rewrite.assumes for each in before)
            self.count["run"] += verdict == "fixed" and item.database is not None
        elif item.expect == "safe":
            verdict = "changed" if changed else "told" if before else "left alone"
        else:
            verdict = "changed" if changed else "refused" if before else "missed"
        self.count[f"{item.expect}: {verdict}"] += 1
        self.count[item.expect] += 1
        self.count[f"{item.expect}: flagged"] += bool(before)
        return verdict

    def _right(self, item: Injection, text: str) -> bool:
        database = item.database
        return database is None or all(outcome(text, database, case) == expected(case) for case in cases(database))

    def share(self, verdict: str) -> float:
        """Percent of the programs of a kind: ``"safe: changed"``."""
        return 100 * self.count[verdict] / max(1, self.count[verdict.partition(":")[0]])


def flagged_by_ruff(folder: Path) -> set[str]:
    """Files in which ruff sees SQL that is put together from strings."""
    command = [
        sys.executable,
        "-m",
        "ruff",
        "check",
        "--isolated",
        "--no-cache",
        "--select",
        "S608",
        "--output-format",
        "json",
        str(folder),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return {Path(each["filename"]).name for each in json.loads(done.stdout)}


def flagged_by_bandit(folder: Path) -> set[str]:
    """The same for bandit."""
    command = [sys.executable, "-m", "bandit", "-q", "-r", "-t", "B608", "-f", "json", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return {Path(each["filename"]).name for each in json.loads(done.stdout)["results"]}


def peers(items: list[Injection]) -> Iterator[Figure]:
    """What others flag among the Python programs."""
    asked = {"ruff": flagged_by_ruff, "bandit": flagged_by_bandit}
    python = [item for item in items if item.language == "python"]
    with tempfile.TemporaryDirectory() as folder:
        for number, item in enumerate(python):
            Path(folder, f"p{number}.py").write_text(item.text, encoding="utf-8")
        for name, ask in asked.items():
            if importlib.util.find_spec(name) is None:
                continue
            flagged = ask(Path(folder))
            for kind in ("fix", "safe"):
                mine = [number for number, item in enumerate(python) if item.expect == kind]
                share = 100 * sum(f"p{number}.py" in flagged for number in mine) / len(mine)
                told = "vulnerable" if kind == "fix" else "safe"
                yield Figure(f"{name} (no fixes): {told} Python programs flagged", share, "%")


def large_project(folder: Path, seed: int, wanted: int) -> int:
    """Copy files of the standard library until there are enough lines."""
    library = Path(sysconfig.get_paths()["stdlib"])
    aside = {"site-packages", "test", "tests", "idlelib"}
    files = [path for path in sorted(library.rglob("*.py")) if not aside & set(path.relative_to(library).parts)]
    random.Random(seed).shuffle(files)
    lines = 0
    for path in files:
        text = path.read_text(encoding="utf-8", errors="replace")
        place = folder / path.relative_to(library)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
        lines += text.count("\n")
        if lines >= wanted:
            break
    return lines


def cost(seed: int, wanted: int) -> list[Figure]:
    """CPU seconds and memory of the command on a large project."""
    with tempfile.TemporaryDirectory() as folder:
        lines = large_project(Path(folder), seed, wanted)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        words = ["secure", folder, "--json", "--workspace", f"{folder}/.cambrian"]
        command = [sys.executable, "-c", "from cambrian.app.cli import main; main()", *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        told = json.loads(done.stdout)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return [
        Figure("lines of the large project", lines, "lines"),
        Figure("lines looked at", told["lines"], "lines", wanted, at_least=True),
        Figure("cambrian secure: CPU", cpu, "s", 60),
        Figure("cambrian secure: peak memory", after.ru_maxrss / 1024, "MB", 500),
        Figure(
            "findings, medium or worse, in it", sum(told["counts"][each] for each in ("critical", "high", "medium")), ""
        ),
    ]


def main() -> int:
    """Measure and print."""
    parser = options(__doc__)
    parser.add_argument("--seed", type=int, default=1, help="which files the large project has")
    parser.add_argument("--lines", type=int, default=LINES, help="of the large project")
    parser.add_argument("--show", action="store_true", help="also what became of each program")
    asked = parser.parse_args()
    items, tally = list(injections()), Tally()
    for item in items:
        verdict = tally.take(item)
        if asked.show:
            print(f"{item.expect:<7} {verdict:<11} {item.id}", file=sys.stderr)
    flagged = tally.count["fix: flagged"] + tally.count["refuse: flagged"]
    alarms = flagged + tally.count["safe: flagged"]
    figures = [
        Figure("vulnerable programs fixed", tally.share("fix: fixed"), "%", 95, at_least=True),
        Figure("of which by an assumed driver", tally.count["assumed"], "programs"),
        Figure("of which run on a database", tally.count["run"], "programs"),
        Figure("safe look-alikes changed", tally.share("safe: changed"), "%", 5),
        Figure("injected names refused with advice", tally.share("refuse: refused"), "%", 90, at_least=True),
        Figure(
            "recall of findings", 100 * flagged / (tally.count["fix"] + tally.count["refuse"]), "%", 95, at_least=True
        ),
        Figure("precision of findings", 100 * flagged / max(1, alarms), "%", 95, at_least=True),
        *peers(items),
        *cost(asked.seed, asked.lines),
    ]
    return finish(figures, as_json=asked.json, check=asked.check)


if __name__ == "__main__":
    sys.exit(main())
