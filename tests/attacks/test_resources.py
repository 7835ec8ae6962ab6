"""Attacks on time, memory, output and disk: each limit is named, and the jail goes on."""

from __future__ import annotations

import time

import pytest

from cambrian.core.limits import Limits
from cambrian.sandbox import CPythonJail

from .stage import BOUNDED, play, still_works

QUICK = Limits(wall=20.0, cpu=0.4, memory=192 * 2**20)

LOOPS = {
    "python": "def attack():\n    while True: pass\n",
    "catch-all": """
def attack():
    while True:
        try:
            while True: pass
        except BaseException: pass
""",
    "regex in C": "import re\ndef attack():\n    re.match('(a+)+$', 'a' * 40 + 'b')\n",
    "power in C": "def attack():\n    return len(str(10 ** 10 ** 7 % 7 ** 10 ** 6))\n",
    "two threads": """
import threading
def spin():
    while True: sum(range(1000))
def attack():
    for _ in range(2): threading.Thread(target=spin, daemon=True).start()
    spin()
""",
    "signals blocked": """
import signal
def attack():
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
    for number in range(1, 65):
        try: signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError): pass
    while True: pass
""",
}


@pytest.mark.parametrize("name", LOOPS)
async def test_loop_is_ended_by_its_cpu_limit(cage: CPythonJail, name: str) -> None:
    begun = time.monotonic()
    result = await play(cage, LOOPS[name], limits=QUICK)
    assert result.end == ("timeout", "cpu")
    assert result.exit is not None
    assert 0.3 < result.exit.usage.cpu_s < 2.5
    assert time.monotonic() - begun < 15
    assert await still_works(cage)


async def test_loop_at_load_is_ended(cage: CPythonJail) -> None:
    assert (await play(cage, "while True: pass", limits=QUICK)).end == ("timeout", "cpu")


async def test_a_program_that_stops_itself_is_ended(cage: CPythonJail) -> None:
    source = "import os, signal\ndef attack():\n    os.kill(os.getpid(), signal.SIGSTOP)\n"
    assert (await play(cage, source, limits=Limits(wall=0.5))).end == ("timeout", "wall")
    assert await still_works(cage)


async def test_sleep_is_ended_by_its_wall_limit(cage: CPythonJail) -> None:
    source = "import time\ndef attack():\n    time.sleep(60)\n"
    result = await play(cage, source, limits=Limits(wall=0.4))
    assert result.end == ("timeout", "wall")
    assert result.exit is not None
    assert result.exit.usage.cpu_s < 0.3


async def test_cpu_limit_is_what_ends_it(open_air: CPythonJail) -> None:
    source = (
        "import time\ndef attack():\n    end = time.process_time() + 1\n    while time.process_time() < end: pass\n"
    )
    assert (await play(open_air, source, limits=BOUNDED)).status == ""
    assert (await play(open_air, source, limits=QUICK)).end == ("timeout", "cpu")


MEMORY = {
    "heap": "def attack():\n    x = []\n    while True: x.append(bytearray(2**20))\n",
    "one piece": "def attack():\n    return len(bytes(2**30))\n",
    "doubling text": "def attack():\n    x = 'a'\n    while True: x += x\n",
    "mmap": """
import mmap
def attack():
    x = []
    while True: x.append(mmap.mmap(-1, 2**22))
""",
    "shared mmap": """
import mmap
def attack():
    x = mmap.mmap(-1, 2**30, flags=mmap.MAP_SHARED | mmap.MAP_ANONYMOUS)
    for i in range(0, 2**30, 4096): x[i] = 1
""",
    "at load": "x = bytes(2**30)\ndef attack():\n    return 0\n",
}


@pytest.mark.parametrize("name", MEMORY)
async def test_memory_bomb_is_named(cage: CPythonJail, name: str) -> None:
    result = await play(cage, MEMORY[name])
    assert result.status == "memory"
    assert result.exit is not None
    assert result.exit.usage.peak_bytes < BOUNDED.memory + 64 * 2**20
    assert await still_works(cage)


