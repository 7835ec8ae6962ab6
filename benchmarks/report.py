"""What the benchmarks share: figures with bounds, the CPU time of a tree of processes, the machine, a table or JSON."""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import platform
import resource
import subprocess
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple


@dataclass(frozen=True)
class Figure:
    """A measured number.

    Args:
        name: what it is.
        value: the number.
        unit: its unit.
        bound: what it must not exceed, if there is a bound; with ``at_least``, what it must reach.
        at_least: the bound is a lower one.
    """

    name: str
    value: float
    unit: str
    bound: float | None = None
    at_least: bool = False

    @property
    def ok(self) -> bool:
        """Whether the bound holds."""
        if self.bound is None:
            return True
        return self.value >= self.bound if self.at_least else self.value <= self.bound

    def row(self) -> str:
        """One line of the table."""
        sign = "≥" if self.at_least else "≤"
        bound = "" if self.bound is None else f"{sign} {self.bound:g}  {'ok' if self.ok else 'MISSED'}"
        return f"{self.name:<52} {self.value:>10.4g} {self.unit:<10} {bound}".rstrip()


class Cost(NamedTuple):
    """CPU and wall seconds."""

    cpu_s: float
    wall_s: float


_SET_CHILD_SUBREAPER = 36  # prctl(2)


@contextmanager
def spent() -> Generator[Callable[[], Cost]]:
    """What the processes started in it take, orphans included: they are adopted, and reaped at its end."""
    ctypes.CDLL(None, use_errno=True).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    taken: list[Cost] = []
    yield lambda: taken[0]
    wall_s = time.monotonic() - began
    _reap_adopted()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    taken.append(Cost(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall_s))


def cost(command: Sequence[str], *, echo: bool = False) -> Cost:
    """What a command takes, and everything that it starts, orphans included: they are adopted and reaped here.

    Args:
        command: the command. It must start no process that outlives it for long.
        echo: let it write to stdout.

    Raises:
        SystemExit: it failed.
    """
    with spent() as taken:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=None if echo else subprocess.DEVNULL)
        status = process.wait()
    if status:
        raise SystemExit(f"{' '.join(command)!r} ended with {status}")
    return taken()


def _reap_adopted() -> None:
    while True:
        try:
            os.wait()
        except ChildProcessError:
            return


def options(description: str | None) -> argparse.ArgumentParser:
    """A parser with what every benchmark takes: ``--json`` and ``--check``."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    parser.add_argument("--check", action="store_true", help="exit with 1 if a bound is missed")
    return parser


def machine() -> dict[str, str | int]:
    """What the figures were taken on."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())
    return {
        "cpu": model,
        "cores": len(os.sched_getaffinity(0)),
        "kernel": platform.release(),
        "python": platform.python_version(),
    }


def finish(figures: Sequence[Figure], *, as_json: bool, check: bool) -> int:
    """Print the figures; the exit status."""
    if as_json:
        print(json.dumps({"machine": machine(), "figures": [{**asdict(item), "ok": item.ok} for item in figures]}))
    else:
        print("  ".join(f"{key}: {value}" for key, value in machine().items()))
        print("\n".join(item.row() for item in figures))
    return 1 if check and not all(item.ok for item in figures) else 0
