"""What a person's command costs in a jail, on a copy of its project, beside the same command outside.

    python benchmarks/commands.py --check

Two projects: a small one with tests, and one of 100,000 lines, put together from the standard library's files. *start*
is a jail without a copy; *copy* is making it; *beyond the command* is what a run in a warm copy takes beyond the same
command outside: laying files over, and comparing and restoring the copy afterwards. CPU of all processes, of this one
included; medians over the rounds, inside and outside taking turns.
"""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import anyio

from cambrian.sandbox.commands import Commands
from report import Figure, finish, options

LINES = 100_000
TESTS = "from pkg import double\n\ndef test_double(tmp_path):\n    assert double(2) == 4\n"
NOTHING = ["-I", "-S", "-c", "pass"]
PYTEST = ["-m", "pytest", "-q", "-p", "no:cacheprovider"]


def small(folder: Path) -> Path:
    """A project with one test."""
    (folder / "pkg").mkdir(parents=True)
    (folder / "pkg" / "__init__.py").write_text("def double(x):\n    return 2 * x\n", encoding="utf-8")
    (folder / "test_it.py").write_text(TESTS, encoding="utf-8")
    return folder


def large(folder: Path, lines: int) -> tuple[Path, int]:
    """A project of so many lines, and how many files it has."""
    folder.mkdir()
    library = Path(sysconfig.get_path("stdlib"))
    found = 0
    count = 0
    for source in sorted(library.rglob("*.py")):
        if found >= lines:
            break
        if "site-packages" in source.parts:
            continue
        content = source.read_bytes()
        target = folder / source.relative_to(library)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        found += content.count(b"\n")
        count += 1
    return folder, count


def cpu() -> float:
    """Of this process and all that it has waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def outside(folder: Path, words: list[str]) -> float:
    """CPU seconds of a command as a person would run it."""
    before = cpu()
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run([sys.executable, *words], cwd=folder, check=True, capture_output=True, env=environment)
    return cpu() - before


async def inside(commands: Commands, words: list[str], changes: dict[str, str]) -> float:
    """CPU seconds of a run: of the jail's processes, and of this one."""
    before = time.process_time()
    result = await commands.run(["python", *words], changes=changes)
    if not result.passed:
        raise SystemExit(f"the command failed: {result!r}")
    return result.cpu_s + time.process_time() - before


async def measure(folder: Path, rounds: int, lines: int) -> list[Figure]:
    """All figures."""
    project = small(folder / "small")
    begun = time.perf_counter()
    commands = await Commands.start(project)
    started = time.perf_counter() - begun
    change = {"pkg/__init__.py": "def double(x):\n    return x + x\n"}
    pairs: dict[str, list[tuple[float, float]]] = {"python": [], "pytest": []}
    async with commands:
        await inside(commands, NOTHING, {})
        for _ in range(rounds):
            for name, words in (("python", NOTHING), ("pytest", PYTEST)):
                pairs[name].append((await inside(commands, words, change), outside(project, words)))
    place, files = large(folder / "large", lines)
    beyond: list[float] = []
    async with await Commands.start(place) as many:
        await inside(many, NOTHING, {})
        assert many.copied is not None
        for _ in range(rounds):
            took = await inside(many, NOTHING, {"abc.py": "x = 1\n"})
            beyond.append(took - outside(place, NOTHING))
    medians = {name: [statistics.median(column) for column in zip(*rows, strict=True)] for name, rows in pairs.items()}
    return [
        Figure("start of a jail: wall", started * 1000, "ms"),
        Figure(
            "small project: beyond the command: CPU", 1000 * (medians["python"][0] - medians["python"][1]), "ms", 15.0
        ),
        Figure("small project: pytest inside: CPU", 1000 * medians["pytest"][0], "ms"),
        Figure("small project: pytest inside / outside", medians["pytest"][0] / medians["pytest"][1], "ratio", 1.5),
        Figure(f"{lines:,} lines ({files} files): copy: CPU", 1000 * many.copied.cpu_s, "ms", 1000.0),
        Figure(f"{lines:,} lines: copy: size", many.copied.size / 2**20, "MiB"),
        Figure(f"{lines:,} lines: beyond the command: CPU", 1000 * statistics.median(beyond), "ms", 150.0),
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it."""
    parser = options(__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--lines", type=int, default=LINES, help="of the large project")
    chosen = parser.parse_args(arguments)
    folder = Path(tempfile.mkdtemp(prefix="cambrian-benchmark-"))
    try:
        figures = anyio.run(measure, folder, chosen.rounds, chosen.lines)
    finally:
        shutil.rmtree(folder)
    return finish(figures, as_json=chosen.json, check=chosen.check)


if __name__ == "__main__":
    sys.exit(main())
