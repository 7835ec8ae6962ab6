"""How a program failed, as far as repair wants to know: what was raised where, and what there was to choose from."""

from __future__ import annotations

import msgspec

__all__ = ["Absent", "Failure", "Fix", "Pattern"]


class Absent(msgspec.Struct, frozen=True, kw_only=True):
    """A member that an object did not have when it was asked for; JavaScript gives `undefined` then.

    Args:
        start: index of its first character in the file.
        name: of the member.
        owner: type of the object.
        members: what the object has.
        checked: a type checker says so, and what may be meant, with no run.
    """

    start: int
    name: str
    owner: str = ""
    members: tuple[str, ...] = ()
    checked: bool = False


class Failure(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A failure, as a jail or a traceback told it: words of an enemy.

    Args:
        type: of the exception, ``"AttributeError"``; ``"Exit"`` for a status, ``"Output"`` for other output than asked
            for, ``"Timeout"``.
        message: of the exception.
        file: of the program, in which it shows; relative.
        line: 1-based; 0 if unknown.
        function: in which it shows.
        lines: all lines of the file on the way there, innermost first.
        name: what was looked for: of a variable, an attribute, a module, a key.
        owner: type of the object in which it was looked for.
        members: names that this object has; keys of dicts for a key.
        visible: variables that can be seen there: name → type.
        holders: those of them that have an attribute of this name.
        unawaited: coroutine functions of which a call was never awaited.
        output: what it printed.
        absent: members that were asked for and not there, in whatever line; only of languages that go on then.
    """

    type: str
    message: str = ""
    file: str = "program.py"
    line: int = 0
    function: str = ""
    lines: tuple[int, ...] = ()
    name: str = ""
    owner: str = ""
    members: tuple[str, ...] = ()
    visible: dict[str, str] = {}
    holders: tuple[str, ...] = ()
    unawaited: tuple[str, ...] = ()
    output: str = ""
    absent: tuple[Absent, ...] = ()

    def __str__(self) -> str:
        where = f" ({self.file}:{self.line})" if self.line else ""
        return f"{self.type}: {self.message}{where}" if self.message else f"{self.type}{where}"


class Pattern(msgspec.Struct, frozen=True, order=True):
    """What was learned from a fix: in errors of this type, on an object of this type, this name stood for that one."""

    error: str
    owner: str
    name: str
    replacement: str


class Fix(msgspec.Struct, frozen=True, kw_only=True):
    """A text that may be right.

    Args:
        text: the whole file.
        what: what was done, in a few words.
        cost: how far-fetched it is: 0 for what the error says itself, 1 for one wrong letter.
        line: where, 1-based.
        named: it follows from what the error names, at the place that it names; only such ones may be applied unseen.
        pattern: what can be learned from it.
    """

    text: str
    what: str
    cost: float
    line: int
    named: bool = True
    pattern: Pattern | None = None
