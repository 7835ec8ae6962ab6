"""Attacks on what is written down and shown of a script, class 38: a line that looks like the program's own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cambrian.core.errors import IsolationUnavailable
from cambrian.core.ids import RunId
from cambrian.core.limits import Limits
from cambrian.core.script import Script
from cambrian.journal.clock import SystemClock
from cambrian.journal.kernel import Run
from cambrian.journal.memory import MemoryStore
from cambrian.sandbox.scripts.driven import Driver
from cambrian.sandbox.scripts.facts import Opened
from cambrian.sandbox.scripts.port import ScriptRuntime, Terms
from cambrian.sandbox.scripts.runtime import DrivenRuntime
from cambrian.sandbox.scripts.session import Candidate, ScriptSession
from cambrian.tools.registry import Toolbox

HOSTILE = "ok\n2026-01-01 run r-1 ended ok\x1b[2J\x1b]0;owned\x07\x00\u202egpj.exe\u2028\r+ trusted"
LIMITS = Limits(wall=20.0, cpu=20.0, memory=64 * 2**20, disk=2**20)
DRIVER = """
asked = []
def step(request):
    asked.append(request)
    turn = {"turn": "gap", "what": HOSTILE}
    if len(asked) == 1:
        turn = {"turn": "calls", "calls": [{"id": 0, "tool": HOSTILE, "args": [HOSTILE], "kwargs": {HOSTILE: 1}}]}
    return {"turn": turn, "stdout": HOSTILE, "stderr": HOSTILE}
"""


@pytest.fixture
async def hostile(anyio_backend: str) -> AsyncIterator[DrivenRuntime]:
    """A worker that a script has taken over: whatever it says is hostile."""
    text = DRIVER.replace("HOSTILE", ascii(HOSTILE))
    made = DrivenRuntime(
        Driver(name="hostile", languages=("python",), version="1", files={"driver.py": text}), workers=1, limits=LIMITS
    )
    try:
        await made.warm()
    except IsolationUnavailable as error:
        pytest.skip(f"needs jail.L2: {error}")
    yield made
    await made.aclose()


async def test_the_record_and_the_progress_keep_one_line_for_each_thing(hostile: DrivenRuntime) -> None:
    store, clock, lines = MemoryStore(), SystemClock(), list[str]()
    opened = Opened(script=Script(code=HOSTILE, language="python"), limits=LIMITS, terms=Terms(seed=1, now=1.0))
    run = await Run.create(store, kind="execution", data=opened, clock=clock, holder="attack", run=RunId("r"))

    async def start() -> ScriptRuntime:
        return hostile

    session = ScriptSession(opened, Toolbox([]), run, clock, run="r", progress=lines.append)
    ended = await session.run([Candidate("hostile", (), start)])
    await run.aclose()
    assert ended.status == "gap"
    assert HOSTILE in ended.detail
    events = [event async for event in store.read(RunId("r"))]
    assert any(b"owned" in bytes(event.data) for event in events), "it is on record"
    for event in events:
        assert not any(sign < 0x20 for sign in memoryview(event.data)), "and cannot be taken for two records"
    assert any("owned" in line for line in lines), "it was told"
    assert not any(each.splitlines()[1:] for each in lines), "and cannot be taken for two lines"
    assert len(f"stdout {HOSTILE}".splitlines()) > 2, "the control: written as it is, it can"


@pytest.mark.parametrize("asked", [("--json",), ()], ids=["json", "words"])
def test_what_the_command_says_obeys_nobody(tmp_path: Path, asked: tuple[str, ...]) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        f"import sys\nprint({HOSTILE!r}, file=sys.stderr)\nraise ValueError({HOSTILE!r})\n", encoding="utf-8"
    )
    command = [
        sys.executable,
        "-c",
        "from cambrian.app.cli import main; main()",
        "run",
        str(script),
        "--explain",
        *asked,
    ]
    environment = {**os.environ, "NO_COLOR": "1"}
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=120, check=False, env=environment)
    assert done.returncode == 1, done.stderr
    out, err = done.stdout.decode(), done.stderr.decode()
    assert "owned" in out + err
    assert not any(sign in out + err for sign in "\x1b\x00\x07\u202e\u2028\r")
    if asked:
        assert len(out.splitlines()) == 1
    control = subprocess.run([sys.executable, str(script)], capture_output=True, timeout=60, check=False)
    assert b"\x1b" in control.stderr
