"""`kill -9` of the engine at random moments, then resume: nothing finished is lost or repeated, nobody is left behind.

    python benchmarks/kill_resume.py --kills 50 --check

One run is killed again and again at moments drawn uniformly, and resumed each time. After each kill: the facts that
were there before are there still, byte for byte; every evaluation has at most one outcome; at most `jobs` intents lack
one; every process that the engine had started is gone; the store passes its check. In the end the run is brought to its
end and every evaluation has exactly one outcome.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path

from cambrian.core.ids import RunId
from cambrian.journal.sqlite import SqliteStore
from cambrian.search.facts import EVALUATED, PROPOSED

TASK_TOML = """
name = "kill"
mode = "artifact"
program = ["program.py"]
entry = "program.py:answer"
evaluator = "evaluate.py"
[objectives]
score = "maximize"
"""
PROGRAM = """
def answer():
    total = 0.0
    for i in range(12):
        if i % 3 == 1:
            total += i * 0.5
        else:
            total -= 0.25
    return total
"""
EVALUATE = "def score(answer):\n    return -abs(answer - 7.125)\n"
GRACE_S = 5.0


@dataclass
class Report:
    """What the kills showed; every list names what should not have been."""

    kills: int = 0
    evaluations: int = 0
    lost: int = 0
    repeated: int = 0
    most_in_flight: int = 0
    orphans: list[str] = field(default_factory=list[str])
    damage: list[str] = field(default_factory=list[str])
    slowest_end_s: float = 0.0

    def failures(self, jobs: int) -> list[str]:
        """The bounds that were missed."""
        found = [
            f"{self.lost} finished evaluations lost" if self.lost else "",
            f"{self.repeated} evaluations repeated" if self.repeated else "",
            f"{self.most_in_flight} intents without outcome, more than {jobs}" if self.most_in_flight > jobs else "",
            f"orphans: {self.orphans}" if self.orphans else "",
            f"damage: {self.damage}" if self.damage else "",
        ]
        return [item for item in found if item]


@dataclass(frozen=True)
class Facts:
    """What the journal holds of the run."""

    prefix: tuple[str, ...]
    proposed: Counter[int]
    evaluated: Counter[int]


def main() -> int:
    """Run the trial and print what it showed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--longest", type=float, default=2.5, help="seconds; a kill comes within this time")
    parser.add_argument("--check", action="store_true", help="exit 1 if a bound is missed")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cambrian-kill-") as name:
        report = Trial(Path(name), options.jobs, random.Random(options.seed), options.longest).run(options.kills)
    failures = report.failures(options.jobs)
    print(json.dumps(asdict(report)) if options.json else _text(report, failures))
    return 1 if options.check and failures else 0


