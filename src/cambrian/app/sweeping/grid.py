"""The notation of ``--grid`` → cells. Every value of every key is tried on the task before anything runs."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

from cambrian.app.document import did_you_mean
from cambrian.app.evolution import prepare
from cambrian.app.request import SEED_MAX
from cambrian.core.errors import TaskError, UsageError
from cambrian.search.task import Task

from .view import Cell

__all__ = ["ALONE", "CELLS_MAX", "cells_of", "parse_grid"]

CELLS_MAX = 10_000
SEED = "seed"
ALONE = "cache=false"
"""Setting of every cell whose grid does not say otherwise: one that recalls what another evaluated costs no CPU."""
SHORT = {"strategy": "strategy.name"}
"""Keys that may be written short."""
_RANGE = re.compile(r"(-?\d+)\.\.(-?\d+)(?:\.\.(\d+))?")
_SET = re.compile(r"^--set [^ ]+: ")
"""How `apply_settings` begins: the same key and value as the grid's."""
_EXAMPLE = "write for example --grid 'strategy=islands,topk seed=1..5'"
_DIGITS, _SHOWN = 19, 60
"""Digits of the largest seed; characters that are told of what somebody wrote."""
_OPENING, _CLOSING = "[{(", "]})"


class Axis(NamedTuple):
    """A key as it was written, and its values in order."""

    key: str
    values: tuple[str, ...]


def parse_grid(texts: Sequence[str]) -> list[Axis]:
    """Read ``KEY=VALUE,VALUE …``: values are separated by commas, keys by spaces; ``1..5`` is 1,2,3,4,5.

    Quotes and brackets keep commas and spaces together: ``budget="60s,100ev","600s"``.

    Raises:
        UsageError: it cannot be read, a key stands twice, or a value does.
    """
    axes: list[Axis] = []
    for part in [piece for text in texts for piece in _split(text, " \t\n")]:
        key, equals, values = part.partition("=")
        if not equals or not key or not values:
            raise UsageError(f"--grid {short(part)!r} is not understood; {_EXAMPLE}")
        if SHORT.get(key, key) in [SHORT.get(axis.key, axis.key) for axis in axes]:
            raise UsageError(f"--grid names {short(key)!r} twice; write all its values in one list")
        axes.append(Axis(key, tuple(_values(key, values))))
    if not axes:
        raise UsageError(f"--grid is empty; {_EXAMPLE}")
    return axes


def short(text: str) -> str:
    """A text as an error tells it."""
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _values(key: str, text: str) -> Iterator[str]:
    seen: set[str] = set()
    for piece in _split(text, ",", keep_empty=True):
        if not piece:
            raise UsageError(f"--grid {short(key)}={short(text)}: a value is missing between two commas")
        for value in _range(key, piece):
            if value in seen:
                raise UsageError(f"--grid {short(key)}={short(text)}: the value {short(value)!r} stands twice")
            seen.add(value)
            yield value


def _range(key: str, piece: str) -> Iterator[str]:
    match = _RANGE.fullmatch(piece)
    if match is None:
        yield piece
        return
    plain = max(map(len, match.groups(default=""))) <= _DIGITS
    low, high, step = (int(match[1]), int(match[2]), int(match[3] or 1)) if plain else (0, -1, 1)
    if high < low or step < 1 or (high - low) // step >= CELLS_MAX:
        raise UsageError(
            f"--grid {short(key)}={short(piece)}: a range goes up, such as 1..5, and has at most {CELLS_MAX} values"
        )
    yield from map(str, range(low, high + 1, step))


def _split(text: str, separators: str, *, keep_empty: bool = False) -> list[str]:
    """Split where no quote and no bracket is open."""
    parts, depth, quote = [""], 0, ""
    for character in text:
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        elif character in _OPENING or character in _CLOSING:
            depth += 1 if character in _OPENING else -1
        elif character in separators and depth <= 0:
            parts.append("")
            continue
        parts[-1] += character
    if quote or depth:
        raise UsageError(f"--grid {short(text)!r}: a quote or a bracket is not closed")
    return parts if keep_empty else [part for part in parts if part]


