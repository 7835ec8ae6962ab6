"""Attacks of a project's command: on what is outside, on the folder itself, and on the commands after it."""

from __future__ import annotations

import os
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from cambrian.core.errors import IsolationUnavailable
from cambrian.core.evaluation import Status
from cambrian.sandbox.commands import COMMAND_LIMITS, Commands, run_command

LIMITS = msgspec.structs.replace(
    COMMAND_LIMITS, wall=60.0, cpu=30.0, disk=32 * 2**20, memory=512 * 2**20, files=2000, processes=32
)
SECRET = "the key is 4711"
TREE = """
import hashlib, os
for top in ('.', os.environ['HOME'], os.environ['TMPDIR'], os.environ['CAMBRIAN_BESIDE'], '..'):
    for path, folders, names in sorted(os.walk(top)):
        for name in sorted(names):
            whole = os.path.join(path, name)
            content = os.readlink(whole).encode() if os.path.islink(whole) else open(whole, 'rb').read()
            print(whole, oct(os.lstat(whole).st_mode), hashlib.md5(content).hexdigest())
        for name in sorted(folders): print(os.path.join(path, name))
"""


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("outside") / "secret.txt"
    file.write_text(SECRET, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, outside: Path) -> Path:
    root = tmp_path_factory.mktemp("project")
    (root / "pkg").mkdir()
    (root / "pkg" / "mod.py").write_text("VALUE = 1\n")
    (root / "test_mod.py").write_text("assert 1 == 1\n")
    (root / "way_out").symlink_to(outside)
    (root / "folder_out").symlink_to(outside.parent)
    (root / "inside").symlink_to("pkg")
    return root


@pytest.fixture(scope="module")
async def commands(folder: Path, anyio_backend: str) -> AsyncIterator[Commands]:
    try:
        made = await Commands.start(folder, limits=LIMITS)
    except IsolationUnavailable as error:
        pytest.skip(f"needs jail.L3: {error}")
    yield made
    await made.aclose()


def python(code: str) -> list[str]:
    return ["python", "-I", "-S", "-c", code]


async def test_what_is_outside_cannot_be_read(commands: Commands, folder: Path, outside: Path) -> None:
    for path in (outside, "way_out", "folder_out/secret.txt", "/original/way_out", "/etc/shadow"):
        assert not (await commands.run(python(f"open({str(path)!r}).read()"))).passed
    told = await run_command(folder, python("print(open('way_out').read())"), limits=LIMITS, readable=[outside])
    assert told.stdout == f"{SECRET}\n"  # it is the jail that hides it, and nothing else


