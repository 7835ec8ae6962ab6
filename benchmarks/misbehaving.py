"""Programs that misbehave, each run by the real engine: contained, named in the record, and the run goes on.

    python benchmarks/misbehaving.py --check

Every attack is a candidate of one search. If it succeeds it returns 1, which the scorer would score; if it is
contained, its evaluation has no score and says what happened. After each attack comes an honest candidate, which has to
be scored as if nothing had been. Host-side canaries (a listener, a socket, a file) are looked at in the end.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from random import Random

import msgspec

from cambrian.core.budget import Budget
from cambrian.core.evaluation import Evaluation, Objective
from cambrian.core.ids import RunId
from cambrian.core.limits import Limits
from cambrian.core.variant import Origin
from cambrian.journal.clock import SystemClock
from cambrian.journal.holder import this_process
from cambrian.journal.kernel import Run
from cambrian.journal.memory import MemoryStore
from cambrian.search.engine import Search
from cambrian.search.proposer import Candidate, Proposer, Scored
from cambrian.search.task import Task

SCORER = "SECRET_ANSWER = 42\n\ndef score(answer):\n    return float(answer)\n"
INITIAL = "def f():\n    return 0\n"
LIMITS = Limits(wall=4.0, cpu=2.0, memory=128 * 2**20, output=2**20, disk=8 * 2**20, files=200)

ATTACKS = {
    "endless loop": "def f():\n    while True:\n        pass\n",
    "endless loop that catches everything": """
def f():
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
""",
    "endless loop in C (regular expression)": """
import re

def f():
    return len(re.findall('(a+)+$', 'a' * 40 + 'b'))
""",
    "endless work in C (big power)": "def f():\n    return len(str(7 ** (10 ** 8)))\n",
    "sleeps for ever": "import time\n\ndef f():\n    time.sleep(10 ** 6)\n",
    "fork bomb": "import os\n\ndef f():\n    while True:\n        os.fork()\n",
    "thread bomb": """
import threading, time

def f():
    threads = [threading.Thread(target=time.sleep, args=(60,)) for _ in range(100_000)]
    for thread in threads:
        thread.start()
    return 1
""",
    "memory bomb: heap": "def f():\n    return len(bytearray(10 ** 10))\n",
    "memory bomb: many small": """
def f():
    kept = []
    while True:
        kept.append('x' * 1000 + str(len(kept)))
""",
    "memory bomb: memfd": """
import os

def f():
    fd = os.memfd_create('x')
    os.posix_fallocate(fd, 0, 10 ** 10)
    return 1
""",
    "memory bomb: tmpfs": """
def f():
    with open('big', 'wb') as out:
        for _ in range(2000):
            out.write(b'x' * 10 ** 6)
    return 1
""",
    "1 GB on standard output": "def f():\n    for _ in range(1000):\n        print('x' * 10 ** 6)\n    return 1\n",
    "1 GB as answer": "def f():\n    return ['x' * 10 ** 6] * 1000\n",
    "forged answer on every descriptor": """
import os, struct

def f():
    for fd in range(64):
        try:
            os.write(fd, b'{"ok": {"numbers": {"x": 1.0}}}' * 10)
        except OSError:
            pass
    os._exit(0)
""",
    "os._exit(0)": "import os\n\ndef f():\n    os._exit(0)\n",
    "exit at load": "import sys\nsys.exit(0)\n\ndef f():\n    return 1\n",
    "segmentation fault": "import ctypes\n\ndef f():\n    ctypes.string_at(0)\n",
    "abort": "import os\n\ndef f():\n    os.abort()\n",
    "SIGKILL to the parent": "import os\n\ndef f():\n    os.kill(os.getppid(), 9)\n    return 1\n",
    "SIGKILL to everybody": "import os\n\ndef f():\n    os.kill(-1, 9)\n    return 1\n",
    "SIGTERM to the process group": "import os\n\ndef f():\n    os.killpg(0, 15)\n    return 1\n",
    "writes outside": "def f():\n    open({canary_file!r}, 'w').write('was here')\n    return 1\n",
    "reads the evaluator": "def f():\n    return len(open({evaluator!r}).read()) > 0\n",
    "imports the evaluator": "def f():\n    import evaluate\n    return evaluate.SECRET_ANSWER\n",
    "reads the journal's folder": "import os\n\ndef f():\n    return len(os.listdir({folder!r})) > 0\n",
    "reads /etc/passwd": "def f():\n    return len(open('/etc/passwd').read()) > 0\n",
    "reads the environment of the engine": "import os\n\ndef f():\n    return 1 // ('CAMBRIAN_CANARY' in os.environ)\n",
    "reads an environment through /proc": "def f():\n    return len(open('/proc/self/environ', 'rb').read()) > 0\n",
    "reads an environment of pid 1": "def f():\n    return len(open('/proc/1/environ', 'rb').read()) > 0\n",
    "network: TCP to the host": """
import socket

def f():
    socket.create_connection(('127.0.0.1', {port}), timeout=2).sendall(b'x')
    return 1
""",
    "network: UDP": """
import socket

def f():
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', {port}))
    return 1
""",
    "abstract unix socket of the host": """
import socket

def f():
    socket.socket(socket.AF_UNIX).connect({abstract!r})
    return 1
""",
    "100,000 files": """