def cells_of(axes: Sequence[Axis], task: Task, *, budget: str | None, target: float | None, seed: int) -> list[Cell]:
    """Every combination, seed by seed, so that each setting has a run early.

    Args:
        axes: the grid.
        task: as the folder has it.
        budget: of each run, instead of the task's own.
        target: likewise.
        seed: of each run, if the grid names none.

    Raises:
        UsageError: a key or a value cannot be had, or there are too many cells; names it. Nothing has run.
    """
    _refuse_many(axes)
    _refuse_double(axes, {"budget": budget is not None, "target": target is not None})
    plain = [axis for axis in axes if axis.key != SEED]
    for axis in plain:
        _refuse_same(
            axis, [_tried(task, [(axis.key, value)], f"{short(axis.key)}={short(value)}") for value in axis.values]
        )
    seeds = next((_seeds(axis) for axis in axes if axis.key == SEED), [seed])
    products = itertools.product(*(axis.values for axis in plain))
    combinations = [dict(zip([axis.key for axis in plain], values, strict=True)) for values in products]
    for chosen in combinations if len(plain) > 1 else ():
        _tried(task, list(chosen.items()), " ".join(f"{key}={short(value)}" for key, value in chosen.items()))
    return [
        Cell(number=number, chosen=tuple(chosen.items()), seed=each)
        for number, (each, chosen) in enumerate(itertools.product(seeds, combinations))
    ]


def _refuse_many(axes: Sequence[Axis]) -> None:
    total = math.prod(len(axis.values) for axis in axes)
    if total > CELLS_MAX:
        told = " × ".join(f"{short(axis.key)} {len(axis.values)}" for axis in axes)
        raise UsageError(f"--grid has {total} cells ({told}); at most {CELLS_MAX} are run: leave out values or keys")


def _refuse_same(axis: Axis, meant: Sequence[object]) -> None:
    """Refuse two spellings of one value: half of the cells would be run for nothing, and told apart."""
    known: dict[bytes, str] = {}
    for value, each in zip(axis.values, meant, strict=True):
        same = known.setdefault(msgspec.json.encode(each), value)
        if same is not value:
            raise UsageError(
                f"--grid {short(axis.key)}: {short(same)!r} and {short(value)!r} are the same value; keep one of them"
            )


def _refuse_double(axes: Sequence[Axis], given: Mapping[str, bool]) -> None:
    for axis in axes:
        if given.get(axis.key):
            raise UsageError(f"--grid names {axis.key!r}, and --{axis.key} gives it too; keep one of them")


def _seeds(axis: Axis) -> list[int]:
    seeds = list(map(_seed, axis.values))
    _refuse_same(axis, seeds)
    return seeds


def _seed(text: str) -> int:
    if not text.isdecimal() or not text.isascii() or len(text) > _DIGITS or int(text) > SEED_MAX:
        raise UsageError(f"--grid seed={short(text)}: a seed is a whole number from 0 to {SEED_MAX}")
    return int(text)


def settings_of(chosen: Sequence[tuple[str, str]]) -> list[str]:
    """What ``--set`` would be given."""
    return [f"{SHORT.get(key, key)}={value}" for key, value in chosen]


_LONG = re.compile(rf"(\S{{{_SHOWN}}})\S{{{_SHOWN},}}")


def _cut(error: UsageError) -> str:
    return _LONG.sub(r"\1…", str(error))


def _tried(task: Task, chosen: Sequence[tuple[str, str]], told: str) -> Task:
    """The task with these settings, if it can have them."""
    try:
        return prepare(task, settings=settings_of(chosen))
    except TaskError as error:
        key, said = chosen[0][0], _SET.sub("", _cut(error))
        unknown = len(chosen) == 1 and key not in SHORT and "unknown key" in said
        near = did_you_mean(key, (SEED, *SHORT)) if unknown else ""
        raise UsageError(f"--grid {told}{near}: {said.replace('--set ', '--grid ')}") from error
    except UsageError as error:
        raise UsageError(f"--grid {told}: {_cut(error)}") from error
