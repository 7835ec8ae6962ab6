"""The jail's contract, as `core.ports` writes it, at every level that a person can ask for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import cast

import anyio
import pytest

from cambrian.core.codec import decode, encode
from cambrian.core.errors import IsolationUnavailable, UsageError
from cambrian.core.limits import Level, Limits
from cambrian.core.ports import Exit, Program, Reply, Session
from cambrian.sandbox import CPythonJail
from cambrian.sandbox.treeclock import TreeClock

ADD = Program(files={"main.py": "def add(a, b):\n    return a + b\n"}, entry="main.py:add")


async def launched(jail: CPythonJail, program: Program, limits: Limits | None = None) -> Session:
    session = await jail.launch(program, limits or Limits())
    assert not isinstance(session, Exit), session
    return session


async def value(session: Session, *arguments: object) -> object:
    reply = await session.call(encode(arguments))
    assert isinstance(reply, Reply), reply
    assert not reply.raised, decode(reply.payload)
    return decode(reply.payload)


async def ask(jail: CPythonJail, source: str, *arguments: object, limits: Limits | None = None) -> object:
    session = await launched(jail, Program(files={"m.py": source}, entry="m.py:f"), limits)
    try:
        return await value(session, *arguments)
    finally:
        await session.close()


async def test_calls_are_answered_in_order(jail: CPythonJail) -> None:
    session = await launched(jail, ADD)
    assert [await value(session, i, 1) for i in range(5)] == [1, 2, 3, 4, 5]
    end = await session.close()
    assert (end.status, end.detail, end.level) == ("ok", "", jail.level)
    assert end.usage.cpu_s > 0
    assert end.usage.wall_s > 0
    assert end.usage.peak_bytes > 2**20


async def test_an_exception_leaves_the_program_there(jail: CPythonJail) -> None:
    session = await launched(jail, ADD)
    reply = await session.call(encode((1, "x")))
    assert isinstance(reply, Reply)
    assert reply.raised
    record = cast("dict[str, str]", decode(reply.payload))
    assert set(record) == {"type", "message", "traceback"}
    assert record["type"] == "TypeError"
    assert "return a + b" in record["traceback"]
    assert "runner" not in record["traceback"]
    assert await value(session, 1, 2) == 3
    await session.close()


async def test_state_lives_within_a_session(jail: CPythonJail) -> None:
    program = Program(files={"m.py": "n = 0\ndef f():\n    global n\n    n += 1\n    return n\n"}, entry="m.py:f")
    for _ in range(2):
        session = await launched(jail, program)
        assert [await value(session), await value(session)] == [1, 2]
        await session.close()


async def test_close_is_idempotent_and_final(jail: CPythonJail) -> None:
    session = await launched(jail, ADD)
    end = await session.close()
    assert await session.close() is end
    assert await session.call(encode((1, 2))) is end


@pytest.mark.parametrize(
    ("files", "entry", "said"),
    [
        ({"main.py": "def f(:\n"}, "main.py:f", "SyntaxError"),
        ({"main.py": "1 / 0\n"}, "main.py:f", "ZeroDivisionError"),
        ({"main.py": "import no_such_module\n"}, "main.py:f", "ModuleNotFoundError"),
        ({"main.py": "x = 1\n"}, "main.py:f", "has no function 'f'"),
        ({"main.py": "f = 1\n"}, "main.py:f", "has no function 'f'"),
        ({"main.py": ""}, "other.py:f", "has no file 'other.py'"),
    ],
)
async def test_what_cannot_be_loaded_is_an_error(
    jail: CPythonJail, files: dict[str, str], entry: str, said: str
) -> None:
    end = await jail.launch(Program(files=files, entry=entry), Limits())
    assert isinstance(end, Exit)
    assert end.status == "error"
    assert said in end.text
    assert await ask(jail, "def f():\n    return 1\n") == 1


async def test_programs_of_several_files(jail: CPythonJail) -> None:
    files = {
        "app/main.py": "from lib.shapes import area\nfrom lib import NAME\ndef f(r):\n    return NAME, area(r)\n",
        "lib/__init__.py": "NAME = 'circle'\n",
        "lib/shapes.py": "def area(r):\n    return 3 * r * r\n",
    }
    session = await launched(jail, Program(files=files, entry="app/main.py:f"))
    assert await value(session, 2) == ("circle", 12)
    await session.close()


async def test_source_can_be_inspected(jail: CPythonJail) -> None:
    source = "import inspect\ndef f():\n    return inspect.getsource(f)\n"
    assert await ask(jail, source) == "def f():\n    return inspect.getsource(f)\n"


async def test_large_values_cross_both_ways(jail: CPythonJail) -> None:
    big = list(range(200_000))
    assert await ask(jail, "def f(x):\n    return x[::-1]\n", big, limits=Limits(output=2**24)) == big[::-1]


async def test_time_is_taken_outside(jail: CPythonJail) -> None:
    source = """
