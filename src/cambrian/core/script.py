"""Scripts: pieces of code that an AI wrote, run for their value, and what a turn of such a run brings."""

from __future__ import annotations

from typing import Literal

import msgspec

from .checks import check_choice
from .tool import Call

__all__ = ["LANGUAGES", "Calls", "Done", "Gap", "Language", "Raised", "Script", "Turn"]

Language = Literal["python", "javascript", "typescript"]
LANGUAGES: tuple[Language, ...] = ("python", "javascript", "typescript")


class Script(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A piece of code whose last expression is its value. It may await at top level.

    Args:
        code: source text.
        language: one of `LANGUAGES`.
        inputs: name → JSON value; global variables of the running code.
        name: what tracebacks call it.
        prelude: text run before the code, in the same variables; not counted in its lines. Never the user's.
    """

    code: str
    language: Language
    inputs: dict[str, object] = {}
    name: str = "script"
    prelude: str = ""

    def __post_init__(self) -> None:
        check_choice("a script's language", self.language, LANGUAGES, example='language="python"')


class Calls(msgspec.Struct, frozen=True, kw_only=True, tag="calls", tag_field="turn"):
    """The code waits for the answers of these calls; they may be carried out side by side."""

    calls: list[Call]


class Done(msgspec.Struct, frozen=True, kw_only=True, tag="done", tag_field="turn"):
    """The code has ended; `value` is that of its last expression, a JSON value.

    `shown` is its representation where the value itself is no JSON value, which is then null.
    """

    value: object = None
    shown: str = ""


class Raised(msgspec.Struct, frozen=True, kw_only=True, tag="raised", tag_field="turn"):
    """The code ended with an exception of its own; a syntax error counts as one."""

    type: str
    message: str
    traceback: str = ""
    line: int | None = None


class Gap(msgspec.Struct, frozen=True, kw_only=True, tag="gap", tag_field="turn"):
    """The runtime lacks something that the language has: another runtime may be able to run the same code.

    Args:
        what: a feature's name as in the capability tables (``"import:statistics"``, ``"class:inheritance"``), or the
            runtime's own words.
        line: 1-based, where known.
    """

    what: str
    line: int | None = None


Turn = Calls | Done | Raised | Gap
"""What a run of a script comes to: it waits, it has ended, or it cannot go on here."""
