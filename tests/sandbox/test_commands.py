"""Commands of a project: on a copy, with files laid over, put back after each."""

from __future__ import annotations

import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from cambrian.core.errors import IsolationUnavailable, UsageError
from cambrian.core.evaluation import Status
from cambrian.core.limits import Level
from cambrian.sandbox.commands import BESIDE, COMMAND_LIMITS, Commands, run_command
from cambrian.sandbox.interpreters import find_interpreter
from cambrian.sandbox.profile import make_profile

LIMITS = msgspec.structs.replace(COMMAND_LIMITS, wall=60.0, disk=32 * 2**20, memory=2**30)
TREE = (
    "import hashlib, os\n"
    "for path, folders, names in sorted(os.walk('.')):\n"
    "    for name in sorted(names):\n"
    "        print(os.path.join(path, name), hashlib.md5(open(os.path.join(path, name), 'rb').read()).hexdigest())\n"
    "    for name in sorted(folders): print(os.path.join(path, name))\n"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("project")
    (root / "src" / "pkg").mkdir(parents=True)
    (root / "src" / "pkg" / "__init__.py").write_text("VALUE = 1\n")
    (root / "data.bin").write_bytes(bytes(range(256)))
    (root / "run.sh").write_text("echo ran\n")
    (root / "run.sh").chmod(0o755)
    (root / ".git").mkdir()
    (root / ".git" / "config").write_text("[core]\n")
    (root / "node_modules" / "lib").mkdir(parents=True)
    (root / "node_modules" / "lib" / "index.js").write_text("1\n")
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


async def test_a_command_runs_in_the_place_of_the_folder(commands: Commands, folder: Path) -> None:
    found = await commands.run(python("import os; print(os.environ['PWD']); print(open('src/pkg/__init__.py').read())"))
    assert found.passed
    assert found.stdout.splitlines() == [str(folder), "VALUE = 1", ""]
    whole = await commands.run(python(f"print(open({str(folder / 'run.sh')!r}).read())"))
    assert "echo ran" in whole.stdout


async def test_changes_are_laid_over_for_one_run(commands: Commands) -> None:
    read = python("print(open('src/pkg/__init__.py').read(), end='')")
    changed = await commands.run(read, changes={"src/pkg/__init__.py": "VALUE = 2\n"})
    again = await commands.run(read)
    gone = await commands.run(read, changes={"src/pkg/__init__.py": None})
    assert (changed.stdout, again.stdout) == ("VALUE = 2\n", "VALUE = 1\n")
    assert gone.exit_code == 1
    assert "FileNotFoundError" in gone.stderr


async def test_new_files_and_folders_are_gone_at_the_next_run(commands: Commands) -> None:
    before = await commands.run(python(TREE))
    write = (
        "import os; os.makedirs('new/er'); open('new/er/x', 'w').write('1'); os.remove('run.sh'); os.chmod('src', 0)"
    )
    assert (await commands.run(python(write), changes={"added/by/us.txt": "1"})).passed
    assert (await commands.run(python(TREE))).stdout == before.stdout


async def test_what_is_not_copied(commands: Commands) -> None:
    code = "import os; print(os.path.exists('.git'), open('node_modules/lib/index.js').read().strip())"
    assert (await commands.run(python(code))).stdout == "False 1\n"
    with pytest.raises(UsageError, match="not copied"):
        await commands.run(python("pass"), changes={"node_modules/lib/index.js": "2\n"})


async def test_modes_stay(commands: Commands) -> None:
    found = await commands.run(["./run.sh"], changes={"run.sh": "#!/bin/sh\necho changed\n"})
    assert found.stdout == "changed\n"


async def test_files_come_back(commands: Commands) -> None:
    code = (
        "import os; open('out.txt', 'wb').write(b'\\xff'); open(os.environ['CAMBRIAN_BESIDE'] + '/y', 'w').write('z')"
    )
    found = await commands.run(python(code), changes={BESIDE + "x": "1"}, collect=["*.txt", "data.bin", BESIDE + "*"])
    assert found.files == {"out.txt": b"\xff", "@beside/x": b"1", "@beside/y": b"z"}


async def test_exit_codes_streams_and_stdin(commands: Commands) -> None:
    code = "import sys; print(sys.stdin.read()[::-1]); print('no', file=sys.stderr); sys.exit(3)"
    found = await commands.run(python(code), stdin=b"abc" * 100_000)
    assert (found.status, found.exit_code, found.passed) == (Status.OK, 3, False)
    assert (found.stdout, found.stderr) == ("cba" * 100_000 + "\n", "no\n")


async def test_a_program_that_is_not_there(commands: Commands) -> None:
    found = await commands.run(["no-such-program"])
    assert (found.status, found.exit_code) == (Status.ERROR, None)
    assert "no-such-program" in found.detail


async def test_limits_end_a_run_and_not_the_next(commands: Commands) -> None:
    endless = await commands.run(python("while True: pass"), wall=1.0)
    busy = await commands.run(python("while True: pass"), cpu=1.0)
    killed = await commands.run(python("import os; os.abort()"))
    assert (endless.status, endless.exit_code) == (Status.TIMEOUT, None)
    assert (busy.status, busy.detail) in {(Status.TIMEOUT, "cpu"), (Status.TIMEOUT, "wall")}
    assert (killed.status, killed.detail) == (Status.SIGNAL, "SIGABRT")
    assert (await commands.run(python("print(1)"))).stdout == "1\n"


async def test_long_output_keeps_its_end(commands: Commands) -> None:
    found = await commands.run(python("import sys\nfor n in range(3_000_000): sys.stdout.write(f'{n}\\n')"))
    assert found.passed
    assert found.stdout.endswith("2999999\n")
    assert found.cut[0] + len(found.stdout) == sum(len(f"{n}\n") for n in range(3_000_000))


async def test_cpu_of_the_whole_tree_is_told(commands: Commands) -> None:
    burn = "import time\nuntil = time.process_time() + 0.3\nwhile time.process_time() < until: pass"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-I', '-S', '-c', {burn!r}])"
    found = await commands.run(python(code))
    assert found.passed
    assert found.cpu_s > 0.25


@pytest.mark.parametrize("path", ["../x", "/etc/x", "a/../../x", "", "a//b"])
async def test_changes_outside_are_refused(commands: Commands, path: str) -> None:
    with pytest.raises(UsageError, match="relative to the folder"):
        await commands.run(python("pass"), changes={path: "1"})


async def test_no_command_is_refused(commands: Commands) -> None:
    with pytest.raises(UsageError, match="no command"):
        await commands.run([])


async def test_a_copy_that_does_not_fit_is_told(tmp_path: Path, commands: Commands) -> None:
    (tmp_path / "large").mkdir()
    for number in range(20):
        (tmp_path / "large" / str(number)).write_bytes(b"x" * 2**20)
    small = msgspec.structs.replace(LIMITS, disk=8 * 2**20)
    with pytest.raises(UsageError, match=r"large 20MiB.*\(linked\)"):
        await run_command(tmp_path, python("pass"), limits=small)
    async with await Commands.start(tmp_path, limits=small, linked=["large"]) as fitting:
        found = await fitting.run(python("print(len(open('large/3').read()))"))
    assert found.stdout == f"{2**20}\n"


async def test_tests_run_with_the_environment_of_the_interpreter(folder: Path, commands: Commands) -> None:
    found = await commands.run(["python", "-c", "import pytest, sys; print(sys.prefix)"])
    assert found.stdout == f"{sys.prefix}\n"


async def test_no_level_below_two(folder: Path) -> None:
    with pytest.raises(UsageError, match="level 3 or 2"):
        await Commands.start(folder, level=Level.L1)


SERVED = """
import http.server, socket, threading, urllib.request
server = http.server.HTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(urllib.request.urlopen(f"http://localhost:{server.server_port}/run.sh").read())
with socket.create_server(("::1", 0), family=socket.AF_INET6) as six:
    socket.create_connection(six.getsockname()[:2]).close()
import asyncio
async def streams():
    async def answer(reader, writer):
        writer.write(await reader.readline())
        await writer.drain()
        writer.close()
    made = await asyncio.start_server(answer, "localhost", 0)
    reader, writer = await asyncio.open_connection("localhost", made.sockets[0].getsockname()[1])
    writer.write(b"echoed\\n")
    print(await reader.readline())
asyncio.run(streams())
"""


async def test_a_server_of_the_tests_own_answers_on_loopback(commands: Commands) -> None:
    for _ in range(2):  # nothing of the first is there for the second
        found = await commands.run(["python", "mod.py"], changes={"mod.py": SERVED}, wall=30.0)
        assert found.passed, found.stderr
        assert found.stdout.count("ran\\n") == 1
        assert "echoed" in found.stdout


ELSEWHERE = """
import socket
def tried(what):
    try:
        what()
    except OSError as error:
        print(type(error).__name__, error.errno)
    else:
        print("open")
tried(lambda: socket.create_connection(("127.0.0.1", PORT), 3))
tried(lambda: socket.create_connection(("192.0.2.1", 80), 3))
tried(lambda: socket.create_connection(("2001:db8::1", 80), 3))
tried(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("192.0.2.1", 53)))
tried(lambda: socket.socket(socket.AF_UNIX))
tried(lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW))
tried(lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1))
tried(lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW))
"""


async def test_nothing_of_the_machine_nor_beyond_is_reached(commands: Commands, folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        text = ELSEWHERE.replace("PORT", str(server.getsockname()[1]))
        inside = await commands.run(["python", "mod.py"], changes={"mod.py": text}, wall=30.0)
        server.settimeout(0.2)
        with pytest.raises(TimeoutError):
            server.accept()
        socket.create_connection(server.getsockname()).close()  # it is there
        server.accept()[0].close()
    lines = inside.stdout.split("\n")[:-1]
    assert len(lines) == 8, inside.stderr
    assert "open" not in lines
    assert lines[0].startswith("ConnectionRefusedError")


@pytest.fixture(scope="module")
async def plain(folder: Path, anyio_backend: str) -> AsyncIterator[Commands]:
    try:
        made = await Commands.start(folder, limits=LIMITS, level=Level.L2)
    except IsolationUnavailable as error:
        pytest.skip(f"needs jail.L2: {error}")
    yield made
    await made.aclose()


MODULE = {"mod.py": "import sys; sys.path.insert(0, 'src'); import pkg; print(pkg.VALUE, sys.argv[1:]); sys.exit(3)\n"}


async def test_a_module_runs_in_place_at_level_two(plain: Commands) -> None:
    found = await plain.run(["python", "-m", "mod", "x"], changes=MODULE)
    changed = await plain.run(["python", "-m", "mod"], changes={**MODULE, "src/pkg/__init__.py": "VALUE = 2\n"})
    gone = await plain.run(["python", "-m", "mod"])
    assert (found.status, found.exit_code, found.stdout) == (Status.OK, 3, "1 ['x']\n")
    assert changed.stdout == "2 []\n"
    assert (gone.exit_code, "No module named mod" in gone.stderr) == (1, True)


async def test_tests_run_in_place_at_level_two(plain: Commands) -> None:
    test = {"test_it.py": "from src.pkg import VALUE\ndef test_it():\n    assert VALUE == 1\n"}
    words = ["pytest", "-q", "test_it.py"]
    passed = await plain.run(words, changes=test)
    failed = await plain.run(words, changes={**test, "src/pkg/__init__.py": "VALUE = 2\n"})
    assert passed.passed, passed.stdout + passed.stderr
    assert (failed.exit_code, "assert 2 == 1" in failed.stdout) == (1, True)


@pytest.mark.parametrize(
    ("code", "status", "exit_code"),
    [
        ("while True: pass", Status.TIMEOUT, None),
        ("import os; os._exit(4)", Status.OK, 4),
        ("import os; os.abort()", Status.SIGNAL, None),
        ("open('src/pkg/__init__.py', 'a')", Status.OK, 1),
        ("import subprocess; subprocess.run(['true'])", Status.OK, 1),
        ("import socket; socket.create_connection(('127.0.0.1', 9))", Status.OK, 1),
        ("open('/etc/passwd').read()", Status.OK, 1),
        ("import atexit; atexit.register(print, 'bye'); raise ValueError", Status.OK, 1),
    ],
)
async def test_what_happens_at_level_two(plain: Commands, code: str, status: Status, exit_code: int | None) -> None:
    found = await plain.run(["python", "-m", "mod"], changes={"mod.py": code}, wall=2.0)
    assert (found.status, found.exit_code) == (status, exit_code), found.stderr
    assert ("bye" in found.stdout) == ("bye" in code)


async def test_what_level_two_cannot_do_is_told(plain: Commands, folder: Path) -> None:
    with pytest.raises(UsageError, match="only python -m MODULE can run"):
        await plain.run(["./run.sh"])
    with pytest.raises(UsageError, match="nothing can be brought back"):
        await plain.run(["pytest"], collect=["*"])
    with pytest.raises(UsageError, match="not copied"):
        await plain.run(["pytest"], changes={"node_modules/x": "1"})
    other = Path("/usr/bin/python3")
    if other.exists():
        with pytest.raises(IsolationUnavailable, match="another one"):
            await Commands.start(folder, level=Level.L2, python=other)


async def test_a_folder_that_holds_the_interpreter_is_refused() -> None:
    with pytest.raises(UsageError, match="has to be readable in its own place"):
        await Commands.start(Path(sys.base_prefix).parent)


def test_a_project_may_hold_the_environment_that_runs_this() -> None:
    project = Path(sys.prefix).parent
    if sys.prefix == sys.base_prefix or Path(sys.base_prefix).is_relative_to(project):
        return
    profile = make_profile(Level.L3, (), (), site_packages=True, copied=project)
    assert profile["copied"] == str(project.resolve())


def test_the_environment_of_the_folder_is_taken(tmp_path: Path) -> None:
    environment = tmp_path / ".venv"
    (environment / "bin").mkdir(parents=True)
    (environment / "bin" / "python").symlink_to(Path(sys.executable).resolve())
    (environment / "pyvenv.cfg").write_text(f"home = {Path(sys.executable).resolve().parent}\n")
    found = find_interpreter(tmp_path)
    assert found.program == environment / "bin" / "python"
    assert not any(path.is_relative_to(tmp_path) for path in found.readable)


def test_an_environment_cannot_make_a_home_readable(tmp_path: Path) -> None:
    home, project = tmp_path / "home", tmp_path / "project"
    (home / "bin").mkdir(parents=True)
    (home / "bin" / "secret").write_text("x")
    (project / ".venv" / "bin").mkdir(parents=True)
    (project / ".venv" / "bin" / "python").symlink_to(Path(sys.executable).resolve())
    (project / ".venv" / "pyvenv.cfg").write_text(f"home = {home / 'bin'}\n")
    assert not any(path.is_relative_to(home) for path in find_interpreter(project).readable)


def test_a_linked_environment_is_only_taken_when_named(tmp_path: Path) -> None:
    outside, project = tmp_path / "outside", tmp_path / "project"
    (outside / "bin").mkdir(parents=True)
    (outside / "bin" / "python").symlink_to(Path(sys.executable).resolve())
    (outside / "pyvenv.cfg").write_text(f"home = {Path(sys.executable).resolve().parent}\n")
    project.mkdir()
    (project / ".venv").symlink_to(outside)
    assert find_interpreter(project).program == Path(sys.executable)
    assert outside in find_interpreter(project, outside).readable


def test_a_python_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="neither an interpreter"):
        find_interpreter(tmp_path, tmp_path / "nothing")