import time
def f():
    end = time.process_time() + 0.1
    while time.process_time() < end: pass
    time.sleep(0.2)
"""
    session = await launched(jail, Program(files={"m.py": source}, entry="m.py:f"))
    reply = await session.call(encode(()))
    await session.close()
    assert isinstance(reply, Reply)
    assert 0.1 <= reply.cpu_s < 0.25
    assert reply.wall_s >= 0.3


async def test_what_is_printed_is_kept_at_its_end(jail: CPythonJail) -> None:
    session = await launched(jail, Program(files={"m.py": "def f():\n    print('x' * 5000 + 'end')\n"}, entry="m.py:f"))
    await value(session)
    assert (await session.close()).text.endswith("xend\n")


async def test_installed_packages_can_be_imported(jail: CPythonJail) -> None:
    if not any("site-packages" in path and (Path(path) / "msgspec").exists() for path in sys.path):
        return  # this interpreter gets its packages from elsewhere; nothing to show
    source = "def f():\n    import msgspec\n    return msgspec.json.encode([1]).decode()\n"
    import site

    known = [*site.getsitepackages(), site.getusersitepackages()]
    if any((Path(path) / "msgspec").exists() for path in known):
        assert await ask(jail, source) == "[1]"


async def test_without_site_they_cannot() -> None:
    jail = await CPythonJail.start(site=False)
    try:
        end = await jail.launch(Program(files={"m.py": "import msgspec\n"}, entry="m.py:f"), Limits())
        assert isinstance(end, Exit)
        assert "ModuleNotFoundError" in end.text
    finally:
        await jail.aclose()


async def test_preloaded_modules_are_there_and_free() -> None:
    jail = await CPythonJail.start(preload=("decimal", "xml.dom.minidom"))
    try:
        source = "import sys\ndef f():\n    return 'decimal' in sys.modules and 'xml.dom.minidom' in sys.modules\n"
        assert await ask(jail, source) is True
    finally:
        await jail.aclose()


async def test_a_preload_that_fails_is_named() -> None:
    with pytest.raises(IsolationUnavailable, match="preload 'no_such_module'"):
        await CPythonJail.start(preload=("no_such_module",))


async def test_numpy_random_differs_between_programs() -> None:
    try:
        jail = await CPythonJail.start(preload=("numpy", "numpy.random"))
    except IsolationUnavailable:
        return  # numpy is not among this interpreter's own packages
    try:
        source = "import numpy\ndef f():\n    return float(numpy.random.random())\n"
        assert len({await ask(jail, source) for _ in range(3)}) == 3
        array = await ask(jail, "import numpy\ndef f():\n    return numpy.arange(3.0)\n")
        assert str(array) == "[0. 1. 2.]"
    finally:
        await jail.aclose()


@pytest.mark.parametrize("path", [Path("relative"), Path("/no/such/path")])
async def test_a_readable_path_must_be_there(path: Path) -> None:
    with pytest.raises(UsageError, match="absolute and exist"):
        await CPythonJail.start(readable=(path,))


async def test_one_program_at_a_time(jail: CPythonJail) -> None:
    session = await launched(jail, ADD)
    with pytest.raises(RuntimeError, match="one program at a time"):
        await jail.launch(ADD, Limits())
    assert await value(session, 1, 1) == 2
    await session.close()
    assert await ask(jail, "def f():\n    return 1\n") == 1


@pytest.mark.parametrize("path", ["../x.py", "/x.py", "a//b.py", "./a.py", "", "a\0.py"])
async def test_files_stay_in_the_program_s_folder(jail: CPythonJail, path: str) -> None:
    with pytest.raises(UsageError, match="relative POSIX path"):
        await jail.launch(Program(files={path: "", "m.py": ""}, entry="m.py:f"), Limits())


async def test_limits_that_a_level_cannot_keep_are_refused(jail: CPythonJail) -> None:
    if jail.level == Level.L2:
        with pytest.raises(UsageError, match=r"limits.processes is 2"):
            await jail.launch(ADD, Limits(processes=2))
    if jail.level == Level.L3:
        with pytest.raises(UsageError, match=r"limits.disk"):
            await jail.launch(ADD, Limits(memory=2**20, disk=2**20))


async def test_limits_beyond_all_measure_are_taken(jail: CPythonJail) -> None:
    limits = Limits(wall=1e12, cpu=1e12, memory=2**80, output=2**80, disk=2**50, files=2**50)
    assert await ask(jail, "def f():\n    return 1\n", limits=limits) == 1


async def test_files_are_in_the_scratch_folder_at_level_3(jail: CPythonJail) -> None:
    if jail.level != Level.L3:
        return
    files = {"m.py": "def f():\n    return open('data/x.txt').read(), __file__\n", "data/x.txt": "hello"}
    session = await launched(jail, Program(files=files, entry="m.py:f"))
    assert await value(session) == ("hello", "/scratch/program/m.py")
    await session.close()


async def test_a_tree_of_processes_can_work_together(jail: CPythonJail) -> None:
    if jail.level != Level.L3:
        return
    source = """
