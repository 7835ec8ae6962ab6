"""Scripts that break their workers, a thousand among a thousand good ones, through `Sandbox`: who suffers?

    python benchmarks/poisoning.py --check

The bad ones end their process, crash it, take all memory, never end, print without end or hide what they are; the good
ones ask for a value and, every third, for a tool's answer. Two of each runtime run at a time, in an order that is drawn
from a seed. After a tenth of them the host's descriptors, processes and resident memory are counted, and half-way
and in the end: whatever a broken worker leaves behind would show a hundred times over.
"""

from __future__ import annotations

import asyncio
import gc
import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

from cambrian.app.execution.results import Execution
from cambrian.app.execution.running import Sandbox
from cambrian.core.limits import Limits
from cambrian.core.script import Language
from report import Figure, finish, options

ROOMY = Limits(wall=60.0, cpu=60.0, memory=64 * 2**20, output=2**14, disk=2**20)
SHORT = Limits(wall=0.15, cpu=5.0, memory=64 * 2**20, output=2**14, disk=2**20)
_AT_A_TIME = 4
_SHARE = {"cpython": 34, "quickjs": 34, "monty": 22, "deno": 5, "node": 5}
"""Of a hundred scripts, if the runtime is here. Engines that are processes of their own take ten times as long."""
_PYTHON = {
    "memory": "x = []\nwhile True:\n    x.append('a' * 10000)",
    "loop": "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
    "flood": "for i in range(10 ** 6): print('x' * 100)",
    "recursion": "def f(): return f()\nf()",
    "huge value": "'x' * 2 ** 21",
}
_CPYTHON = {
    **_PYTHON,
    "exit": "import os\nos._exit(0)",
    "segmentation fault": "import ctypes\nctypes.string_at(0)",
    "abort": "import os\nos.abort()",
    "signal": "import os\nos.kill(os.getpid(), 9)",
    "refused": "import socket\nsocket.socket()",
    "descriptors": "import os\nx = [os.dup(2) for _ in range(10 ** 6)]",
    "threads": "import threading as t\nfor _ in range(10 ** 5): t.Thread(target=t.Event().wait).start()",
    "closes everything": "import os\nos.closerange(0, 256)\n1",
}
_JAVASCRIPT = {
    "memory": "const x = []\nfor (;;) x.push(new Array(10000).fill(0.5))",
    "buffers": "const x = []\nfor (;;) x.push(new Uint8Array(2 ** 20).fill(1))",
    "loop": "for (;;) { try { for (;;) {} } catch {} finally { continue } }",
    "native loop": "const t = 'a'.repeat(2 ** 22)\nfor (;;) t.indexOf('ab')",
    "flood": "for (let i = 0; i < 1e6; i++) console.log('x'.repeat(100))",
    "recursion": "function f() { return 1 + f() }\nf()",
    "huge value": "'x'.repeat(2 ** 21)",
    "waits": "await new Promise(() => {})",
}
_ENGINE = {
    **_JAVASCRIPT,
    "exit": "if (globalThis.Deno) Deno.exit(0)\nprocess.exit(0)",
    "abort": "(await import('node:process')).abort()",
}
BAD = {"cpython": _CPYTHON, "monty": _PYTHON, "quickjs": _JAVASCRIPT, "deno": _ENGINE, "node": _ENGINE}
_QUICK = frozenset({"loop", "native loop"})


class Job(NamedTuple):
    """A script: on which runtime, its number, and what it does wrong; "" for a good one."""

    runtime: str
    number: int
    wrong: str


class Done(NamedTuple):
    """What came of it."""

    job: Job
    ok: bool
    told: str
    took_s: float


class Held(NamedTuple):
    """What this process holds."""

    descriptors: int
    processes: int
    resident_mib: float


def add(a: int, b: int) -> int:
    """Add two numbers."""
    return a + b


def main() -> int:
    """Run them all."""
    parser = options(__doc__)
    parser.add_argument("--scripts", type=int, default=1000, help="bad ones, and as many good ones (default: 1000)")
    parser.add_argument("--seed", type=int, default=1, help="of their order (default: 1)")
    parser.add_argument("--explain", action="store_true", help="tell on stderr how each kind of bad script ended")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cambrian-poison-") as folder:
        figures, told = asyncio.run(measure(given.scripts, given.seed, Path(folder)))
    if given.explain:
        sys.stderr.write(told)
    return finish(figures, as_json=given.json, check=given.check)