async def test_the_environment_holds_nothing(commands: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_KEY", SECRET)
    found = await commands.run(python("import os; print(os.environ)"))
    assert "PATH" in found.stdout
    assert SECRET not in found.stdout
    handed = await commands.run(python("import os; print(os.environ)"), environment={"API_KEY": SECRET})
    assert SECRET in handed.stdout


async def test_the_network_cannot_be_reached(commands: Commands) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        code = f"import socket; socket.create_connection(('127.0.0.1', {port}), 5)"
        assert not (await commands.run(python(code))).passed
        with socket.create_connection(("127.0.0.1", port), 5):
            pass


@pytest.mark.parametrize(
    "code",
    [
        "open('/original/pkg/mod.py', 'w').write('x')",
        "open('/original/new', 'w').write('x')",
        "import os; os.unlink('/original/pkg/mod.py')",
        "import os; os.chmod('/original/pkg/mod.py', 0o777)",
        "import os; os.utime('/original/pkg/mod.py', (0, 0))",
        "import os; os.rename('/original/pkg', '/original/gkp')",
        "import os; os.truncate('/original/pkg/mod.py', 0)",
    ],
)
async def test_the_original_cannot_be_changed(commands: Commands, folder: Path, code: str) -> None:
    file = folder / "pkg" / "mod.py"
    before = file.stat()
    assert not (await commands.run(python(code))).passed
    assert (await commands.run(python(code.replace("/original/", "")))).passed  # in the copy all that is allowed
    after = file.stat()
    assert file.read_text() == "VALUE = 1\n"
    assert (before.st_mtime_ns, before.st_mode) == (after.st_mtime_ns, after.st_mode)
    assert not (folder / "new").exists()


@pytest.mark.parametrize(
    "code",
    [
        "open('conftest.py', 'w').write('x'); open('test_mod.py', 'w').write('pass')",
        # a mapping moves no time stamp in a memory file system
        "import mmap; f = open('test_mod.py', 'r+b'); m = mmap.mmap(f.fileno(), 0); m[7:8] = b'2'; m.flush()",
        "import os; os.rename('pkg', 'old'); os.symlink(os.environ['HOME'], 'pkg')",
        "import os; os.unlink('inside'); os.mkdir('inside'); open('inside/mod.py', 'w').write('x')",
        "import os; os.mkdir('deep'); os.chmod('deep', 0); os.chmod('pkg', 0); os.chmod('test_mod.py', 0)",
        "import shutil, os; p = os.getcwd(); shutil.rmtree(p); os.symlink('/scratch/program/home', p)",
        "import shutil, os; p = os.getcwd(); shutil.rmtree(p); open(p, 'w').write('x')",
        "import shutil, os; h = os.environ['HOME']; shutil.rmtree(h); os.symlink(os.getcwd(), h)",
        "import os; [open(os.environ[n] + '/left', 'w') for n in ('HOME', 'TMPDIR', 'CAMBRIAN_BESIDE')]",
        "open('../left', 'w').write('x'); open('/dev/shm/left', 'w').write('x'); open('../entry.py', 'w').write('x')",
        "import os; os.link('test_mod.py', 'hard'); open('hard', 'r+').write('pass')",
        "import os; os.truncate('test_mod.py', 2**24)",
        "import os; os.chmod('..', 0)",
    ],
)
async def test_nothing_is_left_for_the_next_command(commands: Commands, code: str) -> None:
    before = await commands.run(python(TREE))
    assert before.passed, before.stderr
    attack = await commands.run(python(code))
    assert attack.passed, attack.stderr
    after = await commands.run(python(TREE))
    assert _without_own(after.stdout) == _without_own(before.stdout)


def _without_own(tree: str) -> list[str]:
    """Without the driver's own text, which it has in memory."""
    return [line for line in tree.splitlines() if "/entry.py " not in line]


async def test_folders_deeper_than_a_path_can_name_are_gone(commands: Commands) -> None:
    before = await commands.run(python(TREE))
    dig = "import os\nfor n in range(600):\n    os.mkdir('d' * 20)\n    os.chdir('d' * 20)\n"
    assert (await commands.run(python(dig))).passed
    assert _without_own((await commands.run(python(TREE))).stdout) == _without_own(before.stdout)


def _alive(mark: str) -> list[str]:
    found: list[str] = []
    for name in filter(str.isdecimal, os.listdir("/proc")):
        try:
            if mark in Path("/proc", name, "cmdline").read_bytes().decode(errors="replace"):
                found.append(name)
        except OSError:
            continue
    return found


async def test_no_process_is_left(commands: Commands) -> None:
    mark = "left-behind-4711"
    sleep = f"import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); {mark!r}; time.sleep(100)"
    code = (
        "import os, subprocess, sys, time\n"
        "for _ in range(3):\n"
        "    if os.fork() == 0:\n"
        "        os.setsid()\n"
        f"        subprocess.Popen([sys.executable, '-I', '-S', '-c', {sleep!r}])\n"
        "        os._exit(0)\n"
        "time.sleep(1)\n"
        "print('started')\n"
    )
    assert (await commands.run(python(code))).stdout == "started\n"
    assert not _alive(mark)


async def test_killing_the_driver_harms_one_run_only(commands: Commands) -> None:
    killed = await commands.run(python("import os, signal, time; os.kill(os.getppid(), signal.SIGKILL); time.sleep(9)"))
    assert killed.status in (Status.KILLED, Status.SIGNAL, Status.ERROR)
    assert (await commands.run(python("print(1)"))).stdout == "1\n"


async def test_a_fork_bomb_is_bounded(commands: Commands) -> None:
    bomb = "import os, time\nwhile True:\n    try: os.fork()\n    except OSError: time.sleep(0.1)"
    found = await commands.run(python(bomb), wall=3.0)
    assert found.status is Status.TIMEOUT
    assert (await commands.run(python("print(1)"))).stdout == "1\n"


async def test_memory_is_bounded(commands: Commands) -> None:
    hog = "blocks = []\nwhile True: blocks.append(bytearray(2**24))"
    many = f"import subprocess, sys\nfor _ in range(8): subprocess.Popen([sys.executable, '-c', {hog!r}])\n{hog}"
    found = await commands.run(python(many))
    assert found.status is Status.MEMORY or found.exit_code == 1
    assert (await commands.run(python("print(1)"))).stdout == "1\n"


async def test_the_disk_is_bounded(commands: Commands) -> None:
    found = await commands.run(python("f = open('x', 'wb')\nwhile True: f.write(b'x' * 2**20)"))
    assert not found.passed
    many = await commands.run(python("for n in range(10**6): open(f'f{n}', 'w')"))
    assert "No space left" in many.stderr
    assert (await commands.run(python("print(1)"))).stdout == "1\n"


async def test_what_a_command_reaches_of_the_driver(commands: Commands) -> None:
    code = (
        "import ctypes, os\n"
        "libc = ctypes.CDLL(None, use_errno=True)\n"
        "print(libc.ptrace(16, os.getppid(), 0, 0), os.path.exists(f'/proc/{os.getppid()}/mem'))\n"
        "buffer = ctypes.create_string_buffer(8)\n"
        "print(libc.syscall(310, os.getppid(), buffer, 1, buffer, 1, 0), libc.syscall(438, os.getppid(), 3, 0))\n"
        "try: print(os.read(3, 1))\n"
        "except OSError as error: print(error.errno)\n"
    )
    found = await commands.run(["python", "-c", code])
    assert found.stdout.split() == ["-1", "False", "-1", "-1", "9"]
