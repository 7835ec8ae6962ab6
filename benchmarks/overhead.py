"""What a framework itself costs: CPU per iteration with an instant proposer and a trivial evaluator, beside the peers.

    python benchmarks/overhead.py --check

Everybody makes the same program with another number in it and scores that number, one at a time. CPU is user + system
of the process that does the work and of everything that it starts; a long run less a short one, so that start-up
cancels out. Peers get their programs from a model on loopback whose own time is not counted (GEPA: from a function).
Cambrian runs every candidate in a fresh jail of level 3; the peers isolate nothing.

Each peer is installed into an environment of its own under ``--venvs`` (a temporary folder by default; a folder that
is named is kept and used again). Where a peer cannot be installed or run, its line is missing and the reason is told.
"""

from __future__ import annotations

import argparse
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import NamedTuple

import anyio

from cambrian.core.budget import Budget
from cambrian.core.evaluation import Objective
from cambrian.core.ids import RunId
from cambrian.core.limits import Limits
from cambrian.core.variant import Origin
from cambrian.journal.clock import SystemClock
from cambrian.journal.holder import this_process
from cambrian.journal.kernel import Run
from cambrian.journal.sqlite import SqliteStore
from cambrian.search.engine import Search
from cambrian.search.proposer import Candidate, Proposer, Scored
from cambrian.search.task import Framework, Task
from report import Figure, cost, finish, options

PEERS = Path(__file__).parent / "peers"
PROGRAM = (PEERS / "program.py").read_text(encoding="utf-8")
PACKAGES = {
    "openevolve": "openevolve==0.4.0",
    "shinka": "shinka-evolve==0.0.7",
    "gepa": "gepa==0.1.4",
    "skydiscover": "skydiscover==0.1.0",
}
CONFIG = """\
max_iterations: {iterations}
checkpoint_interval: 1000
log_level: "ERROR"
random_seed: 42
diff_based_{kind}: false
llm:
  {model}
  api_base: "http://127.0.0.1:{port}/v1"
  api_key: "none"
  timeout: 30
  retries: 0
evaluator:
  timeout: 20
  cascade_evaluation: false
  max_retries: 0
{rest}
"""


LONGEST_S = 180.0
"""Of one run of anybody."""


class Row(NamedTuple):
    """Somebody's way to do the work.

    Args:
        name: what the table says.
        peer: the environment that it needs; empty for Cambrian.
        share: the part of ``--iterations`` that the long run has; slow ones have less.
        command: (interpreter, port of the model, iterations, folder) → command.
    """

    name: str
    peer: str
    share: float
    command: Callable[[str, int, int, Path], list[str]]


class Number(Proposer):
    """Proposes the program with another number in it."""

    name = "number"

    async def propose(self, parents: Sequence[Scored], rng: Random) -> Candidate:
        """See `Proposer`."""
        del parents
        text = PROGRAM.replace("VALUE = 0.5", f"VALUE = {rng.random()!r}")
        return Candidate(files={"program.py": text}, origin=Origin(proposer="number"))


def task(folder: Path, evaluator: str, framework: Framework, evaluations: int) -> Task:
    """The work as a task, with a scorer of Cambrian's own or an evaluator as it is."""
    text = (PEERS / evaluator).read_text(encoding="utf-8") if framework else "def score(answer):\n    return answer\n"
    (folder / evaluator).write_text(text, encoding="utf-8")
    several = evaluator == "evaluator_process.py"
    limits = Limits(memory=2**30, processes=8) if several else Limits()
    return Task(
        name="trivial", folder=str(folder), program={"program.py": PROGRAM}, entry="program.py:run",
        evaluator=evaluator, evaluator_text=text, objectives=(Objective(name="combined_score"),),
        budget=Budget(evaluations=evaluations), framework=framework, limits=limits,
    )  # fmt: skip


async def search(folder: Path, evaluator: str, framework: Framework, evaluations: int) -> None:
    """A whole search with a SQLite journal, one job."""
    store, clock = await SqliteStore.open(folder / "journal.db"), SystemClock()
    run = await Run.create(store, kind="search", data={}, clock=clock, holder=this_process(), run=RunId("r-1"))
    chosen = task(folder, evaluator, framework, evaluations)
    async with run:
        await Search(run=run, task=chosen, seed=1, jobs=1, clock=clock, proposers=[Number()]).run()
    await store.aclose()


