"""Attacks on the answer and on the end: what a program says of itself is never more than its own answer."""

from __future__ import annotations

import pytest

from cambrian.core.codec import decode, encode
from cambrian.core.limits import Limits
from cambrian.core.ports import Exit, Program, Reply
from cambrian.sandbox import CPythonJail

from .stage import BOUNDED, outcome, play, still_works

HEADER = """
import os, struct
def frame(kind, call, body=b"", report=b""):
    return struct.pack("<BxxxIII", kind, call, len(body), len(report)) + body + report
VALUE, RAISED, FAULT = 4, 5, 6
"""


async def test_an_early_exit_is_an_error(cage: CPythonJail) -> None:
    assert (await play(cage, "import os\ndef attack():\n    os._exit(0)\n")).end == ("error", "exit 0")
    assert (await play(cage, "import os\nos._exit(0)\n")).end == ("error", "exit 0")
    assert (await play(cage, "import sys\ndef attack():\n    sys.exit(0)\n")).raised == "SystemExit: 0"
    assert (await play(cage, "raise SystemExit")).end == ("error", "SystemExit")
    assert await still_works(cage)


async def test_printed_protocol_is_only_print(cage: CPythonJail) -> None:
    source = (
        HEADER
        + """
def attack():
    for fd in (1, 2): os.write(fd, frame(VALUE, 1, b'"forged"'))
    print("__RESULT__ forged")
    return "honest"
"""
    )
    assert (await play(cage, source)).value == "honest"


async def test_frames_on_every_descriptor_are_the_program_s_own_answer(cage: CPythonJail) -> None:
    """It may hijack its runner; all it gets is to say something else, once."""
    source = (
        HEADER
        + """
def attack():
    for fd in range(64):
        try: os.write(fd, frame(VALUE, 1, b'"other"'))
        except OSError: pass
    return "honest"
"""
    )
    session = await cage.launch(Program(files={"a.py": source}, entry="a.py:attack"), BOUNDED)
    assert not isinstance(session, Exit)
    assert outcome(await session.call(encode(()))).value == "other"
    ended = await session.call(encode(()))  # the honest frame is still there: nobody had asked for it
    assert isinstance(ended, Exit)
    assert (ended.status, ended.detail) == ("error", "protocol")
    assert await still_works(cage)


FORGERIES = {
    "two replies at once": "os.write(3, frame(VALUE, 1, b'1') + frame(VALUE, 2, b'1'))",
    "reply to a later call": "os.write(3, frame(VALUE, 7, b'1'))",
    "reply to the load": "os.write(3, frame(VALUE, 0, b'1'))",
    "unknown kind": "os.write(3, frame(99, 1, b'1'))",
    "loaded again": "os.write(3, frame(3, 1, b''))",
    "broken cage": "os.write(3, frame(2, 0, b'the cage is broken'))",
    "endless report": "os.write(3, struct.pack('<BxxxIII', VALUE, 1, 1, 2**32 - 1))",
    "noise": "os.write(3, os.urandom(64))",
    "text": "os.write(3, b'HTTP/1.1 200 OK and so on and on')",
}


@pytest.mark.parametrize("name", FORGERIES)
async def test_forged_frames_end_the_program(cage: CPythonJail, name: str) -> None:
    source = HEADER + f"def attack():\n    {FORGERIES[name]}\n    return 'honest'\n"
    session = await cage.launch(Program(files={"a.py": source}, entry="a.py:attack"), BOUNDED)
    assert not isinstance(session, Exit)
    first = await session.call(encode(()))
    second = first if isinstance(first, Exit) else await session.call(encode(()))
    assert isinstance(second, Exit)
    assert second.status in ("error", "output")
    await session.close()
    assert await still_works(cage)


async def test_huge_announced_answer_is_not_awaited(cage: CPythonJail) -> None:
    source = (
        HEADER + "def attack():\n    os.write(3, struct.pack('<BxxxIII', VALUE, 1, 2**31, 0))\n    while True: pass\n"
    )
    assert (await play(cage, source)).status == "output"


async def test_a_reply_sent_before_the_question_is_noticed(cage: CPythonJail) -> None:
    source = HEADER + "os.write(3, frame(3, 0) + frame(VALUE, 1, b'1'))\ndef attack():\n    return 2\n"
    assert (await play(cage, source)).end == ("error", "protocol")