import multiprocessing
def square(x): return x * x
def f(n):
    with multiprocessing.get_context("fork").Pool(2) as pool: return pool.map(square, range(n))
"""
    assert await ask(jail, source, 5, limits=Limits(processes=12)) == [0, 1, 4, 9, 16]


async def test_a_closed_jail_launches_nothing() -> None:
    jail = await CPythonJail.start(level=Level.L0)
    session = await launched(jail, ADD)
    await jail.aclose()
    await jail.aclose()
    assert isinstance(await session.call(encode((1, 2))), Exit)
    with pytest.raises(RuntimeError, match="closed"):
        await jail.launch(ADD, Limits())


async def test_two_jails_work_side_by_side() -> None:
    jails = [await CPythonJail.start(level=Level.L0) for _ in range(2)]
    seen: list[object] = []

    async def work(jail: CPythonJail) -> None:
        seen.extend([await ask(jail, "def f(x):\n    return x\n", i) for i in range(5)])

    async with anyio.create_task_group() as group:
        for jail in jails:
            group.start_soon(work, jail)
    for jail in jails:
        await jail.aclose()
    assert sorted(map(str, seen)) == sorted("0123401234")


async def test_the_default_level_is_at_least_2() -> None:
    jail = await CPythonJail.start()
    assert jail.level >= Level.L2
    assert (jail.level == Level.L3) == (jail.reasons == ())
    await jail.aclose()


FALLBACK = """
import sys, anyio
from cambrian.sandbox import CPythonJail, probe
from cambrian.core.limits import Level
from cambrian.core.errors import IsolationUnavailable
async def main():
    open("/proc/sys/user/max_user_namespaces", "w").write("0")
    jail = await CPythonJail.start()
    print(int(jail.level), jail.reasons)
    await jail.aclose()
    try: await CPythonJail.start(level=Level.L3)
    except IsolationUnavailable as error: print("L3 refused:", error)
    print("probe", {c.id: c.available for c in await probe()}["ns.user"])
anyio.run(main)
"""


def test_where_namespaces_are_off_it_says_so_and_falls_to_level_2() -> None:
    """In a user namespace of our own, where user namespaces are then switched off."""
    outer = ["unshare", "--user", "--map-root-user"]
    if subprocess.run([*outer, "true"], capture_output=True, check=False, timeout=60).returncode != 0:
        pytest.skip("needs ns.user: unshare cannot make one")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    run = subprocess.run(
        [*outer, sys.executable, "-c", FALLBACK],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env=environment,
    )
    lines = run.stdout.splitlines()
    assert len(lines) == 3, run.stderr
    assert lines[0].startswith("2 ('L3: unshare: ")
    assert lines[1].startswith("L3 refused: no jail of the level asked for: L3: unshare")
    assert lines[2] == "probe False"


def test_the_clock_of_a_dead_process_says_so() -> None:
    with subprocess.Popen(["true"]) as process:
        process.wait()
    with pytest.raises(ProcessLookupError):
        TreeClock(process.pid).seconds()
    with pytest.raises(ProcessLookupError):
        TreeClock(process.pid, process.pid)
    assert TreeClock(os.getpid()).seconds() > 0
