"""``cambrian doctor``: what this machine can isolate, compile and measure, found out by doing it.

Isolation is probed by the sandbox itself. Here: compilers (a program is compiled and run), instruction counts, the
disk under the workspace, cores, memory, Python.
"""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

import anyio
import anyio.to_thread
import msgspec

from cambrian.core.errors import CapabilityMissing
from cambrian.core.limits import Level
from cambrian.core.quantity import format_size
from cambrian.sandbox.probe import Capability, probe
from cambrian.sandbox.scripts.router.policy import PRESETS, floor

from .execution.catalogue import NAMES, find_driver
from .machine import usable_cores

_TIMEOUT_S = 30.0
_ROOM = 100 * 2**20
_C = '#include <stdio.h>\nint main(void) { puts("6 times 7 is 42"); return 0; }\n'
_CPP = '#include <iostream>\nint main() { std::cout << "6 times 7 is " << 6 * 7 << std::endl; }\n'
_RUST = 'fn main() { println!("6 times 7 is {}", 6 * 7); }\n'
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
"""Commands of browsers that can be driven without a screen."""
_LANGUAGES = (("python", ("monty", "cpython")), ("javascript", ("quickjs", "deno", "bun", "node")))
"""Language → its runtimes."""
_JS = "console.log(`6 times 7 is ${6 * 7}`);\n"


class Tool(msgspec.Struct, frozen=True, kw_only=True):
    """A program that turns a text into something that runs.

    Args:
        id: capability id.
        command: the program.
        source: file name and text of the trial.
        compiles: whether it makes an executable, rather than running the text.
        cost: what one loses without it.
        package: what to install.
    """

    id: str
    command: str
    source: tuple[str, str]
    compiles: bool = True
    cost: str = ""
    package: str = ""


_TOOLS = (
    Tool(id="compile.gcc", command="gcc", source=("hello.c", _C), cost="no C programs", package="gcc"),
    Tool(id="compile.gxx", command="g++", source=("hello.cpp", _CPP), cost="no C++ programs", package="g++"),
    Tool(id="compile.clang", command="clang", source=("hello.c", _C), cost="no second C compiler", package="clang"),
    Tool(id="compile.rustc", command="rustc", source=("hello.rs", _RUST), cost="no Rust programs", package="rustc"),
    Tool(
        id="run.node", command="node", source=("hello.js", _JS), compiles=False, cost="no JavaScript programs",
        package="nodejs",
    ),
)  # fmt: skip


async def examine(workspace: Path) -> list[Capability]:
    """Try everything.

    Args:
        workspace: the folder whose disk is measured; it need not exist, its nearest parent will do.
    """
    found = list(await probe())
    found += [await anyio.to_thread.run_sync(try_tool, tool) for tool in _TOOLS]
    found.append(await anyio.to_thread.run_sync(_callgrind))
    found.append(_browser())
    runtimes = await anyio.to_thread.run_sync(_script_runtimes)
    found += [*runtimes, *script_presets(found, runtimes), _tool_servers(), find_prover()]
    found += await anyio.to_thread.run_sync(_disk, workspace)
    return [*found, *_machine()]


def is_fit(found: Sequence[Capability]) -> bool:
    """Whether searches can run here: a jail of level 2 at least."""
    return any(item.available for item in found if item.id in ("jail.L2", "jail.L3"))


def try_tool(tool: Tool) -> Capability:
    """Compile and run a trial."""
    place = shutil.which(tool.command)
    fix = f"install {tool.package}, or leave it if you do not need it"
    if place is None:
        return Capability(id=tool.id, available=False, value="not found", cost_of_absence=tool.cost, fix=fix)
    with tempfile.TemporaryDirectory(prefix="cambrian-doctor-") as folder:
        name, text = tool.source
        (Path(folder) / name).write_text(text, encoding="utf-8")
        error = _run([place, "-o", "hello", name], folder)[0] if tool.compiles else ""
        if not error:
            error, output = _run(["./hello"] if tool.compiles else [place, name], folder)
            error = error or ("" if "42" in output else f"it printed {output[:80]!r}")
    return Capability(
        id=tool.id, available=not error, value=error or place, cost_of_absence=tool.cost, fix=fix if error else ""
    )