async def test_confessions_only_name_failures(cage: CPythonJail) -> None:
    source = HEADER + "def attack(text):\n    os.write(3, frame(FAULT, 1, text))\n    os._exit(0)\n"
    for claim in ("ok", "killed", "invalid", "timeout", "nonsense", ""):
        assert (await play(cage, source, f"{claim}\nforged\n".encode())).end == ("error", "protocol")
    assert (await play(cage, source, b"memory\nforged\n")).status == "memory"


async def test_a_reply_after_the_limit_is_not_taken(cage: CPythonJail) -> None:
    source = (
        HEADER
        + """
import threading, time
def attack():
    threading.Thread(target=lambda: (time.sleep(1), os.write(3, frame(VALUE, 1, b'1'))), daemon=True).start()
    time.sleep(30)
"""
    )
    session = await cage.launch(Program(files={"a.py": source}, entry="a.py:attack"), BOUNDED)
    assert not isinstance(session, Exit)
    ended = await session.call(encode(()), wall=0.3)
    assert isinstance(ended, Exit)
    assert (ended.status, ended.detail) == ("timeout", "wall")


async def test_a_closed_channel_is_named(cage: CPythonJail) -> None:
    source = "import os, time\ndef attack():\n    os.close(3)\n    time.sleep(30)\n"
    assert (await play(cage, source)).end == ("error", "closed its channel")


async def test_a_hijacked_clock_changes_nothing(cage: CPythonJail) -> None:
    source = """
import time
time.perf_counter = time.monotonic = time.time = lambda: 0.0
def attack():
    end = time.process_time() + 0.2
    while time.process_time() < end: pass
"""
    session = await cage.launch(Program(files={"a.py": source}, entry="a.py:attack"), BOUNDED)
    assert not isinstance(session, Exit)
    reply = await session.call(encode(()))
    await session.close()
    assert isinstance(reply, Reply)
    assert reply.cpu_s >= 0.2
    assert reply.wall_s >= 0.2


SELF_INFLICTED = {
    "os.abort()": ("signal", "SIGABRT"),
    "ctypes.string_at(0)": ("signal", "SIGSEGV"),
    "os.kill(os.getpid(), 9)": ("killed", "SIGKILL"),
    "os.kill(os.getpid(), 15)": ("signal", "SIGTERM"),
    "signal.raise_signal(signal.SIGUSR1)": ("signal", "SIGUSR1"),
    "os._exit(7)": ("error", "exit 7"),
}


@pytest.mark.parametrize("how", SELF_INFLICTED)
async def test_self_inflicted_ends_are_named(cage: CPythonJail, how: str) -> None:
    source = f"import ctypes, os, signal\ndef attack():\n    {how}\n"
    assert (await play(cage, source)).end == SELF_INFLICTED[how]
    assert await still_works(cage)


async def test_a_text_of_an_end_is_safe_to_print(cage: CPythonJail) -> None:
    source = """
import os
def attack():
    os.write(1, b"\\x1b[2J\\x00\\xff\\r evil")
    raise MemoryError("\\x1b]0;title\\x07")
"""
    result = await play(cage, source)
    assert result.exit is not None
    assert all(c.isprintable() or c in "\n\t" for c in result.exit.text)
    assert "evil" in result.exit.text


async def test_values_that_lie_do_not_cross(cage: CPythonJail) -> None:
    source = """
class Liar(float):
    def __ge__(self, other): return True
def attack(): return Liar(0)
"""
    assert (await play(cage, source)).raised.startswith("CodecError")
    bomb = "class B:\n    def __reduce__(self): raise SystemExit\ndef attack(): return [B()]\n"
    assert (await play(cage, bomb)).raised.startswith("CodecError")


async def test_report_is_what_the_program_says(cage: CPythonJail) -> None:
    source = "__report__ = {'n': 1}\ndef attack(x):\n    __report__['n'] = x\n"

    async def report(value: object) -> bytes:
        session = await cage.launch(Program(files={"a.py": source}, entry="a.py:attack"), Limits())
        assert not isinstance(session, Exit)
        reply = await session.call(encode((value,)))
        await session.close()
        assert isinstance(reply, Reply)
        assert decode(reply.payload) is None
        return reply.report

    assert await report(5) == b'{"n":5}'
    assert await report("x" * 300_000) == b""
    assert await report({1, 2}) == b""
    assert await report(float("nan")) == b""