class Trial:
    """One run, killed and resumed."""

    def __init__(self, folder: Path, jobs: int, rng: random.Random, longest: float) -> None:
        self._task, self._workspace = folder / "task", folder / "workspace"
        self._jobs, self._rng, self._longest = jobs, rng, longest
        self._task.mkdir()
        for name, text in (("task.toml", TASK_TOML), ("program.py", PROGRAM), ("evaluate.py", EVALUATE)):
            (self._task / name).write_text(text, encoding="utf-8")

    def run(self, kills: int) -> Report:
        """Kill and resume, then finish."""
        report, before = Report(), Facts((), Counter(), Counter())
        for _ in range(kills):
            orphans, took = self._kill_once(resume=report.kills > 0)
            report.kills += 1
            report.orphans += orphans
            report.slowest_end_s = max(report.slowest_end_s, took)
            before = self._compare(before, report)
        total = max(before.proposed, default=0) + 20
        subprocess.run([*self._command(resume=True), "--budget", f"{total}ev"], check=True, capture_output=True)
        after = self._compare(before, report)
        report.evaluations = len(after.evaluated)
        report.lost += len(set(after.proposed) - set(after.evaluated))
        return report

    def _command(self, *, resume: bool) -> list[str]:
        verb = ["runs", "resume", "last"] if resume else ["evolve", str(self._task), "--seed", "1"]
        options = ["--jobs", str(self._jobs), "--display", "none", "--workspace", str(self._workspace)]
        return [sys.executable, "-m", "cambrian", *verb, *options]

    def _kill_once(self, *, resume: bool) -> tuple[list[str], float]:
        """Start or resume, kill at a random moment: who was left behind, and after how long the last one was gone."""
        command = [*self._command(resume=resume), "--budget", "1000000ev"]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as engine:
            if not resume:
                self._wait_for_journal()
            time.sleep(self._rng.uniform(0, self._longest))
            family = _descendants(engine.pid)
            engine.kill()
        began = time.monotonic()
        while (left := [item for item in family if _alive(item)]) and time.monotonic() - began < GRACE_S:
            time.sleep(0.01)
        return [f"pid {pid}" for pid, _ in left], time.monotonic() - began

    def _wait_for_journal(self) -> None:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if (self._workspace / "journal.db").exists() and self._facts().prefix:
                return
            time.sleep(0.05)
        raise SystemExit("the engine wrote nothing within 30 s")

    def _compare(self, before: Facts, report: Report) -> Facts:
        after = self._facts()
        report.lost += sum(index not in after.evaluated for index in before.evaluated)
        report.lost += after.prefix[: len(before.prefix)] != before.prefix
        report.repeated = sum(count - 1 for count in after.evaluated.values())
        report.most_in_flight = max(report.most_in_flight, len(set(after.proposed) - set(after.evaluated)))
        report.damage += asyncio.run(_damage(self._workspace / "journal.db"))
        return after

    def _facts(self) -> Facts:
        return asyncio.run(_facts(self._workspace / "journal.db"))


async def _facts(path: Path) -> Facts:
    proposed, evaluated, prefix = Counter[int](), Counter[int](), list[str]()
    async with await SqliteStore.open(path) as store:
        for head in await store.heads():
            async for event in store.read(RunId(head.run)):
                prefix.append(hashlib.sha256(f"{event.seq} {event.type} ".encode() + event.data).hexdigest())
                if event.type in (PROPOSED, EVALUATED):
                    counter = proposed if event.type == PROPOSED else evaluated
                    counter[json.loads(bytes(event.data))["index"]] += 1
    return Facts(tuple(prefix), proposed, evaluated)


async def _damage(path: Path) -> list[str]:
    async with await SqliteStore.open(path) as store:
        return [f"{item.place}: {item.what}" for item in await store.check()]


def _descendants(root: int) -> list[tuple[int, str]]:
    """Every process below `root`, each with its start time so that a reused number is not taken for it."""
    parents: dict[int, tuple[int, str]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (stat := _stat(int(entry.name))):
            parents[int(entry.name)] = int(stat[1]), stat[19]
    family, todo = list[tuple[int, str]](), [root]
    while todo:
        current = todo.pop()
        children = [(pid, start) for pid, (parent, start) in parents.items() if parent == current]
        family += children
        todo += [pid for pid, _ in children]
    return family


def _stat(pid: int) -> list[str] | None:
    """Fields of ``/proc/pid/stat`` from the state on (proc_pid_stat(5))."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
    return text.rpartition(")")[2].split()


def _alive(item: tuple[int, str]) -> bool:
    stat = _stat(item[0])
    return stat is not None and stat[19] == item[1] and stat[0] != "Z"


def _text(report: Report, failures: list[str]) -> str:
    return "\n".join(
        [
            f"kills {report.kills}, evaluations {report.evaluations}",
            f"finished evaluations lost {report.lost}, repeated {report.repeated}",
            f"most intents without an outcome after a kill {report.most_in_flight}",
            f"orphans {len(report.orphans)}, last process gone after at most {report.slowest_end_s:.2f} s",
            f"store check: {report.damage or 'clean'}",
            *([f"MISSED: {item}" for item in failures] or ["all bounds held"]),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
