"""What it takes to tell a long run: its report, its explanation, its comparison with another one.

    python benchmarks/telling.py --check

The run never ran: its facts are written by hand, with families, failures and a text of its own for every candidate.
Each command is the real one, in a process of its own.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import anyio

from cambrian.app.workspace import Workspace
from cambrian.core.evaluation import Evaluation, Objective, Status, Usage
from cambrian.core.event import Fact, fact
from cambrian.core.ids import RunId, VariantId, digest
from cambrian.core.variant import Origin, Variant
from cambrian.journal.clock import SystemClock
from cambrian.journal.holder import this_process
from cambrian.journal.kernel import Run
from cambrian.search.facts import (
    EVALUATED,
    OPENED,
    PROPOSED,
    STOPPED,
    AddStatus,
    Evaluated,
    Opened,
    Proposed,
    Stopped,
    VariantRecord,
)
from cambrian.search.task import Task
from report import Figure, finish, options

TASK = Task(
    name="long", folder="/nowhere", program={"program.py": "def solve():\n    return 0\n"}, entry="program.py:solve",
    evaluator_text="def score(a): return a", objectives=(Objective(name="score"),),
)  # fmt: skip
BATCH = 1000
BODY = "".join(f"    x{n} = {n} * 1.5\n" for n in range(25))


class Spent(NamedTuple):
    """What one command took."""

    cpu_s: float
    peak_bytes: int


def story(evaluations: int, seed: int) -> Iterator[tuple[list[Fact], bytes]]:
    """The facts of each evaluation, and its text. One in ten fails, one in a hundred is a new best."""
    rng = random.Random(seed)
    parents: list[VariantId] = []
    for index in range(evaluations):
        text = f"def solve():\n    # {rng.random()}\n{BODY}    return {index}\n"
        made = tuple(rng.sample(parents, min(len(parents), 1 + (index % 20 == 0))))
        origin = Origin(proposer=f"proposer.{index % 6}" if index else "initial", why=f"an edit of line {index % 30}")
        variant = Variant(files={"program.py": text}, entry=TASK.entry, origin=origin, parents=made)
        record = VariantRecord(
            id=variant.id, files={"program.py": digest(text.encode())}, entry=TASK.entry, origin=origin, parents=made
        )
        best = index % 100 == 0
        ok = best or rng.random() > 0.1
        value = float(index) if best else rng.random() * (index + 1)
        evaluation = Evaluation(
            variant=variant.id, status=Status.OK if ok else Status.ERROR, objectives={"score": value} if ok else {},
            feedback="" if ok else f"Traceback\nValueError: {index} is too much", usage=Usage(cpu_s=0.01), level="L3",
        )  # fmt: skip
        outcome = Evaluated(
            index=index, evaluation=evaluation, added=AddStatus(int(best)), best=best, elapsed_s=index / 100
        )
        proposed = Proposed(index=index, attempt=index, niche=index % 4, variant=record, canonical=digest(b""))
        if best:
            parents = [*parents[-15:], variant.id]
        yield [fact(PROPOSED, proposed), fact(EVALUATED, outcome)], text.encode()


async def write(workspace: Workspace, evaluations: int, seed: int) -> RunId:
    """A whole run."""
    async with workspace.writing() as store:
        name = RunId(f"r-{seed}")
        run = await Run.create(store, kind="search", data={}, clock=SystemClock(), holder=this_process(), run=name)
        await run.append(fact(OPENED, Opened(task=TASK, seed=seed, jobs=2, level="L3")))
        facts: list[Fact] = []
        texts: list[bytes] = []
        for more, text in story(evaluations, seed):
            facts += more
            texts.append(text)
            if len(texts) == BATCH:
                await run.append(*facts, blobs=texts)
                facts, texts = [], []
        await run.append(*facts, fact(STOPPED, Stopped(reason="evaluations", elapsed_s=evaluations / 100)), blobs=texts)
        await run.aclose()
    return name


def spent(*words: str) -> Spent:
    """CPU seconds and peak resident size of a command."""
    with open(os.devnull, "wb") as nowhere:
        command = [sys.executable, "-m", "cambrian", *words]
        files = [(os.POSIX_SPAWN_DUP2, nowhere.fileno(), number) for number in (1, 2)]
        child = os.posix_spawn(sys.executable, command, os.environ, file_actions=files)
        _, status, used = os.wait4(child, 0)
    if status:
        raise SystemExit(f"{' '.join(words)!r} ended with {status}")
    return Spent(used.ru_utime + used.ru_stime, used.ru_maxrss * 1024)


def measure(evaluations: int) -> list[Figure]:
    """Tell a long run in every way."""
    with tempfile.TemporaryDirectory(prefix="cambrian-telling-") as name:
        place, page = Path(name) / "w", Path(name) / "page.html"
        for seed in (1, 2):
            anyio.run(write, Workspace(place), evaluations if seed == 1 else max(1, evaluations // 10), seed)
        began = time.monotonic()
        option = ("--workspace", str(place))
        told = {
            "runs report": spent("runs", "report", "r-1", "--out", str(page), *option),
            "runs explain": spent("runs", "explain", "r-1", "--json", *option),
            "runs compare": spent("runs", "compare", "r-1", "r-2", "--json", *option),
        }
        wall_s, size = time.monotonic() - began, page.stat().st_size
    scale = max(1.0, evaluations / 100_000)
    figures = [Figure("size of the page", size / 2**20, "MiB", 12.0)]
    for command, used in told.items():
        figures.append(Figure(f"{command}: peak resident size", used.peak_bytes / 2**20, "MiB", 300.0 * scale))
        figures.append(Figure(f"{command}: CPU", used.cpu_s, "s", 30.0 * scale))
    return [*figures, Figure("all three, wall", wall_s, "s")]


def main() -> int:
    """Measure and print."""
    parser = options(__doc__)
    parser.add_argument("--evaluations", type=int, default=100_000)
    chosen = parser.parse_args()
    return finish(measure(chosen.evaluations), as_json=chosen.json, check=chosen.check)


if __name__ == "__main__":
    sys.exit(main())