def f():
    for number in range(100_000):
        open(f'file{{number}}', 'w').close()
    return 1
""",
    "starts a program": """
import subprocess

def f():
    return len(subprocess.run(['/bin/ls'], capture_output=True).stdout)
""",
    "traces a process": """
import ctypes

def f():
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.ptrace(16, 1, 0, 0) != 0:
        raise PermissionError(ctypes.get_errno())
    return 1
""",
    "makes a namespace": """
import ctypes

def f():
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(0x10000000) != 0:
        raise PermissionError(ctypes.get_errno())
    return 1
""",
    "lies about being a number": """
class Liar(float):
    def __float__(self):
        return 1e9

def f():
    return Liar(1e9)
""",
}


class Attacker(Proposer):
    """Proposes each attack, and an honest program after each."""

    name = "attacker"

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = list(texts)
        self.outcomes: list[Evaluation] = []

    async def propose(self, parents: Sequence[Scored], rng: Random) -> Candidate:
        """The next text."""
        del parents, rng
        text = self._texts.pop(0)
        return Candidate(files={"p.py": text}, origin=Origin(proposer=self.name))

    async def tell(self, outcome: Scored) -> None:
        """Note how it ended."""
        self.outcomes.append(outcome.evaluation)


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """What became of an attack."""

    attack: str
    contained: bool
    went_on: bool
    status: str
    detail: str
    said: str
    level: str
    wall_ms: float


def main() -> int:
    """Run every attack and print what became of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="exit 1 if one was not contained")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    os.environ["CAMBRIAN_CANARY"] = "sings"
    with tempfile.TemporaryDirectory(prefix="cambrian-attacks-") as name:
        rows, touched = asyncio.run(_attack(Path(name)))
    bad = [row.attack for row in rows if not (row.contained and row.went_on)] + touched
    print(json.dumps(msgspec.to_builtins(rows)) if options.json else _table(rows, touched))
    return 1 if options.check and bad else 0


async def _attack(folder: Path) -> tuple[list[Row], list[str]]:
    (folder / "evaluate.py").write_text(SCORER, encoding="utf-8")
    canary, abstract = folder / "canary", f"\0cambrian-canary-{os.getpid()}"
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.socket(socket.AF_UNIX) as hidden:
        hidden.bind(abstract)
        hidden.listen()
        for item in (listener, hidden):
            item.setblocking(False)
        places: dict[str, object] = {
            "canary_file": str(canary), "evaluator": str(folder / "evaluate.py"), "folder": str(folder),
            "port": listener.getsockname()[1], "abstract": abstract,
        }  # fmt: skip
        attacks = {name: _fill(text, places) for name, text in ATTACKS.items()}
        outcomes = await _search(folder, attacks)
        touched = [name for name, item in (("listener", listener), ("abstract socket", hidden)) if _connected(item)]
    touched += ["file outside"] if canary.exists() else []
    pairs = zip(attacks, outcomes[::2], outcomes[1::2], strict=True)
    return [_row(name, attack, honest) for name, attack, honest in pairs], touched


async def _search(folder: Path, attacks: dict[str, str]) -> list[Evaluation]:
    honest = [f"def f():\n    return {0.5 - number / 1000}\n" for number in range(len(attacks))]
    texts = [text for pair in zip(attacks.values(), honest, strict=True) for text in pair]
    attacker, clock = Attacker(texts), SystemClock()
    task = Task(
        name="attacks", folder=str(folder), program={"p.py": INITIAL}, entry="p.py:f", evaluator_text=SCORER,
        objectives=(Objective(name="x"),), limits=LIMITS, budget=Budget(evaluations=len(texts) + 1),
    )  # fmt: skip
    run = await Run.create(
        MemoryStore(), kind="search", data={}, clock=clock, holder=this_process(), run=RunId("r-attacks")
    )
    async with run:
        await Search(run=run, task=task, seed=1, jobs=1, clock=clock, proposers=[attacker]).run()
    return attacker.outcomes


def _fill(text: str, places: dict[str, object]) -> str:
    return text.format(**places) if any("{" + name in text for name in places) or "{{" in text else text


def _connected(listener: socket.socket) -> bool:
    try:
        listener.accept()[0].close()
    except BlockingIOError:
        return False
    return True


def _row(name: str, attack: Evaluation, honest: Evaluation) -> Row:
    return Row(
        attack=name, contained=not attack.ok, went_on=honest.ok, status=attack.status.value, detail=attack.detail,
        said=(attack.feedback.strip().splitlines() or [""])[-1 if "Traceback" in attack.feedback else 0][:60],
        level=attack.level, wall_ms=attack.usage.wall_s * 1e3,
    )  # fmt: skip


def _table(rows: list[Row], touched: list[str]) -> str:
    lines = [f"{'attack':40} {'':4} {'status':13} {'detail':18} {'ms':>6}  said"]
    for row in rows:
        mark = "ok" if row.contained and row.went_on else "BAD"
        lines.append(f"{row.attack:40} {mark:4} {row.status:13} {row.detail:18.18} {row.wall_ms:6.0f}  {row.said}")
    contained = sum(row.contained and row.went_on for row in rows)
    lines.append(f"{contained} of {len(rows)} contained at {rows[0].level}; canaries touched: {touched or 'none'}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