def own(evaluator: str, framework: str) -> Callable[[str, int, int, Path], list[str]]:
    """Cambrian's command."""

    def command(python: str, port: int, iterations: int, folder: Path) -> list[str]:
        del port
        return [python, __file__, "--work", str(folder), evaluator, framework, str(iterations)]

    return command


def openevolve(evaluator: str) -> Callable[[str, int, int, Path], list[str]]:
    """OpenEvolve's command."""

    def command(python: str, port: int, iterations: int, folder: Path) -> list[str]:
        model = 'primary_model: "instant"\n  primary_model_weight: 1.0'
        rest = "database:\n  num_islands: 3\n"
        text = CONFIG.format(iterations=iterations, port=port, kind="evolution", model=model, rest=rest)
        config = folder / "config.yaml"
        config.write_text(text.replace("evaluator:\n", "evaluator:\n  parallel_evaluations: 1\n"), encoding="utf-8")
        return [
            str(Path(python).with_name("openevolve-run")), str(PEERS / "program.py"), str(PEERS / evaluator),
            "-c", str(config), "--iterations", str(iterations), "-o", str(folder / "out"),
        ]  # fmt: skip

    return command


def skydiscover(python: str, port: int, iterations: int, folder: Path) -> list[str]:
    """SkyDiscover's command."""
    model = 'models:\n    - name: "instant"\n      weight: 1.0'
    text = CONFIG.format(iterations=iterations, port=port, kind="generation", model=model, rest="")
    config = folder / "config.yaml"
    config.write_text(text, encoding="utf-8")
    return [
        str(Path(python).with_name("skydiscover-run")), str(PEERS / "program.py"), str(PEERS / "evaluator_process.py"),
        "-c", str(config), "-s", "topk", "-i", str(iterations), "-o", str(folder / "out"),
        "--api-base", f"http://127.0.0.1:{port}/v1", "--model", "instant",
    ]  # fmt: skip


def shinka(evaluator: str) -> Callable[[str, int, int, Path], list[str]]:
    """ShinkaEvolve's command."""

    def command(python: str, port: int, iterations: int, folder: Path) -> list[str]:
        return [python, str(PEERS / "run_shinka.py"), str(port), str(iterations), evaluator, str(folder / "out")]

    return command


def gepa(python: str, port: int, iterations: int, folder: Path) -> list[str]:
    """GEPA's command."""
    del port
    return [python, str(PEERS / "run_gepa.py"), str(iterations), str(folder / "out")]


SPLIT, UNSPLIT = "cambrian, full jail, split", "cambrian, full jail, OpenEvolve's evaluator as it is"
REFERENCE = "OpenEvolve, subprocess evaluator"
ROWS = (
    Row(SPLIT, "", 1, own("evaluate.py", "")),
    Row(UNSPLIT, "", 1, own("evaluator.py", "openevolve")),
    Row("cambrian, full jail, subprocess evaluator as it is", "", 1, own("evaluator_process.py", "openevolve")),
    Row("cambrian, full jail, Shinka's evaluator as it is", "", 1, own("evaluator_shinka.py", "shinka")),
    Row(REFERENCE, "openevolve", 1, openevolve("evaluator_process.py")),
    Row("OpenEvolve, evaluator in its process", "openevolve", 1, openevolve("evaluator.py")),
    Row("ShinkaEvolve, evaluator without imports of theirs", "shinka", 0.2, shinka("evaluator_plain.py")),
    Row("ShinkaEvolve, run_shinka_eval", "shinka", 0.03, shinka("evaluator_shinka.py")),
    Row("GEPA, function as model, evaluator in its process", "gepa", 1, gepa),
    Row("SkyDiscover topk, subprocess evaluator", "skydiscover", 1, skydiscover),
)


def environment(venvs: Path, peer: str) -> str:
    """The interpreter of a peer's environment, made if it is not there.

    Raises:
        CalledProcessError: it cannot be installed.
    """
    folder = venvs / peer
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True, symlinks=True)
        command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", PACKAGES[peer]]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=900)
    return str(python)


