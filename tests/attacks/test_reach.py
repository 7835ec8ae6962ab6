"""Attacks on what is outside: files, environment, network, other processes, the kernel."""

from __future__ import annotations

import os
import platform
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from cambrian.core.limits import Level, Limits
from cambrian.core.ports import Exit, Program
from cambrian.sandbox import CPythonJail

from .stage import BOUNDED, play, still_works

SECRET = "the expected output is 42"


@pytest.fixture
def evaluator(tmp_path: Path) -> Path:
    path = tmp_path / "evaluate.py"
    path.write_text(SECRET, encoding="utf-8")
    path.chmod(0o644)
    return path


READ = "def attack(path):\n    with open(path) as file: return file.read()\n"


async def test_the_evaluator_cannot_be_read(cage: CPythonJail, open_air: CPythonJail, evaluator: Path) -> None:
    assert (await play(open_air, READ, str(evaluator))).value == SECRET
    hidden = await play(cage, READ, str(evaluator))
    if cage.level == Level.L3:
        assert hidden.raised.startswith("FileNotFoundError")
    else:
        assert hidden.end == ("denied", "file")


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "/proc/self/environ", "/proc/1/environ", "/proc/self/maps", "/sys/power"]
)
async def test_other_files_cannot_be_read(cage: CPythonJail, path: str) -> None:
    result = await play(cage, READ, path)
    assert result.value is None
    assert result.raised.startswith("FileNotFoundError") or result.end == ("denied", "file")


async def test_scorer_profile_reads_its_folder_and_no_more(evaluator: Path, cage: CPythonJail) -> None:
    jail = await CPythonJail.start(level=cage.level, readable=(evaluator.parent,), site=False)
    try:
        assert (await play(jail, READ, str(evaluator))).value == SECRET
        write = "def attack(path):\n    open(path, 'a').write('x')\n"
        assert (await play(jail, write, str(evaluator))).end == ("denied", "file")
        assert evaluator.read_text(encoding="utf-8") == SECRET
        other = await play(jail, READ, "/etc/passwd")
        assert other.value is None
    finally:
        await jail.aclose()


ENVIRONMENT = """
import os, ctypes
def attack():
    found = [*os.environ, *os.environ.values()]
    libc = ctypes.CDLL(None)
    libc.getenv.restype = ctypes.c_char_p
    found.append((libc.getenv(b"CANARY") or b"").decode())
    for pid in ("self", "1", str(os.getppid())):
        try: found.append(open(f"/proc/{pid}/environ").read())
        except OSError: pass
    environ = ctypes.POINTER(ctypes.c_char_p).in_dll(libc, "environ")
    i = 0
    while environ[i]:
        found.append(environ[i].decode()); i += 1
    return "\\n".join(found)
"""


