"""Attacks on what stands between scripts and the world: tools, approvals, the record, snapshots. Classes 24 to 27, 35.

Each is played on a cage twice: with the guard that is attacked, and, as its control, without.
"""

from __future__ import annotations

import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import NamedTuple

import msgspec

from cambrian.app.execution.sealing import Sealer
from cambrian.app.signing import Signer
from cambrian.core.errors import StoreDamaged
from cambrian.core.ids import Digest, RunId, digest
from cambrian.core.script import Calls, Script
from cambrian.core.tool import Answer, Call, Tool
from cambrian.journal.clock import SystemClock
from cambrian.journal.kernel import Run
from cambrian.journal.memory import MemoryStore
from cambrian.sandbox.scripts.facts import Checkpointed, Ended, Opened, Recorded
from cambrian.sandbox.scripts.port import Said, ScriptRuntime, Terms
from cambrian.sandbox.scripts.session import Candidate, ScriptSession
from cambrian.testing.script_play import BEGUN
from cambrian.tools.functions import tool
from cambrian.tools.policy import ToolPolicy
from cambrian.tools.registry import Toolbox

from .attack import ROOM
from .stage import Cage

__all__ = ["BRIDGE", "BridgeAttack"]


class BridgeAttack(NamedTuple):
    """One attack.

    Args:
        number: of its class.
        name: what it tries.
        play: whether it gets through on a cage; `guarded` is False for the control.
        needs_snapshots: whether it does not apply to runtimes without them.
    """

    number: int
    name: str
    play: Callable[[Cage, bool], Awaitable[bool]]
    needs_snapshots: bool = False


class Careless(Toolbox):
    """A toolbox that lets everything by."""

    def refusal(self, call: Call) -> str:
        """Nothing is refused."""
        return ""

    async def invoke(self, call: Call, *, key: str) -> Answer:
        """Carries out whatever it is."""
        MADE.append(call.tool)
        return Answer(call=call.id)


MADE: list[str] = []
"""What was done in the world."""


async def _ended(
    cage: Cage, box: Toolbox, python: str, javascript: str, *, most: int = 1000, record: tuple[Recorded, ...] = ()
) -> Ended:
    MADE.clear()
    script = Script(code=python if cage.language == "python" else javascript, language=cage.language)
    opened = Opened(script=script, limits=ROOM, terms=Terms(seed=1, now=BEGUN), tools=box.tools(), most_calls=most)
    clock = SystemClock()
    run = await Run.create(MemoryStore(), kind="execution", data=opened, clock=clock, holder="attack", run=RunId("r"))

    async def start() -> ScriptRuntime:
        return cage.runtime

    try:
        session = ScriptSession(opened, box, run, clock, run="r", record=record)
        return await session.run([Candidate(cage.runtime.name, (), start)])
    finally:
        await run.aclose()


def save(path: str, size: int) -> None:
    """Write something."""
    MADE.append(f"save {path} {size}")


@tool(approval=True)
def send(to: str) -> None:
    """Send something to somebody."""
    MADE.append(f"send {to}")


def wipe() -> None:
    """Throw everything away."""
    MADE.append("wipe")


async def _confuses_arguments(cage: Cage, guarded: bool) -> bool:
    """Wrong types, too many arguments, unknown names, a value of another shape: no such call is carried out."""
    await _ended(
        cage, (Toolbox if guarded else Careless)([save]),
        "for args, named in (((5, 6), {}), (('a', '6'), {}), (('a',), {}), (('a', 1, 2), {}), "
        "((), {'path': 'a', 'size': 1, "
        "'x': 2}), ((['a'], 1), {}), (('a', True), {}), (({'a': 1}, 1), {})):\n    try:\n        save(*args, **named)\n"
        "    except ToolError:\n        pass",
        "for (const args of [[5, 6], ['a', '6'], ['a'], ['a', 1, 2], [{path: 'a', size: 1, x: 2}], "
        "[['a'], 1], ['a', true], "
        "[{path: {}, size: 1}]])\n  try { await save(...args) } catch {}",
    )  # fmt: skip
    return bool(MADE)