async def test_memory_bomb_works_in_open_air(open_air: CPythonJail) -> None:
    assert (await play(open_air, MEMORY["one piece"])).value == 2**30


async def test_memory_within_the_limit_is_had(cage: CPythonJail) -> None:
    source = "def attack():\n    return len(bytes(150 * 2**20))\n"
    assert (await play(cage, source)).value == 150 * 2**20


MEMFD = """
import os, ctypes
def attack(how):
    if how == "memfd":
        fd = os.memfd_create("x")
        block = bytes(2**20)
        for _ in range(400): os.write(fd, block)
        return os.fstat(fd).st_size
    libc = ctypes.CDLL(None, use_errno=True)
    segment = libc.shmget(0, ctypes.c_size_t(2**28), 0o1600)
    if segment < 0: raise PermissionError(ctypes.get_errno(), "shmget")
    libc.shmctl(segment, 0, None)
    return segment
"""


@pytest.mark.parametrize("how", ["memfd", "shmget"])
async def test_memory_outside_the_address_space_is_refused(cage: CPythonJail, open_air: CPythonJail, how: str) -> None:
    expected = {"memfd": "memfd_create", "shmget": "shmget"}[how]
    assert (await play(cage, MEMFD, how)).end == ("denied", expected)
    if how == "memfd":  # as a control; a shared segment would outlive the test if anything went wrong
        assert (await play(open_air, MEMFD, how)).value == 400 * 2**20


FILL = """
import os
def attack():
    block = bytes(2**20)
    with open(os.path.join(os.getcwd(), "big"), "wb", buffering=0) as file:
        for _ in range(64): file.write(block)
    return 64
"""
MANY = """
import os
def attack(most):
    for i in range(most): open(f"f{i}", "w").close()
    return most
"""


async def test_scratch_holds_no_more_than_it_may(room: CPythonJail) -> None:
    assert (await play(room, FILL)).end == ("denied", "disk")
    assert (await play(room, FILL, limits=Limits(disk=80 * 2**20))).value == 64
    assert await still_works(room)


async def test_many_files_together_fill_the_scratch(room: CPythonJail) -> None:
    source = "def attack():\n    for i in range(20): open(f'f{i}', 'wb').write(bytes(2**20))\n"
    assert (await play(room, source)).end == ("denied", "disk")


async def test_a_hundred_thousand_files(room: CPythonJail) -> None:
    assert (await play(room, MANY, 100_000)).end == ("denied", "disk")
    assert (await play(room, MANY, 90)).value == 90


OUTPUT = {
    "print": "def attack():\n    while True: print('x' * 10000)\n",
    "stderr": "import sys\ndef attack():\n    while True: sys.stderr.write('x' * 10000)\n",
    "raw": "import os\ndef attack():\n    while True: os.write(1, b'x' * 65536)\n",
    "answer": "def attack():\n    return 'x' * (20 * 2**20)\n",
    "answer of lists": "def attack():\n    return [0] * (4 * 2**20)\n",
    "at load": "while True: print('x' * 10000)\n",
}


@pytest.mark.parametrize("name", OUTPUT)
async def test_flood_of_output_is_named(cage: CPythonJail, name: str) -> None:
    result = await play(cage, OUTPUT[name])
    assert result.status == "output"
    assert result.exit is not None
    assert len(result.exit.text) <= 4096
    assert await still_works(cage)


async def test_a_gigabyte_of_output_reaches_nobody(cage: CPythonJail) -> None:
    source = "import os\ndef attack():\n    for _ in range(2**14): os.write(1, bytes(2**16))\n"
    assert (await play(cage, source)).status == "output"


async def test_long_exception_is_cut(cage: CPythonJail) -> None:
    result = await play(cage, "def attack():\n    raise ValueError('x' * (20 * 2**20))\n")
    assert result.raised.startswith("ValueError: xxx")
    assert len(result.raised) < 5000


async def test_output_within_the_limit_is_kept(open_air: CPythonJail) -> None:
    assert (await play(open_air, OUTPUT["answer"], limits=Limits(output=2**25))).value == "x" * (20 * 2**20)


