"""A person at a terminal: runs the real command in a folder of its own, with an environment of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from cambrian.app.schemas import SCHEMAS

TIMEOUT_S = 120.0
LAUNCH = "import sys; from cambrian.app.cli import main; main()"

TASK = """\
program = ["program.py"]
entry = "program.py:solve"
[objectives]
score = "maximize"
[limits]
wall = "5s"
[budget]
evaluations = 25
[strategy]
proposers = ["edit"]
"""
PROGRAM = "def solve():\n    return [1.0, 2.0, 3.0, 4.0]\n"
SCORER = """\
def score(artifact):
    if type(artifact) is not list or not all(type(item) is float for item in artifact):
        raise ValueError("a list of floats is wanted")
    return {"score": -sum((item - 2.5) ** 2 for item in artifact) - abs(len(artifact) - 4), "length": len(artifact)}
"""
SLOW = "import time\ndef solve():\n    time.sleep(0.3)\n    return [1.0, 2.0, 3.0, 4.0]\n"


class Said:
    """What a command said.

    Args:
        code: exit status.
        out: stdout.
        err: stderr.
    """

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    def record(self, name: str) -> object:
        """stdout as the record that the schema of that name promises, no member more."""
        assert_exact(self.out, name)
        return msgspec.json.decode(self.out, type=SCHEMAS[name])

    def __repr__(self) -> str:
        return f"exit {self.code}\n--- stdout\n{self.out}\n--- stderr\n{self.err}"


def assert_exact(text: str, name: str) -> None:
    """The JSON text has exactly the members of its record: nothing lost, nothing undocumented."""
    value = msgspec.json.decode(text, type=SCHEMAS[name])
    assert msgspec.json.decode(msgspec.json.encode(value)) == msgspec.json.decode(text)


class Person:
    """Somebody in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.env = {
            "PATH": os.environ.get("PATH", ""), "HOME": str(folder / "home"), "USER": "ada", "LANG": "C.UTF-8",
            "PYTHONDONTWRITEBYTECODE": "1",
        }  # fmt: skip

    def task(self, *, program: str = PROGRAM, **files: str) -> Path:
        """Write a small task into the folder ``task``."""
        folder = self.folder / "task"
        folder.mkdir()
        texts = {"task.toml": TASK, "program.py": program, "evaluate.py": SCORER} | files
        for path, text in texts.items():
            (folder / path).write_text(text, encoding="utf-8")
        return folder

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start a command and do not wait."""
        return subprocess.Popen(
            [sys.executable, "-c", LAUNCH, *words], cwd=self.folder, env=self.env, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip

    def run(self, *words: str) -> Said:
        """Run a command to its end."""
        return self.wait(self.start(*words))

    @staticmethod
    def wait(process: subprocess.Popen[str]) -> Said:
        """Wait for the end of a command."""
        try:
            out, err = process.communicate(timeout=TIMEOUT_S)
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)
            process.communicate()
            raise
        return Said(process.returncode, out, err)


def until(condition: Callable[[], bool], *, seconds: float = 60.0) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.05)