@contextmanager
def model() -> Generator[int]:
    """The instant model; gives its port. Its own time is nobody's: it outlives all measurements."""
    command = [sys.executable, str(PEERS / "model.py")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield int(process.stdout.readline())
        finally:
            process.kill()


def quiet_cost(command: Sequence[str], home: Path) -> float:
    """CPU seconds of a command in an environment without keys and proxies, with a home of its own.

    Taken in a process of its own, which has no other children: the model is one of this one.

    Raises:
        OSError: the command failed, or took too long.
    """
    clean = ["env", "-i", f"PATH={os.environ['PATH']}", f"HOME={home}", "OPENAI_API_KEY=none", *command]
    done = subprocess.Popen(
        [sys.executable, __file__, "--cost", *clean], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        stdin=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        out, err = done.communicate(timeout=LONGEST_S)
    except subprocess.TimeoutExpired:
        os.killpg(done.pid, signal.SIGKILL)
        done.communicate()
        raise OSError(f"it took more than {LONGEST_S} s") from None
    if done.returncode:
        raise OSError(" ".join(err.split())[-400:])
    return float(out)


class Spent(NamedTuple):
    """CPU milliseconds of an iteration: one more of them, and one of the long run with the start shared out."""

    more: float
    whole: float


def per_iteration(row: Row, python: str, port: int, iterations: int, repeat: int) -> Spent:
    """Medians of both."""
    long = max(4, int(iterations * row.share))
    short = max(1, long // 10)
    found: list[Spent] = []
    for _ in range(repeat):
        spent: list[float] = []
        for count in (short, long):
            with tempfile.TemporaryDirectory(prefix="cambrian-overhead-") as folder:
                spent.append(quiet_cost(row.command(python, port, count, Path(folder)), Path(folder)))
        found.append(Spent(1000 * (spent[1] - spent[0]) / (long - short), 1000 * spent[1] / long))
    return Spent(statistics.median(item.more for item in found), statistics.median(item.whole for item in found))


def measure(chosen: set[str], venvs: Path, iterations: int, repeat: int) -> tuple[dict[str, Spent], dict[str, str]]:
    """Row → milliseconds, and row → why it could not be measured."""
    found: dict[str, Spent] = {}
    missing: dict[str, str] = {}
    with model() as port:
        for row in ROWS:
            if row.peer and row.peer not in chosen:
                missing[row.name] = "not asked for"
                continue
            try:
                python = environment(venvs, row.peer) if row.peer else sys.executable
                found[row.name] = per_iteration(row, python, port, iterations, repeat)
            except subprocess.CalledProcessError as error:
                missing[row.name] = f"cannot be installed: {str(error.stderr).strip()[-200:]}"
            except OSError as error:
                missing[row.name] = f"cannot be run: {error}"
    return found, missing


def figures(found: dict[str, Spent]) -> list[Figure]:
    """Milliseconds of everybody, and the two ratios that have a bound."""
    rows = [Figure(name, value.more, "ms") for name, value in found.items()]
    rows += [Figure(f"{name}; start shared out", value.whole, "ms") for name, value in found.items()]
    reference = found.get(REFERENCE)
    if reference is None:
        return rows
    ratios = {"split ÷ OpenEvolve's": SPLIT, "OpenEvolve's evaluator as it is ÷ OpenEvolve's": UNSPLIT}
    for text, name in ratios.items():
        rows.append(Figure(text, found[name].more / reference.more, "", 1 / 3))
        rows.append(Figure(f"{text}; start shared out", found[name].whole / reference.whole, ""))
    return rows


def main() -> int:
    """Measure and print."""
    parser = options(__doc__)
    parser.add_argument("--iterations", type=int, default=200, help="of the long run; the short one has a tenth")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--peers", default=",".join(PACKAGES), help="which, separated by commas; none: nobody")
    parser.add_argument("--venvs", type=Path, help="folder of the peers' environments; kept and used again")
    parser.add_argument("--work", nargs=4, metavar=("FOLDER", "EVALUATOR", "FRAMEWORK", "N"), help="used by itself")
    parser.add_argument("--cost", nargs=argparse.REMAINDER, help="used by itself")
    chosen = parser.parse_args()
    if chosen.cost:
        print(cost(chosen.cost).cpu_s)
        return 0
    if chosen.work:
        folder, evaluator, framework, count = chosen.work
        anyio.run(search, Path(folder), evaluator, framework, int(count))
        return 0
    with tempfile.TemporaryDirectory(prefix="cambrian-venvs-") as temporary:
        venvs = chosen.venvs.resolve() if chosen.venvs else Path(temporary)
        found, missing = measure(set(chosen.peers.split(",")), venvs, chosen.iterations, chosen.repeat)
    for name, reason in missing.items():
        print(f"{name}: {reason}", file=sys.stderr)
    told = figures(found)
    status = finish(told, as_json=chosen.json, check=chosen.check)
    return 1 if chosen.check and REFERENCE not in found else status


if __name__ == "__main__":
    sys.exit(main())