FORKS = """
import os
def attack():
    pids = 0
    while pids < 2000:
        if os.fork() == 0:
            while True: os.fork()
        pids += 1
"""


async def test_fork_bomb_of_one_process_is_refused(cage: CPythonJail) -> None:
    result = await play(cage, FORKS)
    assert result.end[0] == "denied"
    assert result.end[1] in ("clone", "fork")
    assert await still_works(cage)


async def test_fork_bomb_of_a_tree_is_contained(room: CPythonJail) -> None:
    limits = Limits(processes=8, cpu=2.0, wall=20.0)
    result = await play(room, FORKS, limits=limits)
    assert result.status in ("timeout", "error", "")  # fork fails with EAGAIN, or it spins until the limit
    assert await still_works(room)


async def test_a_tree_may_fork_up_to_its_limit(room: CPythonJail) -> None:
    source = """
import os
def attack(most):
    pids = []
    for _ in range(most):
        pid = os.fork()
        if pid == 0: os.read(os.pipe()[0], 1)
        pids.append(pid)
    return len(pids)
"""
    limits = Limits(processes=8)
    assert (await play(room, source, 7, limits=limits)).value == 7
    assert "BlockingIOError" in (await play(room, source, 8, limits=limits)).raised


THREADS = """
import threading
def attack(most):
    stop = threading.Event()
    started = 0
    try:
        for _ in range(most):
            threading.Thread(target=stop.wait, daemon=True).start()
            started += 1
    except RuntimeError:
        pass
    return started
"""


async def test_thread_bomb_is_contained(cage: CPythonJail, open_air: CPythonJail) -> None:
    started = (await play(cage, THREADS, 3000)).value
    assert isinstance(started, int)
    assert 2 <= started < 300
    assert (await play(open_air, THREADS, 600)).value == 600
    assert await still_works(cage)


async def test_memory_of_a_tree_counts_together(room: CPythonJail) -> None:
    source = """
import os
def attack(each):
    ends = []
    for _ in range(3):
        reading, writing = os.pipe()
        if os.fork() == 0:
            try:
                x = bytearray(each)
                os.write(writing, b"y")
                os.read(os.pipe()[0], 1)
            except MemoryError:
                os.write(writing, b"n")
            os._exit(0)
        ends.append(reading)
    return b"".join(os.read(end, 1) for end in ends)
"""
    limits = Limits(processes=4, memory=208 * 2**20, disk=8 * 2**20)  # (208 - 8) / 4 = 50 MiB each
    assert (await play(room, source, 40 * 2**20, limits=limits)).value == b"yyy"
    assert (await play(room, source, 60 * 2**20, limits=limits)).value == b"nnn"


async def test_deep_recursion_ends_alone(cage: CPythonJail) -> None:
    source = """
import sys
sys.setrecursionlimit(10**9)
def attack(n=0):
    return attack(n + 1)
"""
    result = await play(cage, source)
    assert result.raised or result.status in ("memory", "signal")
    assert await still_works(cage)


async def test_parser_bomb_ends_alone(cage: CPythonJail) -> None:
    source = "def attack():\n    return eval('(' * 100_000 + ')' * 100_000)\n"
    result = await play(cage, source)
    assert result.raised or result.status in ("memory", "signal", "error")
    assert await still_works(cage)


async def test_limit_of_a_single_call(cage: CPythonJail) -> None:
    source = "import time\ndef attack(seconds):\n    time.sleep(seconds)\n    return 1\n"
    from cambrian.core.codec import encode
    from cambrian.core.ports import Exit, Program

    session = await cage.launch(Program(files={"a.py": source}, entry="a.py:attack"), BOUNDED)
    assert not isinstance(session, Exit)
    assert not isinstance(await session.call(encode((0,)), wall=10.0), Exit)
    ended = await session.call(encode((30,)), wall=0.2)
    assert isinstance(ended, Exit)
    assert (ended.status, ended.detail) == ("timeout", "wall")
    assert await session.call(encode((0,))) is ended
    assert await session.close() is ended