def _callgrind() -> Capability:
    """Instruction counts of a trivial program, which must come out as a number."""
    cost = "no deterministic instruction counts to guide a search for speed"
    place = shutil.which("valgrind")
    if place is None:
        fix = "install valgrind, or leave it if you do not need it"
        return Capability(id="callgrind", available=False, value="not found", cost_of_absence=cost, fix=fix)
    with tempfile.TemporaryDirectory(prefix="cambrian-doctor-") as folder:
        words = [place, "--tool=callgrind", "--callgrind-out-file=out", shutil.which("true") or "/bin/true"]
        error, _ = _run(words, folder)
        out = Path(folder) / "out"
        lines = out.read_text(encoding="utf-8", errors="replace").splitlines() if out.exists() else []
    counts = [line.partition(" ")[2] for line in lines if line.startswith(("summary:", "totals:"))]
    if error or not counts:
        return Capability(id="callgrind", available=False, value=error or "no count", cost_of_absence=cost)
    return Capability(id="callgrind", available=True, value=f"`true` takes {counts[0]}", cost_of_absence=cost)


def _browser() -> Capability:
    """A browser that can be driven without a screen. Only looked for: to start it takes longer than all the rest."""
    place = next(filter(None, map(shutil.which, BROWSERS)), None)
    return Capability(
        id="browser.chromium", available=place is not None, value=place or "not found",
        cost_of_absence="reports are not opened by the tests; making and reading them needs no browser here",
        fix="" if place else "install chromium, or leave it unless you change the report's page",
    )  # fmt: skip


def _script_runtimes() -> list[Capability]:
    """Which runtimes of scripts are installed; `cambrian runtimes` starts and times them."""
    found: list[Capability] = []
    for name in NAMES:
        try:
            driver, fix = find_driver(name), ""
        except CapabilityMissing as error:
            driver, fix = None, error.fix
        cost = f"scripts do not run on {name}; they take another runtime of their language, if one is here"
        found.append(
            Capability(
                id=f"runtime.{name}",
                available=driver is not None,
                value=driver.version if driver else "not found",
                cost_of_absence=cost,
                fix=fix,
            )
        )
    return found


def script_presets(jails: Sequence[Capability], runtimes: Sequence[Capability]) -> list[Capability]:
    """Which preset runs scripts of a language here, on what, and what to say where the usual one does not."""
    works = {item.id for item in jails if item.available}
    level = next((each for each in (Level.L3, Level.L2) if f"jail.{each.name}" in works), Level.L1)
    here = [item.id.removeprefix("runtime.") for item in runtimes if item.available]
    return [_presets_of(language, [name for name in here if name in names], level) for language, names in _LANGUAGES]


def _presets_of(language: str, here: Sequence[str], level: Level) -> Capability:
    allowed = {preset: [name for name in here if floor(preset).allows(name, level)] for preset in PRESETS}
    able = [preset for preset in PRESETS if allowed[preset]]
    told = "; ".join(f"{preset}: {', '.join(allowed[preset])}" for preset in able) or "no preset"
    fix = f"make jail.L3 work (see above){f', or write --preset {able[-1]}' if able else ''}"
    usual = "standard" in able
    return Capability(
        id=f"scripts.{language}", available=usual, value=f"at level {int(level)} {told}", fix="" if usual else fix,
        cost_of_absence=f"`cambrian run` refuses {language} scripts with its usual preset, standard",
    )  # fmt: skip


def _tool_servers() -> Capability:
    """Whether servers of the Model Context Protocol can be spoken with."""
    here = importlib.util.find_spec("mcp") is not None
    return Capability(
        id="tools.mcp",
        available=here,
        value=metadata.version("mcp") if here else "not found",
        cost_of_absence="no `cambrian mcp`, and scripts have no tools of servers (--mcp)",
        fix="" if here else "pip install cambrian[mcp]",
    )