async def _goes_round_approval(cage: Cage, guarded: bool) -> bool:
    """By another name, many at once, again after a denial."""
    policy = ToolPolicy() if guarded else ToolPolicy(approved=("send",))
    await _ended(
        cage, Toolbox([send], policy=policy),
        "post = tools['send']\nfor f in (send, post, tools.send, send):\n    try:\n        f('me')\n"
        "    except ToolError:\n        pass",
        "const post = tools['send']\nawait Promise.allSettled([send('me'), post('me'), tools.send({to: 'me'})])\n"
        "try { await send('me') } catch {}",
    )  # fmt: skip
    return bool(MADE)


async def _goes_on_otherwise_than_recorded(cage: Cage, guarded: bool) -> bool:
    """On record is another call than the script makes now: nothing new may be done."""
    call = Call(id=0, tool="save", args=["a", 1])
    record = (Recorded(call=call, answer=Answer(call=0), now=BEGUN, key="r/1"),) if guarded else ()
    await _ended(cage, Toolbox([save, wipe]), "wipe()", "await wipe()", record=record)
    return bool(MADE)


async def _calls_on_and_on(cage: Cage, guarded: bool) -> bool:
    """More calls than it may make, one after the other and all at once."""
    found: list[int] = []
    for python, javascript in (
        ("for i in range(40):\n    wipe()", "for (let i = 0; i < 40; i++) await wipe()"),
        (
            "import asyncio\nasync def f():\n    wipe()\nawait asyncio.gather(*[f() for _ in range(40)])",
            "await Promise.all(Array.from({length: 40}, () => wipe()))",
        ),
    ):
        await _ended(cage, Toolbox([wipe]), python, javascript, most=10 if guarded else 1000)
        found.append(len(MADE))
    return max(found) > 10


async def _changes_a_snapshot(cage: Cage, guarded: bool) -> bool:
    """Flipped bits, cut off, of other code, run, call or version, sealed by another: none may be loaded."""
    script = Script(code="x = echo(1)\nx", language=cage.language)
    terms = Terms(seed=1, now=BEGUN)
    execution, said = await cage.runtime.begin(script, (Tool(name="echo"),), ROOM, terms)
    assert isinstance(said, Said)
    assert isinstance(said.turn, Calls)
    state = await execution.snapshot()
    await execution.close()
    made = Checkpointed(
        run="r", call=0, runtime=cage.runtime.name, version=cage.runtime.version, snapshot=digest(state),
        size=len(state), seal="",
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        sealer, other = (Sealer(Signer(Path(folder) / name)) for name in ("mine", "others"))
        sealed = msgspec.structs.replace(made, seal=sealer(state, script.code, made))
        if not guarded:
            return _loads(sealer, state, script.code, sealed)
        forged = msgspec.structs.replace(made, seal=other(state, script.code, made))
        half = bytearray(state)
        half[len(state) // 2] ^= 1
        tries = [
            (bytes(half), script.code, sealed), (state[:-1], script.code, sealed), (b"", script.code, sealed),
            (state, script.code + " ", sealed), (state, script.code, forged), (state, script.code, made),
            *((state, script.code, msgspec.structs.replace(sealed, **change)) for change in (
                {"run": "s"}, {"call": 1}, {"version": "0"}, {"runtime": "cpython"}, {"seal": sealed.seal[:-1]},
            )),
            (bytes(half), script.code, msgspec.structs.replace(sealed, snapshot=Digest(digest(bytes(half))))),
        ]  # fmt: skip
        return any(_loads(sealer, *each) for each in tries)


def _loads(sealer: Sealer, state: bytes, code: str, made: Checkpointed) -> bool:
    try:
        sealer.check(state, code, made)
    except StoreDamaged:
        return False
    return True


BRIDGE = (
    BridgeAttack(24, "gives tools what they do not take", _confuses_arguments),
    BridgeAttack(25, "goes round an approval", _goes_round_approval),
    BridgeAttack(26, "makes another call than is on record", _goes_on_otherwise_than_recorded),
    BridgeAttack(27, "changes a snapshot", _changes_a_snapshot, needs_snapshots=True),
    BridgeAttack(35, "makes calls without end", _calls_on_and_on),
)
"""All of them."""
