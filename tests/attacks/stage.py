"""Attacks: how one is played. Holds no attack."""

from __future__ import annotations

from typing import NamedTuple

from cambrian.core.codec import decode, encode
from cambrian.core.limits import Limits
from cambrian.core.ports import Exit, Program, Reply
from cambrian.sandbox import CPythonJail

BOUNDED = Limits(wall=30.0, cpu=10.0, memory=192 * 2**20, disk=8 * 2**20, files=100)


class Outcome(NamedTuple):
    """What came of it: a value, an exception that the program raised, or an end."""

    value: object = None
    raised: str = ""
    exit: Exit | None = None

    @property
    def end(self) -> tuple[str, str]:
        """Status and detail of its end; empty if it lived on."""
        return (str(self.exit.status), self.exit.detail) if self.exit else ("", "")

    @property
    def status(self) -> str:
        """Status of its end."""
        return self.end[0]


async def play(jail: CPythonJail, source: str, *arguments: object, limits: Limits = BOUNDED) -> Outcome:
    """Launch a program with a function `attack`, call it once, close it."""
    session = await jail.launch(Program(files={"attack.py": source}, entry="attack.py:attack"), limits)
    if isinstance(session, Exit):
        return Outcome(exit=session)
    try:
        answer = await session.call(encode(arguments))
    finally:
        end = await session.close()
    if isinstance(answer, Reply):
        assert end.status == "ok", end
    return outcome(answer)


def outcome(answer: Reply | Exit) -> Outcome:
    """An answer, decoded."""
    if isinstance(answer, Exit):
        return Outcome(exit=answer)
    value = decode(answer.payload)
    if answer.raised:
        assert isinstance(value, dict)
        return Outcome(raised=f"{value['type']}: {value['message']}")
    return Outcome(value=value)


async def still_works(jail: CPythonJail) -> bool:
    """Whether the jail serves the next program as if nothing had been."""
    return (await play(jail, "def attack(x):\n    return x + 1\n", 1)).value == 2