def find_prover() -> Capability:
    """Whether all paths of a pair of functions can be looked through."""
    from cambrian.verify.symbolic import CAPABILITY, installed

    versions = installed()
    return Capability(
        id=CAPABILITY,
        available=bool(versions),
        value=versions or "not found",
        cost_of_absence="no `cambrian improve --prove`: what is the same is tested, not proved",
        fix="" if versions else "pip install cambrian[prove]",
    )


def _run(words: list[str], folder: str) -> tuple[str, str]:
    """What went wrong, in one line, and what was printed."""
    try:
        done = subprocess.run(
            words, cwd=folder, capture_output=True, timeout=_TIMEOUT_S, check=False, stdin=subprocess.DEVNULL
        )
    except subprocess.TimeoutExpired:
        return f"{words[0]} did not end within {_TIMEOUT_S:.0f} s", ""
    except OSError as error:
        return f"{words[0]}: {error.strerror}", ""
    if done.returncode:
        told = done.stderr.decode(errors="replace").strip().splitlines()
        return f"{words[0]} ended with {done.returncode}: {told[-1] if told else ''}"[:200], ""
    return "", done.stdout.decode(errors="replace")


def _disk(workspace: Path) -> list[Capability]:
    """Room under the workspace, and what it takes to make a write durable there."""
    folder = workspace.absolute()
    while not folder.is_dir():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    room = Capability(
        id="disk.room", available=free >= _ROOM, value=f"{format_size(free)} free at {folder}",
        cost_of_absence="a run stops when the disk is full (nothing half-written stays)",
        fix="" if free >= _ROOM else "make room, or choose another --workspace",
    )  # fmt: skip
    return [room, _sync(folder)]


def _sync(folder: Path) -> Capability:
    cost = "a loss of power may take the last moments of a run with it"
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            times: list[float] = []
            for _ in range(5):
                file.write(b"x" * 4096)
                file.flush()
                began = time.perf_counter()
                os.fsync(file.fileno())
                times.append(time.perf_counter() - began)
    except OSError as error:
        return Capability(
            id="disk.fsync", available=False, value=f"{folder}: {error.strerror}", cost_of_absence=cost,
            fix="choose a --workspace that you can write to",
        )  # fmt: skip
    return Capability(id="disk.fsync", available=True, value=f"{sorted(times)[2] * 1000:.2f} ms", cost_of_absence=cost)


def _mounting() -> Capability:
    """Whether a small file system can be mounted: tried, and taken away again."""
    with tempfile.TemporaryDirectory(prefix="cambrian-") as folder:
        error, _ = _run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], folder="/")
        if not error:
            error, _ = _run(["umount", folder], folder="/")
    return Capability(
        id="mount", available=not error, value=error or "tmpfs",
        cost_of_absence="the tests do not fill a disk; a search mounts in namespaces of its own (ns.mount)",
    )  # fmt: skip


def _machine() -> list[Capability]:
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    cores = usable_cores()
    return [
        Capability(
            id="arch.x86_64", available=platform.machine() == "x86_64", value=platform.machine(),
            cost_of_absence="the jail's filter of system calls was attacked on x86-64 only",
        ),
        Capability(
            id="cores", available=cores >= 2, value=f"{cores} usable of {os.cpu_count()}",
            cost_of_absence="one evaluation at a time", fix="",
        ),
        _mounting(),
        Capability(
            id="memory", available=pages >= 2**30, value=format_size(pages), cost_of_absence="fewer jobs fit",
        ),
        Capability(
            id="python", available=sys.version_info >= (3, 11), value=f"{platform.python_version()} {sys.executable}",
            cost_of_absence="Cambrian needs Python 3.11", fix="",
        ),
    ]  # fmt: skip
