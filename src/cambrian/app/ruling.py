"""The catalogue of rules as people and programs read it: a list, a rule, and the page of the documentation."""

from __future__ import annotations

from difflib import get_close_matches

import msgspec

from cambrian.core.errors import UsageError
from cambrian.source.algorithms import Algorithm, algorithms
from cambrian.source.diff import unified
from cambrian.source.rules.catalogue import AnyRule, rules
from cambrian.source.rules.rule import Example, Ground, Kind, Language

__all__ = ["RuleLine", "RulePage", "listed", "page", "pages", "told"]

_GROUNDS: dict[Ground, str] = {
    "same": "shown: the guard reads all that matters",
    "assumes": "shown where the text shows all that matters; else what has to be assumed is told",
    "changes": "a suggestion: it is meant to behave otherwise",
}


class RuleLine(msgspec.Struct, frozen=True, kw_only=True):
    """A rule in the list."""

    id: str
    kind: Kind
    languages: tuple[Language, ...]
    ground: Ground
    title: str
    tags: tuple[str, ...]


class RulePage(RuleLine, frozen=True, kw_only=True):
    """All that a rule says of itself."""

    why: str
    examples: tuple[Example, ...]


def listed(kind: Kind | None = None, language: Language | None = None) -> list[RuleLine]:
    """The rules there are, in the order of the catalogue."""
    return [
        RuleLine(
            id=rule.id, kind=rule.kind, languages=rule.languages, ground=rule.ground, title=rule.title, tags=rule.tags
        )
        for rule in rules(kind, language)
    ]  # fmt: skip


def page(name: str) -> RulePage:
    """A rule by its id, or an algorithm of the library by ``algorithm:`` and its name.

    Raises:
        UsageError: there is none of that id.
    """
    every = rules()
    for rule in every:
        if rule.id == name:
            return RulePage(
                id=rule.id, kind=rule.kind, languages=rule.languages, ground=rule.ground, title=rule.title,
                tags=rule.tags, why=rule.why, examples=rule.examples,
            )  # fmt: skip
    known = {each.rule: each for each in algorithms()}
    if name in known:
        return _algorithm(known[name])
    near = get_close_matches(name, [*(rule.id for rule in every), *known], 3, 0.5)
    meant = f"did you mean {' or '.join(near)}? " if near else ""
    raise UsageError(f"there is no rule {name!r}; {meant}`cambrian rules` lists all {len(every)}")


def _algorithm(found: Algorithm) -> RulePage:
    return RulePage(
        id=found.rule, kind="speed", languages=("python",), ground="assumes", title=f"{found.title}; {found.cost}",
        tags=("algorithm",), why=found.text.rstrip(), examples=(),
    )  # fmt: skip


def told(rule: RulePage) -> str:
    """A rule in the words of the command line."""
    lines = [f"{rule.id}: {rule.title}", "", rule.why]
    lines += [] if "algorithm" in rule.tags else ["", f"same behaviour: {_GROUNDS[rule.ground]}"]
    for example in rule.examples:
        note = f" ({example.note})" if example.note else ""
        if example.after is None:
            lines += ["", f"left alone{note}:", *(f"    {line}" for line in example.before.splitlines())]
        else:
            lines += ["", f"rewritten{note}:", *(f"    {line}" for line in _changed(example.before, example.after))]
    return "\n".join(lines)


def pages() -> str:
    """The catalogue as a page in Markdown."""
    parts = [
        "# Rules",
        "Made from the rules themselves when this documentation is built; `cambrian rules ID` shows the same. Each "
        "example is a test. [How to write a rule](../how-to/write-a-rule.md).",
    ]
    for kind in ("speed", "memory", "security", "repair"):
        chosen = rules(kind)
        if chosen:
            parts += [f"## {kind.capitalize()}", *(_section(rule) for rule in chosen)]
    return "\n\n".join([*parts, "## Algorithms", _ALGORITHMS, _table()]) + "\n"


_ALGORITHMS = (
    "What `cambrian improve` [knows by what it does](../how-to/improve.md#algorithms); "
    "`cambrian rules algorithm:NAME` shows the function."
)


def _table() -> str:
    rows = ["| algorithm | takes | is | cost |", "|---|---|---|---|"]
    return "\n".join([*rows, *map(_row, algorithms())])


def _row(found: Algorithm) -> str:
    takes = ", ".join(f"{one.name}: {one.kind}" for one in found.parameters)
    return f"| {found.rule} | {takes} | {found.title} | {found.cost} |"


def _section(rule: AnyRule) -> str:
    languages = ", ".join(rule.languages)
    parts = [f"### {rule.id}", f"{rule.title} ({languages}).", rule.why, f"Same behaviour: {_GROUNDS[rule.ground]}."]
    parts += [_example(example, example.language or rule.languages[0]) for example in rule.examples]
    return "\n\n".join(parts)


def _example(example: Example, language: Language) -> str:
    note = f" ({example.note})" if example.note else ""
    if example.after is None:
        return f"Left alone{note}:\n\n```{language}\n{example.before.rstrip()}\n```"
    body = "\n".join(_changed(example.before, example.after))
    return f"Rewritten{note}:\n\n```diff\n{body}\n```"


def _changed(before: str, after: str) -> list[str]:
    """All lines of both texts, as in a diff."""
    return unified({"example": before}, {"example": after}, context=len(before) + len(after)).splitlines()[3:]
