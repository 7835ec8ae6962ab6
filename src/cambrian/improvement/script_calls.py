"""What a function of a script is called with in trials: known calls, and others made from them. Runs nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from typing import cast

from cambrian.core.errors import UsageError
from cambrian.source.rules.script import arguments, called

from .script_functions import parsed

__all__ = ["Call", "calls_in", "larger", "read_calls", "varied"]

_SMALL = 2000

Call = list[object]
"""Arguments, JSON values."""


def read_calls(path: Path) -> list[Call]:
    """Calls from a file: one JSON array of arguments a line, or one array of such arrays over several lines.

    Raises:
        UsageError: it cannot be read, or is neither.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"the inputs {str(path)!r} cannot be read: {error.strerror}") from error
    lines = [line for line in text.splitlines() if line.strip()]
    found = _calls_of(lines) or _calls_of([text])
    if not found:
        raise UsageError(
            f'{str(path)!r} holds no calls; write one JSON array of arguments a line, such as [[1, 2], "a"]'
        )
    return found


def _calls_of(texts: Sequence[str]) -> list[Call]:
    """One call a text, or one text of several lines with an array of calls; none if it is neither."""
    try:
        read = [cast("object", json.loads(each)) for each in texts]
    except ValueError:
        return []
    whole = len(texts) == 1 and "\n" in texts[0].strip()
    found = cast("list[object]", read[0]) if whole and isinstance(read[0], list) else read
    return cast("list[Call]", found) if all(isinstance(each, list) for each in found) else []


def calls_in(text: str, path: Path, name: str) -> list[Call]:
    """Calls of a function in a text whose arguments are all literals.

    Raises:
        UsageError: it does not parse.
    """
    found: list[Call] = []
    for call in parsed(text, path).of("call_expression"):
        if called(call)[1] == name:
            try:
                given = [cast("object", json.loads(_quoted(part.text))) for part in arguments(call)]
            except ValueError:
                continue
            found.append(given)
    return found


def _quoted(text: str) -> str:
    """A literal of JavaScript as JSON, where that is easy."""
    text = re.sub(r"'([^'\"\\]*)'", r'"\1"', text)
    return re.sub(r"([{,]\s*)([A-Za-z_$][\w$]*)\s*:", r'\1"\2":', text)


def varied(given: Sequence[Call], most: int, rng: Random) -> list[Call]:
    """Calls made from known ones: each with its values changed a little, none twice; known ones first, then small ones.

    Large calls are not varied, if there are others: mistakes show in small ones.

    Args:
        given: argument lists.
        most: so many in all.
        rng: draws.
    """
    found = {json.dumps(call): call for call in given}
    known, models = tuple(found), _models(found)
    tries = 0
    while len(found) < most and tries < 4 * most and models:
        tries += 1
        model = rng.choice(models)
        call = [_mutated(each, rng, _atoms(model)) for each in model]
        found.setdefault(json.dumps(call), call)
    made = sorted((text for text in found if text not in known), key=len)
    return [found[text] for text in [*known, *made]][:most]


def _models(known: Mapping[str, Call]) -> list[Call]:
    """The small ones."""
    least = min(map(len, known), default=0)
    return [call for text, call in known.items() if len(text) <= max(_SMALL, least)]


def _atoms(value: object) -> list[object]:
    """Numbers and texts in a value."""
    if isinstance(value, list):
        return [atom for item in cast("list[object]", value) for atom in _atoms(item)]
    if isinstance(value, dict):
        return [atom for item in cast("dict[str, object]", value).values() for atom in _atoms(item)]
    return [value] if isinstance(value, int | float | str) and not isinstance(value, bool) else []


def _mutated(value: object, rng: Random, atoms: Sequence[object], *, fixed: bool = False) -> object:
    """A value of the same shape."""
    if isinstance(value, bool):
        return value if rng.random() < 0.7 else not value
    if isinstance(value, str):
        return _text(value, rng, atoms)
    if isinstance(value, int | float):
        return _number(value, rng, atoms)
    if isinstance(value, list):
        return _items(cast("list[object]", value), rng, atoms, fixed=fixed)
    if isinstance(value, dict):
        return {key: _mutated(item, rng, atoms) for key, item in cast("dict[str, object]", value).items()}
    return value


def _number(value: float, rng: Random, atoms: Sequence[object]) -> float:
    alike = [atom for atom in atoms if isinstance(atom, int | float) and type(atom) is type(value)]
    if rng.random() < 0.2 and alike:
        return rng.choice(alike)
    if rng.random() < 0.3:
        return value
    if isinstance(value, int) and value < 0:
        return value - 1
    moved = value + rng.randint(-3, 3)
    return max(0, moved) if isinstance(value, int) else moved


def _text(value: str, rng: Random, atoms: Sequence[object]) -> str:
    """The text itself, another one of the call, or it with a character less, twice or exchanged."""
    alike = [atom for atom in atoms if isinstance(atom, str)]
    draw = rng.random()
    if draw < 0.5 or not value:
        return value
    if draw < 0.7:
        return rng.choice(alike) if alike else value
    place = rng.randrange(len(value))
    if draw < 0.8:
        return value[:place] + value[place + 1 :]
    if draw < 0.9:
        return value[: place + 1] + value[place:]
    other = rng.randrange(len(value))
    return value[:place] + value[other] + value[place + 1 :]


def _items(value: list[object], rng: Random, atoms: Sequence[object], *, fixed: bool) -> list[object]:
    """Other items; records (of mixed kinds, or as long as those beside them) keep their length and order."""
    records = _are_records(value)
    items = [_mutated(item, rng, atoms, fixed=records) if rng.random() < 0.3 else item for item in value]
    if fixed or len({_kind(item) for item in items}) > 1:
        return items
    if rng.random() < 0.5:
        rng.shuffle(items)
    if items and rng.random() < 0.5:
        items += [rng.choice(items) for _ in range(rng.randint(1, 6))]
    return items[: rng.randint(0, len(items))] if rng.random() < 0.4 else items


def _are_records(value: list[object]) -> bool:
    """Whether it is a list of several lists, as long as each other."""
    rows = {len(cast("list[object]", item)) if isinstance(item, list) else -1 for item in value}
    return len(value) > 1 and len(rows) == 1 and -1 not in rows


def _kind(value: object) -> type[object]:
    return float if type(value) is int else type(value)


def larger(call: Call, factor: int) -> Call:
    """A call with longer lists; if it has none, with longer texts; if it has none of these, with larger numbers."""
    if factor == 1:
        return call
    kinds = {type(each) for each in call}
    grown = next((kind for kind in (list, str, int) if kind in kinds), None)
    return [_grown(each, factor) if type(each) is grown else each for each in call]


def _grown(value: object, factor: int) -> object:
    """A value with so many times its items, which go on if they are numbers, so that they differ."""
    if isinstance(value, int | str):
        return value * factor
    return [
        item + turn * 1000 if isinstance(item, int) and not isinstance(item, bool) else item
        for turn in range(factor)
        for item in cast("list[object]", value)
    ]