async def test_the_environment_of_the_host_is_nowhere(cage: CPythonJail, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CANARY", "yellow-bird")
    control = subprocess.run(
        [sys.executable, "-c", ENVIRONMENT + "print(attack())"], capture_output=True, text=True, check=True, timeout=60
    )
    assert "yellow-bird" in control.stdout
    jail = await CPythonJail.start(level=cage.level)
    try:
        seen = (await play(jail, ENVIRONMENT)).value
    finally:
        await jail.aclose()
    assert isinstance(seen, str)
    assert "LANG" in seen
    assert "yellow-bird" not in seen


async def test_no_memory_of_the_engine_is_inherited(cage: CPythonJail) -> None:
    source = """
import sys
def attack():
    return sorted(name for name in sys.modules if name.startswith(("cambrian", "msgspec", "anyio")))
"""
    assert (await play(cage, source)).value == []


DESCRIPTORS = """
import os
def attack():
    found = {}
    for fd in range(1024):
        try: found[fd] = os.fstat(fd).st_mode >> 12
        except OSError: pass
    return found
"""


async def test_only_four_descriptors_are_inherited(cage: CPythonJail) -> None:
    with Path("/dev/null").open("rb") as secret:
        os.set_inheritable(secret.fileno(), True)
        jail = await CPythonJail.start(level=cage.level)
        try:
            fifo, device, sock = 1, 2, 12
            assert (await play(jail, DESCRIPTORS)).value == {0: device, 1: fifo, 2: fifo, 3: sock}
        finally:
            await jail.aclose()


WRITE = "def attack(path):\n    with open(path, 'w') as file: file.write('x')\n    return 'written'\n"


async def test_nothing_outside_can_be_written(cage: CPythonJail, open_air: CPythonJail, tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    target = tmp_path / "target"
    assert (await play(open_air, WRITE, str(target))).value == "written"
    target.unlink()
    stdlib = Path(os.__file__).parent
    for path in (target, Path("/etc/x"), stdlib / "x.py", Path("/x"), Path("/dev/x")):
        result = await play(cage, WRITE, str(path))
        assert result.value is None
        assert result.end == ("denied", "file") or result.raised.startswith("FileNotFoundError")
        assert not path.exists()


CHANGES = {
    "remove": "os.unlink(path)",
    "rename": "os.rename(path, path + 'x')",
    "chmod": "os.chmod(path, 0o777)",
    "truncate": "os.truncate(path, 0)",
    "link": "os.link(path, 'here')",
    "utime": "os.utime(path, (1, 1))",
}


@pytest.mark.parametrize("how", CHANGES)
async def test_the_library_cannot_be_changed(
    cage: CPythonJail, open_air: CPythonJail, how: str, tmp_path: Path
) -> None:
    source = f"import os\ndef attack(path):\n    {CHANGES[how]}\n    return 'done'\n"
    own = tmp_path / "own"
    own.write_text("x", encoding="utf-8")
    if how != "link":
        assert (await play(open_air, source, str(own))).value == "done"
    target = Path(os.__file__)
    before = (target.read_bytes(), target.stat().st_mode, target.stat().st_mtime_ns)
    result = await play(cage, source, str(target))
    assert result.value is None
    assert (target.read_bytes(), target.stat().st_mode, target.stat().st_mtime_ns) == before


@pytest.fixture
def tcp() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


TCP = """
import socket
def attack(port):
    socket.create_connection(("127.0.0.1", port), 5).close()
    return "connected"
"""


async def test_no_connection_to_loopback(cage: CPythonJail, open_air: CPythonJail, tcp: socket.socket) -> None:
    port = tcp.getsockname()[1]
    assert (await play(open_air, TCP, port)).value == "connected"
    tcp.accept()[0].close()
    assert (await play(cage, TCP, port)).end == ("denied", "socket")
    with pytest.raises(BlockingIOError):
        tcp.accept()


SOCKETS = [
    "AF_INET, SOCK_DGRAM",
    "AF_INET6, SOCK_STREAM",
    "AF_UNIX, SOCK_STREAM",
    "AF_UNIX, SOCK_DGRAM",
    "AF_NETLINK, SOCK_RAW",
]


@pytest.mark.parametrize("kind", SOCKETS)
async def test_no_socket_of_any_kind(cage: CPythonJail, open_air: CPythonJail, kind: str) -> None:
    source = f"from socket import *\ndef attack():\n    socket({kind}).close()\n    return 'made'\n"
    assert (await play(open_air, source)).value == "made"
    assert (await play(cage, source)).end == ("denied", "socket")


ABSTRACT = """
import socket
def attack(name):
    a, b = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    a.sendto(b"hello", "\\0" + name)
    return 'sent'
"""


async def test_no_datagram_leaves_through_a_socket_pair(cage: CPythonJail, open_air: CPythonJail) -> None:
    name = f"cambrian-canary-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as canary:
        canary.bind("\0" + name)
        canary.setblocking(False)
        assert (await play(open_air, ABSTRACT, name)).value == "sent"
        assert canary.recv(10) == b"hello"
        assert (await play(cage, ABSTRACT, name)).end == ("denied", "socketpair")
        with pytest.raises(BlockingIOError):
            canary.recv(10)


async def test_event_loops_still_work(cage: CPythonJail) -> None:
    source = """
import asyncio
async def main():
    await asyncio.sleep(0.001)
    return "ran"
def attack(): return asyncio.run(main())
"""
    assert (await play(cage, source)).value == "ran"


KILLS = """
import os, signal
def attack(pid, number):
    os.kill(pid, number)
    return 'sent'
"""


async def test_other_processes_get_no_signal(cage: CPythonJail, open_air: CPythonJail) -> None:
    with subprocess.Popen(["sleep", "60"]) as victim:
        try:
            assert (await play(open_air, KILLS, victim.pid, 0)).value == "sent"
            for pid in (victim.pid, os.getpid(), 1, -1, 0):
                assert (await play(cage, KILLS, pid, int(signal.SIGKILL))).end == ("denied", "kill")
            assert victim.poll() is None
        finally:
            victim.kill()


OWNED = """
import fcntl, os, signal, socket, time
def attack(pid):
    a, b = socket.socketpair()
    fcntl.fcntl(a, fcntl.F_SETOWN, pid)
    fcntl.fcntl(a, 10, int(signal.SIGKILL))  # F_SETSIG
    fcntl.fcntl(a, fcntl.F_SETFL, fcntl.fcntl(a, fcntl.F_GETFL) | os.O_ASYNC)
    b.send(b"now the kernel sends it")
    time.sleep(0.2)
"""


async def test_no_signal_by_way_of_a_socket_s_owner(cage: CPythonJail, open_air: CPythonJail) -> None:
    with subprocess.Popen(["sleep", "60"]) as victim, subprocess.Popen(["sleep", "60"]) as control:
        try:
            await play(open_air, OWNED, control.pid)
            assert control.wait(10) == -signal.SIGKILL
            assert (await play(cage, OWNED, victim.pid)).end == ("denied", "fcntl")
            assert victim.poll() is None
        finally:
            victim.kill()
            control.kill()


async def test_parents_get_no_signal(cage: CPythonJail) -> None:
    source = "import os\ndef attack():\n    os.kill(os.getppid(), 9)\n"
    assert (await play(cage, source)).end == ("denied", "kill")
    assert await still_works(cage)


async def test_a_tree_cannot_kill_its_zygote(room: CPythonJail) -> None:
    source = """
import os, signal
def attack(pid):
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGSTOP, signal.SIGKILL):
        try: os.kill(pid, number)
        except OSError: pass
    return 'tried'
"""
    limits = Limits(processes=4)
    pid = room.zygote_pid
    for target in (1, os.getpid()):
        assert (await play(room, source, target, limits=limits)).value == "tried"
    await play(room, source, -1, limits=limits)
    assert room.zygote_pid == pid
    assert await still_works(room)


RAW = """
import ctypes, errno
libc = ctypes.CDLL(None, use_errno=True)
def attack(number, *arguments):
    result = libc.syscall(number, *arguments)
    code = ctypes.get_errno()
    if result == -1 and code in (errno.EPERM, errno.EACCES): raise PermissionError(code, "refused")
    return result if result >= 0 else -code
"""
REFUSED = {
    "ptrace": (101, 117, (0, 0, 0, 0)),
    "process_vm_readv": (310, 270, (1, 0, 0, 0, 0, 0)),
    "process_vm_writev": (311, 271, (1, 0, 0, 0, 0, 0)),
    "unshare": (272, 97, (0x10000000,)),
    "setns": (308, 268, (0, 0)),
    "mount": (165, 40, (0, 0, 0, 0, 0)),
    "umount2": (166, 39, (0, 0)),
    "pivot_root": (155, 41, (0, 0)),
    "chroot": (161, 51, (0,)),
    "open_tree": (428, 428, (-100, 0, 1)),
    "pidfd_open": (434, 434, (1, 0)),
    "pidfd_getfd": (438, 438, (3, 0, 0)),
    "bpf": (321, 280, (0, 0, 0)),
    "perf_event_open": (298, 241, (0, 0, -1, -1, 0)),
    "userfaultfd": (323, 282, (0,)),
    "keyctl": (250, 219, (0, 0)),
    "add_key": (248, 217, (0, 0, 0, 0, 0)),
    "setuid": (105, 146, (0,)),
    "personality": (135, 92, (0xFFFFFFFF,)),
    "seccomp": (317, 277, (2, 0, 0)),
    "landlock_create_ruleset": (444, 444, (0, 0, 1)),
    "init_module": (175, 105, (0, 0, 0)),
    "kexec_load": (246, 104, (0, 0, 0, 0)),
    "execve": (59, 221, (0, 0, 0)),
    "execveat": (322, 281, (-1, 0, 0, 0, 0)),
    "memfd_create": (319, 279, (b"x", 0)),
    "name_to_handle_at": (303, 264, (-100, b"/", 0, 0, 0)),
    "open_by_handle_at": (304, 265, (-100, 0, 0)),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_raw_system_calls_are_refused_and_named(cage: CPythonJail, name: str) -> None:
    x86, arm, arguments = REFUSED[name]
    number = x86 if platform.machine() == "x86_64" else arm
    assert (await play(cage, RAW, number, *arguments)).end == ("denied", name)


async def test_raw_system_calls_work_in_open_air(open_air: CPythonJail, cage: CPythonJail) -> None:
    getpid, memfd = (39, 319) if platform.machine() == "x86_64" else (172, 279)
    for jail in (open_air, cage):
        pid = (await play(jail, RAW, getpid)).value
        assert isinstance(pid, int)
        assert pid > 1
    descriptor = (await play(open_air, RAW, memfd, b"x", 0)).value
    assert isinstance(descriptor, int)
    assert descriptor > 2


async def test_a_storm_of_refused_calls_is_only_its_own_time(cage: CPythonJail) -> None:
    source = """
import socket
def attack():
    for _ in range(20_000):
        try: socket.socket()
        except OSError: pass
    return "done"
"""
    assert (await play(cage, source)).value == "done"
    assert await still_works(cage)


async def test_io_uring_and_clone3_are_not_there(cage: CPythonJail) -> None:
    for number in (425, 435):
        assert (await play(cage, RAW, number, 1, 0)).value == -38


@pytest.mark.parametrize("flags", [0x10000000, 0x20000000, 0x00020000, 0x40000000, 17, 0x4111])
async def test_clone_makes_threads_only(cage: CPythonJail, flags: int) -> None:
    number = 56 if platform.machine() == "x86_64" else 220
    assert (await play(cage, RAW, number, flags, 0, 0, 0, 0)).end == ("denied", "clone")


@pytest.mark.skipif(platform.machine() != "x86_64", reason="needs arch.x86_64: there are no such interfaces elsewhere")
async def test_x32_and_i386_interfaces_are_refused(cage: CPythonJail, open_air: CPythonJail) -> None:
    x32_getpid = 0x40000000 + 39
    assert (await play(cage, RAW, x32_getpid)).status == "denied"
    source = """
import ctypes, mmap
def attack():
    code = bytes.fromhex("b814000000" "cd80" "c3")  # mov eax, 20 (getpid of i386); int 0x80; ret
    page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(code)
    return ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()
"""
    control = await play(open_air, source)
    if isinstance(control.value, int) and control.value > 0:  # this kernel has the interface
        assert (await play(cage, source)).end == ("denied", "foreign system call interface")
    else:
        assert (await play(cage, source)).value is None


EXEC = "import subprocess\ndef attack(path):\n    return subprocess.run([path, '-c', 'pass'], check=True).returncode\n"


async def test_no_program_can_be_started(cage: CPythonJail, open_air: CPythonJail) -> None:
    assert (await play(open_air, EXEC, sys.executable)).value == 0
    assert (await play(cage, EXEC, sys.executable)).status == "denied"


async def test_a_program_started_in_a_tree_is_as_caged(room: CPythonJail) -> None:
    source = """
import os, subprocess, sys, sysconfig
def attack(script):
    prefix = os.path.join(sys.base_prefix, "bin", f"python{sys.version_info[0]}.{sys.version_info[1]}")
    run = subprocess.run([prefix, "-I", "-S", "-c", script], capture_output=True, text=True)
    return run.stdout + run.stderr[-300:]
"""
    limits = Limits(processes=3)
    assert (await play(room, source, "print(6 * 7)", limits=limits)).value == "42\n"
    answer = (await play(room, source, "import socket; socket.socket()", limits=limits)).value
    assert isinstance(answer, str)
    assert "PermissionError" in answer
    answer = (await play(room, source, "print(open('/etc/passwd').read())", limits=limits)).value
    assert isinstance(answer, str)
    assert "FileNotFoundError" in answer


async def test_symbolic_links_lead_nowhere(room: CPythonJail, open_air: CPythonJail, evaluator: Path) -> None:
    source = """
import os
def attack(target):
    os.symlink(target, "link")
    try: return open("link").read()
    finally: os.unlink("link")
"""
    assert (await play(room, source, str(evaluator))).raised.startswith("FileNotFoundError")
    climb = "../" * 20 + str(evaluator)[1:]
    assert (await play(room, source, climb)).raised.startswith("FileNotFoundError")
    control = READ.replace("open(path)", "open('/' + path.lstrip('./'))")
    assert (await play(open_air, control, climb)).value == SECRET


async def test_special_files_cannot_be_made(room: CPythonJail) -> None:
    for call in ("os.mkfifo('pipe')", "os.mknod('device', 0o20666, 0x0103)"):
        assert (await play(room, f"import os\ndef attack():\n    {call}\n")).end[0] == "denied"


async def test_only_what_a_python_needs_is_in_the_tree(room: CPythonJail) -> None:
    source = """
import os
def attack():
    return {folder: sorted(os.listdir(folder)) for folder in ("/", "/etc", "/dev") if os.path.exists(folder)}
"""
    listing = cast("dict[str, list[str]]", (await play(room, source)).value)
    own = {Path(sys.prefix).parts[1], Path(sys.base_prefix).parts[1]}
    assert set(listing["/"]) - own <= {"dev", "etc", "lib", "lib64", "scratch", "tmp", "usr", "nix", "gnu"}
    assert set(listing.get("/etc", [])) <= {"ld.so.cache"}
    assert set(listing["/dev"]) <= {"null", "zero", "full", "random", "urandom", "shm"}


STAINS = """
import builtins, os, random, sys, json, threading
def attack():
    seen = [hasattr(builtins, "stain"), "stain" in os.environ, hasattr(json, "stain"), "stain" in sys.modules]
    try:
        open("stain", "x").close()
        seen.append(sorted(os.listdir(".")))
    except OSError:
        pass
    builtins.stain = json.stain = sys.modules["stain"] = 1
    os.environ["stain"] = "1"
    threading.Thread(target=lambda: None).start()
    return seen
"""


async def test_the_next_program_finds_nothing_of_the_last(cage: CPythonJail) -> None:
    first = (await play(cage, STAINS)).value
    assert (await play(cage, STAINS)).value == first
    assert isinstance(first, list)
    assert first[:4] == [False] * 4
    assert first[4:] in ([], [["attack.py", "stain"]])
    session = await cage.launch(Program(files={"attack.py": STAINS}, entry="attack.py:attack"), BOUNDED)
    assert not isinstance(session, Exit)
    from cambrian.core.codec import encode

    from .stage import outcome

    seen = [outcome(await session.call(encode(()))).value for _ in range(2)]
    await session.close()
    assert seen[0] != seen[1]  # the control: within one session the stains are there


async def test_random_numbers_differ_between_programs(cage: CPythonJail) -> None:
    source = "import random\ndef attack():\n    return random.random()\n"
    assert len({(await play(cage, source)).value for _ in range(3)}) == 3
