"""Attacks on runtimes of scripts: cages, controls, and one attack played."""

from __future__ import annotations

import importlib
import sys
import time
from collections.abc import Sequence
from typing import NamedTuple, Protocol, cast

from cambrian.core.errors import CapabilityMissing, SandboxError
from cambrian.core.limits import Level
from cambrian.core.script import Done, Language
from cambrian.sandbox.scripts.driven import Driver
from cambrian.sandbox.scripts.runtime import DrivenRuntime
from cambrian.testing.script_play import Function, Played, play

from .attack import ROOM, Attack, Seen
from .files import FILES
from .host import PAGE, Host
from .limits import LIMITS
from .network import NETWORK
from .plain import Plain
from .processes import PROCESSES
from .protocol import PROTOCOL

__all__ = ["ATTACKS", "WHERE", "Cage", "Verdict", "attacked", "driver_of", "functions", "plain_control"]

ATTACKS: tuple[Attack, ...] = (*FILES, *NETWORK, *PROCESSES, *LIMITS, *PROTOCOL)
WHERE: tuple[tuple[str, Level], ...] = (
    ("monty", Level.L3),
    ("cpython", Level.L3),
    ("cpython", Level.L2),
    ("quickjs", Level.L3),
    ("quickjs", Level.L2),
    ("deno", Level.L3),
    ("node", Level.L3),
    ("bun", Level.L3),
)
"""Every runtime at each level that it can have. Monty, Deno, Node and Bun are several processes: level 3."""


class _Module(Protocol):
    def driver(self) -> Driver: ...


class Verdict(NamedTuple):
    """What came of an attack.

    Args:
        denied: whether it did not get through, the next script ran, and nothing is left on the host.
        told: how it ended.
        why: what is wrong, if it was not denied.
    """

    denied: bool
    told: str
    why: str = ""


def driver_of(name: str) -> Driver:
    """The driver of a runtime.

    Raises:
        CapabilityMissing: it is not here.
    """
    return cast("_Module", importlib.import_module(f"cambrian.sandbox.scripts.{name}")).driver()


class Cage:
    """A runtime at a level."""

    def __init__(self, runtime: DrivenRuntime) -> None:
        self.runtime = runtime
        self.language: Language = "python" if "python" in runtime.languages else "javascript"

    @classmethod
    async def start(cls, name: str, level: Level) -> Cage:
        """Start it.

        Raises:
            CapabilityMissing: the runtime is not here.
            SandboxError: the level cannot be had.
        """
        runtime = DrivenRuntime(driver_of(name), workers=1, level=level, limits=ROOM)
        try:
            await runtime.warm()
        except BaseException:
            await runtime.aclose()
            raise
        return cls(runtime)

    async def play(self, code: str, attack: Attack, host: Host) -> Played:
        """Run a probe."""
        return await play(
            self.runtime, code, functions(), language=self.language, inputs={"host": host.places()},
            limits=attack.limits,
        )  # fmt: skip

    async def works(self) -> str:
        """What is wrong with the next script; "" if nothing is."""
        code = "add(40, 2)" if self.language == "python" else "await add(40, 2)"
        played = await play(self.runtime, code, functions(), language=self.language, limits=ROOM)
        return "" if played.told == "value 42" and len(played.calls) == 1 else f"the next script: {played.told}"


def functions() -> dict[str, Function]:
    """The tools that scripts may call."""
    secret = "hidden-" + "in-the-host"

    def add(a: object, b: object = 0) -> object:
        assert secret
        return cast("int", a) + cast("int", b)

    return {"add": add, "echo": lambda *values: [*values], "page": lambda: dict(PAGE)}


async def attacked(attack: Attack, cage: Cage, host: Host) -> Verdict:
    """Play an attack in a cage."""
    host.traces()
    try:
        seen = await _seen(attack, cage, host)
        wrong = await cage.works()
    except SandboxError as error:
        return Verdict(denied=False, told=f"machinery: {error}", why="it broke the runtime")
    if attack.landed(seen):
        return Verdict(denied=False, told=seen.played.told, why="it got through")
    if seen.traces:
        return Verdict(denied=False, told=seen.played.told, why=f"traces on the host: {', '.join(seen.traces)}")
    return Verdict(denied=not wrong, told=seen.played.told, why=wrong)


async def _seen(attack: Attack, cage: Cage, host: Host) -> Seen:
    began = time.monotonic()
    played = await cage.play(attack.probe(cage.language), attack, host)
    then = attack.then(cage.language)
    if then:
        played = await cage.play(then, attack, host)
    took = time.monotonic() - began
    if attack.number == 34:
        played = _both(played, await cage.play(attack.probe(cage.language), attack, host))
    return Seen(played=played, took_s=took, limits=attack.limits, traces=host.traces())


def _both(first: Played, second: Played) -> Played:
    if isinstance(first.end, Done) and isinstance(second.end, Done):
        return Played(Done(value=[first.end.value, second.end.value]))
    return first


def plain_control(attack: Attack, language: Language, host: Host) -> Verdict:
    """Play the same probe in each plain interpreter that is here; `denied` is False if it got through in one."""
    told: list[str] = []
    for plain in _plains(language):
        host.traces()
        began = time.monotonic()
        played = plain.run(attack.control(language), host)
        took = time.monotonic() - began
        if attack.number == 34:
            played = _both(played, plain.run(attack.control(language), host))
        seen = Seen(played=played, took_s=took, limits=attack.limits, traces=host.traces())
        told.append(f"{plain.name}: {played.told}")
        if (attack.control_landed or attack.landed)(_patient(seen)):
            return Verdict(denied=False, told=told[-1])
    return Verdict(denied=True, told="; ".join(told) or "no plain interpreter here")


def _patient(seen: Seen) -> Seen:
    """The control is not given the time that a busy machine is."""
    return Seen(played=seen.played, took_s=seen.took_s + 8.0, limits=seen.limits, traces=seen.traces)


def _plains(language: Language) -> Sequence[Plain]:
    if language == "python":
        return [Plain("python", (sys.executable, "-c"))]
    found: list[Plain] = []
    for name, words in (
        ("deno", ("run", "-A", "--quiet", "--no-lock")),
        ("node", ("--no-warnings",)),
        ("bun", ("run",)),
    ):
        try:
            settings: dict[str, object] = {}
            exec(driver_of(name).files["drivers/engine_settings.py"], settings)
        except CapabilityMissing:
            continue
        found.append(Plain(name, (cast("tuple[str, ...]", settings["COMMAND"])[0], *words)))
    return found
