"""What listing the runs of a large workspace takes: 1,000 runs of 200 evaluations, by the real command.

python benchmarks/runs_list.py --check

One real search is copied under new ids. Control, in the same run: the same command when every line has to be folded
from the events anew (the kept lines deleted), on a tenth of the runs.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
from pathlib import Path

import anyio

from cambrian.app.evolution import evolve
from cambrian.app.export import export_run
from cambrian.app.importing import find_incoming
from cambrian.app.workspace import Workspace
from cambrian.core.ids import RunId
from report import Figure, cost, finish, options

TASK = Path(__file__).parents[1] / "examples" / "multi_file"
LIST = [sys.executable, "-m", "cambrian", "runs", "list", "--json", "--workspace"]


async def copies(place: Path, runs: int) -> Workspace:
    """A workspace with so many runs of one real search."""
    first, many = Workspace(place / "first"), Workspace(place / "many")
    (place / "run.jsonl").unlink(missing_ok=True)
    async with first.reading() as found:
        await export_run(found, "last", place / "run.jsonl")
    (incoming,) = find_incoming(place / "run.jsonl")
    async with many.writing() as store:
        for number in range(runs):
            await store.restore(RunId(f"r-{number:05d}"), incoming.history(), epoch=0)
    return many


def median_cpu(workspace: Workspace, repeats: int) -> float:
    """Seconds of CPU that listing takes."""
    return statistics.median(cost([*LIST, str(workspace.path)]).cpu_s for _ in range(repeats))


def measure(place: Path, *, runs: int, evaluations: int, repeats: int) -> list[Figure]:
    """With kept lines, and without on a tenth."""
    evolve(TASK, budget=f"{evaluations}ev", seed=1, jobs=1, workspace=place / "first")
    few = anyio.run(copies, place, max(1, runs // 10))
    bare = median_cpu(Workspace(place / "none"), repeats)
    folded = bare + (median_cpu(few, 1) - bare) * runs / max(1, runs // 10)
    shutil.rmtree(few.path)
    many = anyio.run(copies, place, runs)
    anyio.run(many.keep_lines)
    kept = median_cpu(many, repeats)
    return [
        Figure(f"listing {runs} runs of {evaluations} evaluations, CPU", kept, "s", 2.0),
        Figure("the same command on an empty workspace, CPU", bare, "s"),
        Figure("control: every run folded, CPU, from a tenth", folded, "s"),
        Figure("kept ÷ folded", kept / folded, ""),
    ]


def main() -> int:
    """Measure and print."""
    parser = options(__doc__)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--evaluations", type=int, default=200)
    parser.add_argument("--repeat", type=int, default=5)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cambrian-benchmark-") as folder:
        figures = measure(Path(folder), runs=chosen.runs, evaluations=chosen.evaluations, repeats=chosen.repeat)
    return finish(figures, as_json=chosen.json, check=chosen.check)


if __name__ == "__main__":
    sys.exit(main())
