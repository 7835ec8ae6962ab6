"""What a rule is: a pattern, a guard and a rewrite, with the examples that test and document it. Pure text to text."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Generic, Literal, TypeVar

import msgspec

from cambrian.source.edit import Splice, apply

__all__ = ["Example", "Ground", "Kind", "Language", "Rewrite", "Rule", "applied"]

Kind = Literal["speed", "memory", "security", "repair"]
Language = Literal["python", "javascript", "typescript"]
Ground = Literal["same", "assumes", "changes"]
"""Why the new text may stand for the old one.

same: the guard read all that matters; every input gives the same answer, effects and errors.
assumes: it is the same if what `Rewrite.assumes` lists holds, which the text does not show; tests must.
changes: it is meant to behave otherwise (security, error handling), or only suggested; a person decides.
"""
Parsed = TypeVar("Parsed")
_IMPORT = re.compile(r"(?:from [\w.]+ )?import [\w.]+(?: as \w+)?$")


class Example(msgspec.Struct, frozen=True, kw_only=True):
    """A text before and after; each is a test of its rule and a part of its page in the docs.

    Args:
        before: a whole file.
        after: what the rule makes of it once all its findings are applied; `None`: it must be left alone.
        note: what it shows, in a few words.
        calls: expressions, evaluated in a file's own names before and after, that must give equal values: proof that
            the example itself is right. Python only.
        language: of the text, where a rule knows several.
    """

    before: str
    after: str | None
    note: str = ""
    calls: tuple[str, ...] = ()
    language: Language | None = None


class Rewrite(msgspec.Struct, frozen=True, kw_only=True):
    """A place where a rule applies, and what it would write there.

    Args:
        rule: the rule's id.
        line: 1-based, where the pattern begins.
        column: 1-based, in characters.
        end_line: 1-based, where it ends.
        scope: qualified name of the function it stands in, ``"Class.method"``; "" at the top of a file.
        what: what was found, a sentence for people that names the variables.
        splices: all that has to be replaced, imports included; empty for advice without a rewrite.
        ground: see `Ground`; may be stricter or weaker than the rule's own at this place.
        assumes: what must hold besides, each in a few words: ``"the items of 'names' are hashable"``.
        gain: by what factor the pattern's own work shrinks at some hundred items, about: an order for proposals, never
            a claim. Of a rule of the kind memory: by what factor the memory shrinks that the pattern takes at its peak.
        advice: what a person can do where there is no rewrite, or besides it.
    """

    rule: str
    line: int
    column: int
    end_line: int
    scope: str
    what: str
    splices: tuple[Splice, ...] = ()
    ground: Ground = "same"
    assumes: tuple[str, ...] = ()
    gain: float = 1.0
    advice: str = ""


class Rule(ABC, Generic[Parsed]):
    """One thing that can be written better.

    A rule's file says all of it: the class with its texts as attributes, `find`, and at the end ``RULE = …()``.
    """

    id: str
    """Short, in lower case with hyphens, unique over all rules: ``"membership-set"``."""
    kind: Kind
    languages: tuple[Language, ...]
    title: str
    """A line: what it does."""
    why: str
    """A paragraph for the rule's page: what the pattern costs, when it pays, what the guard looks for."""
    ground: Ground
    examples: tuple[Example, ...]
    """At least one that is rewritten, and at least two look-alikes that are left alone."""
    tags: tuple[str, ...] = ()
    """``"cwe-89"``, ``"async"`` … A rule that states that it spares memory, of whatever kind, has ``"memory"``."""
    words: tuple[str, ...] = ()
    """A file without any of these in its text is not looked at; none: all files are."""

    @abstractmethod
    def find(self, parsed: Parsed) -> Iterable[Rewrite]:
        """The places of one file, in its order. Never raises for a file that parses.

        Args:
            parsed: a Python file as `source.analysis.Module`, a JavaScript or TypeScript file as
                `source.rules.script.Script`.
        """


def applied(text: str, rewrites: Iterable[Rewrite]) -> str:
    """The text with rewrites made. Of those that overlap the first stays; run the rule again for the others.

    Equal splices of several rewrites (an import that both need) are made once; different imports at one place stand
    one below the other.
    """
    chosen: list[Splice] = []
    for rewrite in rewrites:
        new = [splice for splice in rewrite.splices if splice not in chosen]
        if not any(_clash(one, other) for one in new for other in chosen):
            chosen += new
    return apply(text, _gathered(chosen))


def _clash(one: Splice, other: Splice) -> bool:
    """Whether two splices touch the same characters, or insert at one place, in no order."""
    if one.start == one.stop and other.start == other.stop:
        return one.start == other.start and not (_imports(one) and _imports(other))
    return one.start < other.stop and other.start < one.stop


def _imports(splice: Splice) -> bool:
    """Whether it inserts lines of imports, whose order does not matter."""
    lines = splice.text.strip().splitlines()
    return splice.start == splice.stop and bool(lines) and all(_IMPORT.match(line) for line in lines)


def _gathered(splices: list[Splice]) -> list[Splice]:
    """The same, with imports that are inserted at one place in one splice, and its blank lines around them once."""
    others = [splice for splice in splices if not _imports(splice)]
    places: dict[int, list[str]] = {}
    for splice in splices:
        if _imports(splice):
            places.setdefault(splice.start, []).append(splice.text)
    for place, texts in places.items():
        first = texts[0]
        inner = first.strip("\r\n")
        before, after = first[: first.index(inner)], first[first.index(inner) + len(inner) :]
        end = "\r\n" if "\r\n" in first else "\n"
        lines = sorted({line for text in texts for line in text.strip().splitlines()})
        others.append(Splice(place, place, before + end.join(lines) + after))
    return others
