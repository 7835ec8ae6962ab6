"""Attacks on runtimes of scripts: what one is, and when it has got through. Holds no attack.

A probe is the body of a script in Python, whose last expression is its value, or in JavaScript, which returns it. It is
run in two places: in a cage, and by the plain interpreter. The same text has to be denied in the one and to get through
in the other; a probe that does nothing in either would prove nothing.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from cambrian.core.limits import Limits
from cambrian.core.script import Done, Raised
from cambrian.testing.script_play import Played

__all__ = ["NARROW", "ROOM", "Attack", "Seen", "by_size", "by_time", "by_trace", "by_value"]

ROOM = Limits(wall=20.0, cpu=20.0, memory=128 * 2**20, output=2**16, disk=2**20, files=50)
NARROW = Limits(wall=0.7, cpu=10.0, memory=64 * 2**20, output=2**14, disk=2**20, files=50)


class Seen(msgspec.Struct, frozen=True):
    """What was seen of a probe.

    Args:
        played: how the script went.
        took_s: seconds.
        limits: what it may use.
        traces: what it left on the host.
    """

    played: Played
    took_s: float
    limits: Limits
    traces: tuple[str, ...] = ()


Landed = Callable[[Seen], bool]


def by_value(seen: Seen) -> bool:
    """It got through if it says so: its value is something."""
    return isinstance(seen.played.end, Done) and bool(seen.played.end.value)


def by_trace(seen: Seen) -> bool:
    """It got through if the host shows a trace of it, whatever it says itself."""
    return bool(seen.traces)


def by_time(seen: Seen) -> bool:
    """It got through if it had more time than it may have. A busy machine gets some seconds more."""
    return by_value(seen) and seen.took_s > seen.limits.wall + (seen.limits.wall < 1.0 and 8.0)


def by_size(seen: Seen) -> bool:
    """It got through if more came out than may."""
    end = seen.played.end
    value = len(msgspec.json.encode(end.value)) if isinstance(end, Done) else 0
    error = len(end.message) if isinstance(end, Raised) else 0
    return max(value, error, len(seen.played.stdout), len(seen.played.stderr)) > 2 * seen.limits.output


class Attack(msgspec.Struct, frozen=True, kw_only=True):
    """One attack.

    Args:
        number: of its class, 1 to 41.
        name: what it tries.
        python: probe; "" if the language has no such thing.
        javascript: likewise.
        absent: why a language has none.
        limits: in the cage. The control has none.
        landed: whether it got through.
        control_python: another text for the control, where the host that is attacked has to be a careless one.
        control_javascript: likewise.
        control_landed: likewise.
        then_python: a second script, run after the first; its end is what counts. In the control both are one.
        then_javascript: likewise.
        slow: whether it takes a second or more.
    """

    number: int
    name: str
    python: str = ""
    javascript: str = ""
    absent: str = ""
    limits: Limits = ROOM
    landed: Landed = by_value
    control_python: str = ""
    control_javascript: str = ""
    control_landed: Landed | None = None
    then_python: str = ""
    then_javascript: str = ""
    slow: bool = False

    def probe(self, language: str) -> str:
        """The text in a language."""
        return self.python if language == "python" else self.javascript

    def then(self, language: str) -> str:
        """The second script."""
        return self.then_python if language == "python" else self.then_javascript

    def control(self, language: str) -> str:
        """The text for the plain interpreter."""
        other = self.control_python if language == "python" else self.control_javascript
        if other:
            return other
        then = self.then(language)
        return f"{self.probe(language)}\n{then}" if then else self.probe(language)