async def measure(count: int, seed: int, folder: Path) -> tuple[list[Figure], str]:
    """The figures, and how each kind ended."""
    began = time.monotonic()
    async with Sandbox(limits=ROOMY, workers=2, workspace=folder) as sandbox:
        jobs = _jobs(sandbox, count, Random(seed))
        first, half = max(len(jobs) // 10, 1), len(jobs) * 55 // 100
        await _run(sandbox, [Job(name, 0, "") for name in {job.runtime for job in jobs} for _ in range(_AT_A_TIME)])
        done = await _run(sandbox, jobs[:first])
        before = await _held()
        done += await _run(sandbox, jobs[first:half])
        amid = await _held()
        done += await _run(sandbox, jobs[half:])
        after = await _held()
    good = [each for each in done if not each.job.wrong]
    bad = [each for each in done if each.job.wrong]
    ends = Counter((each.job.runtime, each.job.wrong, each.told) for each in done if each.job.wrong or not each.ok)
    told = "".join(f"{number:5} {' | '.join(each)}\n" for each, number in sorted(ends.items()))
    times = sorted(each.took_s * 1e3 for each in good)
    return [
        Figure("good scripts", len(good), "", bound=count, at_least=True),
        Figure("good scripts with a wrong or no answer", sum(not each.ok for each in good), "", bound=0),
        Figure("bad scripts", len(bad), "", bound=count, at_least=True),
        Figure("bad scripts that were not told as such", sum(not each.ok for each in bad), "", bound=0),
        Figure("descriptors of the host more than after a tenth", after.descriptors - before.descriptors, "", bound=8),
        Figure("processes of the host more than after a tenth", after.processes - before.processes, "", bound=4),
        Figure("memory of the host more than after a tenth", after.resident_mib - before.resident_mib, "MiB", bound=16),
        Figure("of that, in the second half of what came then", after.resident_mib - amid.resident_mib, "MiB", bound=6),
        Figure("good script, median", statistics.median(times), "ms"),
        Figure("good script, 95 of 100", times[int(0.95 * (len(times) - 1))], "ms"),
        Figure("all of it", time.monotonic() - began, "s"),
    ], told


def _jobs(sandbox: Sandbox, count: int, rng: Random) -> list[Job]:
    """As many bad ones as good ones, shuffled."""
    here = {*sandbox.catalogue.here("python"), *sandbox.catalogue.here("javascript")}
    names = [name for name in _SHARE if name in here]
    drawn = rng.choices(names, [_SHARE[name] for name in names], k=count)
    jobs = [Job(name, number, "") for number, name in enumerate(drawn)]
    seen: Counter[str] = Counter()
    for number, name in enumerate(drawn):
        kinds = [*BAD[name]]
        jobs.append(Job(name, count + number, kinds[seen[name] % len(kinds)]))
        seen[name] += 1
    rng.shuffle(jobs)
    return jobs


async def _run(sandbox: Sandbox, jobs: Sequence[Job]) -> list[Done]:
    left, done = list(reversed(jobs)), list[Done]()

    async def work() -> None:
        while left:
            done.append(await _one(sandbox, left.pop()))

    await asyncio.gather(*(work() for _ in range(_AT_A_TIME)))
    return done


async def _one(sandbox: Sandbox, job: Job) -> Done:
    language: Language = "python" if job.runtime in {"cpython", "monty"} else "javascript"
    limits = SHORT if job.wrong in _QUICK else ROOMY
    began = time.perf_counter()
    result = await sandbox.run(
        _code(job, language), language=language, runtime=job.runtime, tools=(add,), limits=limits
    )
    took_s = time.perf_counter() - began
    return Done(job, _is_right(job, result), f"{result.status} {_brief(result)}", took_s)


def _code(job: Job, language: Language) -> str:
    mark = "#" if language == "python" else "//"
    if job.wrong:
        return f"{mark} {job.number}\n{BAD[job.runtime][job.wrong]}"
    if job.number % 3:
        return f"{job.number} + 1"
    return f"add({job.number}, 1)" if language == "python" else f"await add({job.number}, 1)"


def _is_right(job: Job, result: Execution) -> bool:
    """A good one has its value; a bad one has not, unless closing what it had was no harm to its answer."""
    if job.wrong:
        return not result.ok or (job.wrong == "closes everything" and result.value == 1)
    return result.ok and result.value == job.number + 1


def _brief(result: Execution) -> str:
    return result.error.type if result.error else ""


async def _held() -> Held:
    """After a moment in which the broken workers are replaced."""
    await asyncio.sleep(1.0)
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    resident = pages * os.sysconf("SC_PAGE_SIZE") / 2**20
    return Held(len(os.listdir("/proc/self/fd")), len(_descendants(os.getpid())), resident)


def _descendants(pid: int) -> set[int]:
    below: set[int] = set()
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = {int(child) for child in task.read_text(encoding="ascii").split()}
        except OSError:
            continue
        below |= children.union(*map(_descendants, children))
    return below


if __name__ == "__main__":
    sys.exit(main())
