"""Spoils an answer in one named way at one named place. Runs in jails, as text; standard library only.

An answer is seen as a tree. A *site* is a place in it: a path of steps, each a position, a text key, or ``None`` for
every child at once. A *recipe* is a site and what is done there; both are plain JSON. numpy is used only where an
answer brings arrays along, or a recipe asks for one.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Sequence
from typing import Any, cast

SITES, DEPTH, FIELDS = 48, 4, 12
Path = Sequence[Any]
Site = dict[str, object]
Recipe = dict[str, Any]
GONE = object()
"""Stands for a child that is taken out."""


class NoSuchSite(LookupError):
    """The answer has no such place, or what is there cannot be spoilt that way."""


class Survey(BaseException):
    """Carries what sites an answer has past an evaluator that catches exceptions."""


def survey(answer: object) -> list[Site]:
    """The sites of an answer: its root first, then the parts; of many alike the first, the last and all together."""
    found: list[Site] = []
    _walk(answer, [], found)
    return sorted(found, key=lambda site: len(cast("Path", site["path"])))[:SITES]


def spoil(answer: object, recipe: Recipe) -> object:
    """A copy of the answer, spoilt.

    Args:
        answer: what an honest program gave; it is not changed.
        recipe: ``path``, ``act`` (a name of `ACTS`) and ``arg``; ``also`` multiplies every number afterwards.

    Raises:
        NoSuchSite: this answer has no such place.
    """
    made = _at(answer, list(recipe["path"]), recipe["act"], recipe.get("arg"))
    factor = recipe.get("also", 1.0)
    return made if factor == 1 else _numbers(made, lambda number: number * factor)


def wrapped(function: Callable[..., object], recipe: Recipe | None) -> Callable[..., object]:
    """A function whose answers are spoilt; without a recipe it ends the program, telling the sites of its answer.

    Besides a site and an act a recipe may hold ``only``, how long the text of the arguments must be (at least, or below
    it if negative), and ``unless``: whether to raise where spoiling changes something, or where it does not. What the
    function calls of itself is left alone.
    """
    room: dict[str, Any] = {"depth": 0, "answers": []}

    @functools.wraps(function)
    def call(*args: object, **kwargs: object) -> object:
        if room["depth"]:
            return function(*args, **kwargs)
        room["depth"] = 1
        given = repr(args)
        try:
            answer = function(*args, **kwargs)
        finally:
            room["depth"] = 0
        if recipe is None:
            raise Survey("sites=" + json.dumps(survey(answer), separators=(",", ":")) + "=sites")
        return _spoilt(answer, args, given, recipe, room["answers"])

    return call


def _spoilt(answer: object, args: tuple[object, ...], given: str, recipe: Recipe, answers: list[object]) -> object:
    bound = recipe.get("only") or 0
    if (bound > 0 and len(given) < bound) or (bound < 0 and len(given) >= -bound):
        return answer
    answers.append(answer)
    others = {"first": lambda: answers[0], "previous": lambda: answers[-2:][0], "argument": lambda: args[0]}
    made = others[recipe["act"]]() if recipe["act"] in others else spoil(answer, recipe)
    changed = repr(made) != repr(answer)
    if recipe.get("unless") in (("changed",) if changed else ("unchanged",)) and len(answers) > 1:
        raise NoSuchSite("a wrong answer" if changed else "the same answer")
    return made


def _kind(value: object) -> str:
    if value is None or isinstance(value, bool):
        return "none" if value is None else "flag"
    for kind, name in (
        (int, "whole"),
        (float, "real"),
        (str, "text"),
        (list, "list"),
        (tuple, "tuple"),
        (dict, "dict"),
    ):
        if isinstance(value, kind):
            return name
    return "array" if hasattr(value, "tolist") and hasattr(value, "shape") else "other"


def _walk(value: Any, path: list[object], found: list[Site]) -> None:
    kind = _kind(value)
    site: Site = {"path": path, "kind": kind}
    found.append(site)
    if kind in ("whole", "real"):
        site["value"] = float(value) if abs(value) < 1e300 else 1e300
    if kind == "array":
        site["shape"], value = list(value.shape), value.tolist()
    if isinstance(value, (list, tuple, dict)):
        site["size"] = len(cast("Sequence[object]", value))
        site["ids"] = _are_ids(_leaves(cast("object", value)))
        if len(path) < DEPTH:
            for step, child in _children(value):
                _walk(child, [*path, step], found)


def _children(value: Any) -> list[tuple[object, object]]:
    """Steps that stand for all: every field of a record; of a long list first, middle and last, and all together."""
    if isinstance(value, dict):
        table = cast("dict[object, object]", value)
        named = [(key, item) for key, item in table.items() if isinstance(key, str)]
        if len(named) == len(table) <= FIELDS:
            return cast("list[tuple[object, object]]", named)
        return [*named[:1], *[(None, item) for item in list(table.values())[:1]]]
    items = list(cast("Sequence[object]", value))
    if len({_kind(item) for item in items}) > 1 and len(items) <= FIELDS:
        return list(enumerate(items))
    if len(items) < 2:
        return list(enumerate(items))
    picked = sorted({0, len(items) // 2, len(items) - 1})
    if _kind(items[0]) not in ("whole", "real", "flag", "text"):
        picked = [0]
    return [(None, items[0]), *((index, items[index]) for index in picked)]


def _leaves(value: object) -> list[object]:
    if isinstance(value, dict):
        return [leaf for item in cast("dict[object, object]", value).values() for leaf in _leaves(item)]
    if isinstance(value, (list, tuple)):
        return [leaf for item in cast("Sequence[object]", value) for leaf in _leaves(item)]
    return [value]


def _are_ids(leaves: list[object]) -> bool:
    """Whether each number of a row without gaps stands there once: then the parts most likely name things."""
    if len(leaves) < 4 or not all(type(leaf) is int for leaf in leaves):
        return False
    numbers = sorted(cast("list[int]", leaves))
    return numbers[0] in (0, 1, 2) and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _at(value: Any, path: list[Any], act: str, arg: object) -> Any:
    if not path:
        return ACTS[act](value, arg)
    if _kind(value) == "array":
        return _array_like(value, _at(value.tolist(), path, act, arg))
    if isinstance(value, dict):
        return _in_dict(cast("dict[object, object]", value), path, act, arg)
    if not isinstance(value, (list, tuple)):
        raise NoSuchSite(f"no place {path!r} in {_kind(value)}")
    items = list(cast("Sequence[object]", value))
    if path[0] is not None and not (isinstance(path[0], int) and path[0] < len(items)):
        raise NoSuchSite(f"no item {path[0]!r} among {len(items)}")
    chosen = [_at(item, path[1:], act, arg) if path[0] in (None, at) else item for at, item in enumerate(items)]
    kept = [item for item in chosen if item is not GONE]
    return tuple(kept) if isinstance(value, tuple) else kept


def _in_dict(value: dict[object, object], path: list[Any], act: str, arg: object) -> dict[object, object]:
    if path[0] is not None and path[0] not in value:
        raise NoSuchSite(f"no key {path[0]!r}")
    changed = {key: _at(item, path[1:], act, arg) if path[0] in (None, key) else item for key, item in value.items()}
    return {key: item for key, item in changed.items() if item is not GONE}


def _array_like(original: Any, changed: object) -> object:
    """An array again, if the content still is one; with room for what no whole number is."""
    import numpy as np

    try:
        array = np.array(changed)
    except ValueError:
        return changed
    if array.dtype.kind not in "biuf":
        return changed
    return array.astype(original.dtype) if array.dtype.kind == original.dtype.kind else array


# What can be done at a site -----------------------------------------------------------------------------------------

_TOKENS: dict[str, Callable[[], object]] = {
    "None": lambda: None, "True": lambda: True, "nan": lambda: float("nan"), "inf": lambda: float("inf"),
    "-inf": lambda: float("-inf"), "huge": lambda: 10**400, "[]": list, "{}": dict, "()": tuple, "''": str,
    "'x'": lambda: "x", "'nan'": lambda: "nan", "'inf'": lambda: "inf", "[[]]": lambda: [list[object]()],
}  # fmt: skip
"""Names of values that JSON lacks or that would be shared."""


def _put(_value: object, arg: object) -> object:
    return _TOKENS[str(arg)]()


def _empty(value: Any, _arg: object) -> object:
    if _kind(value) == "array":
        return value[:0]
    if not isinstance(value, (list, tuple, dict, str)):
        raise NoSuchSite(f"{_kind(value)} cannot be emptied")
    return type(cast("Any", value))()


def _numbers(value: Any, change: Callable[[Any], Any]) -> Any:
    """Every number below, changed; whole numbers stay whole where that is possible."""
    kind = _kind(value)
    if kind in ("whole", "real"):
        new = change(value)
        return int(new) if kind == "whole" and isinstance(new, float) and new.is_integer() else new
    if kind == "array":
        return _array_like(value, _numbers(value.tolist(), change))
    if isinstance(value, dict):
        return {key: _numbers(item, change) for key, item in cast("dict[object, object]", value).items()}
    if isinstance(value, (list, tuple)):
        items = [_numbers(item, change) for item in cast("Sequence[object]", value)]
        return tuple(items) if isinstance(value, tuple) else items
    return value


def _fill(value: Any, arg: Any) -> object:
    """Every number below, replaced by one. What is no number is not there to be replaced by NaN, and proves nothing."""
    if not isinstance(arg, str):
        return _numbers(value, lambda _: arg)
    met: list[object] = []
    made = _numbers(value, lambda number: met.append(number) or _TOKENS[arg]())
    if not met:
        raise NoSuchSite("no number is there")
    return made


def _texts(value: Any, arg: Any) -> Any:
    """Every text below, replaced."""
    if isinstance(value, str):
        return arg
    if isinstance(value, dict):
        return {key: _texts(item, arg) for key, item in cast("dict[object, object]", value).items()}
    if isinstance(value, (list, tuple)):
        items = [_texts(item, arg) for item in cast("Sequence[object]", value)]
        return tuple(items) if isinstance(value, tuple) else items
    return value


def _keep(value: Any, arg: Any) -> object:
    """The first `arg` children, the last if it is negative."""
    if isinstance(value, dict):
        pairs = list(cast("dict[object, object]", value).items())
        return dict(pairs[:arg] if arg > 0 else pairs[arg:])
    if not isinstance(value, (list, tuple)) and _kind(value) != "array":
        raise NoSuchSite(f"{_kind(value)} has no children")
    items = cast("Any", value)
    return items[:arg] if arg > 0 else items[arg:]


def _repeat(value: Any, arg: Any) -> object:
    if _kind(value) == "array":
        import numpy as np

        return np.concatenate([value] * arg)
    if not isinstance(value, (list, tuple)):
        raise NoSuchSite(f"{_kind(value)} cannot be repeated")
    return cast("Any", value) * arg


def _append(value: Any, arg: Any) -> object:
    if not isinstance(value, list):
        raise NoSuchSite(f"nothing can be appended to {_kind(value)}")
    return [*cast("list[object]", value), *[_TOKENS[arg]() for _ in range(3)]]


def _number_list(value: Any) -> list[Any]:
    """The numbers of a flat list or array."""
    items = value.tolist() if _kind(value) == "array" else value
    if not isinstance(items, list) or not all(_kind(item) in ("whole", "real") for item in cast("list[object]", items)):
        raise NoSuchSite("no flat list of numbers")
    return list(cast("list[Any]", items))


def _seesaw(value: Any, arg: Any) -> object:
    """``up down share by``: one number up by so much, another down by a share of that."""
    up, down, share, by = (float(word) for word in str(arg).split())
    items = _number_list(value)
    if max(up, down) >= len(items):
        raise NoSuchSite("no such numbers")
    for at, change in ((int(up), by), (int(down), -share * by)):
        items[at] += int(change) if isinstance(items[at], int) else change
    return _array_like(value, items) if _kind(value) == "array" else items


def _copies(value: Any, arg: Any) -> object:
    """``which times``: one of the items so many times, and nothing else."""
    which, times = map(int, str(arg).split())
    items = cast("list[Any]", value)
    if not isinstance(value, list) or which >= len(items):
        raise NoSuchSite("no such item")
    return [items[which]] * times


def _alias(value: Any, arg: Any) -> object:
    """Each whole number once more, less `arg`: an index that Python takes for the same one."""
    items = _number_list(value)
    return items + [item - int(arg) for item in items]


def _tail(value: Any, arg: Any) -> object:
    """The second half replaced."""
    if not isinstance(value, list) or len(cast("list[object]", value)) < 2:
        raise NoSuchSite("no second half")
    items = cast("list[object]", value)
    half = (len(items) + 1) // 2
    return items[:half] + [_TOKENS[arg]() for _ in items[half:]]


def _more_keys(value: Any, _arg: object) -> object:
    """Three more keys, with copies of the first value."""
    if not isinstance(value, dict) or not value:
        raise NoSuchSite("no dict")
    table = cast("dict[object, object]", value)
    first = next(iter(table.values()))
    return {**table, **{f"cambrian audit {number}": first for number in range(3)}}


def _same(value: Any, _arg: object) -> object:
    """Every leaf the first one."""
    leaves = _leaves(value)
    if not leaves:
        raise NoSuchSite("nothing is there")

    def copy(item: object) -> object:
        if isinstance(item, list):
            return [copy(inner) for inner in cast("list[object]", item)]
        if isinstance(item, tuple):
            return tuple(copy(inner) for inner in cast("tuple[object, ...]", item))
        return leaves[0]

    return copy(value)


def _array_of(value: Any) -> Any:
    """Numbers as an array."""
    import numpy as np

    try:
        array = np.array(value.tolist() if _kind(value) == "array" else value)
    except (ValueError, OverflowError):
        raise NoSuchSite("no array can be made of it") from None
    if array.dtype.kind not in "iuf" or not array.size or not array.ndim:
        raise NoSuchSite("no array can be made of it")
    return array


def _dtype(value: Any, arg: Any) -> object:
    """The numbers, as far as they fit, as an array of another type; ``int8 x 50`` multiplies them before."""
    import numpy as np

    name, _, factor = str(arg).partition(" x ")
    wanted = np.dtype(name)
    with np.errstate(all="ignore"):
        numbers = _array_of(value) * float(factor or 1)
        if wanted.kind not in "iu":
            return numbers.astype(wanted)
        room = np.iinfo(wanted)
        bounds = max(int(room.min), -(2**53)), min(int(room.max), 2**53)
        return np.clip(np.nan_to_num(numbers), *bounds).astype(wanted)


def _shape(value: Any, arg: Any) -> object:
    import numpy as np

    array = _array_of(value)
    shapes: dict[str, Callable[[], Any]] = {
        "column": lambda: array.reshape(-1, 1),
        "row": lambda: array.reshape(1, -1),
        "deeper": lambda: array[None],
        "no rows": lambda: np.zeros((0, *array.shape[1:])),
        "no columns": lambda: np.zeros((*array.shape[:-1], 0)),
    }
    made = shapes[arg]()
    return made if _kind(value) == "array" else made.tolist()


def _plain(value: Any, arg: Any) -> object:
    """The values of another recipe's array, as an array of doubles: the twin against which that array is judged."""
    import numpy as np

    return np.array(_dtype(value, arg), dtype=float)


ACTS: dict[str, Callable[[Any, Any], object]] = {
    "put": _put,
    "drop": lambda _value, _arg: GONE,
    "empty": _empty,
    "fill": _fill,
    "scale": lambda value, arg: _numbers(value, lambda number: number * arg),
    "add": lambda value, arg: _numbers(value, lambda number: number + arg),
    "texts": _texts,
    "keep": _keep,
    "repeat": _repeat,
    "append": _append,
    "same": _same,
    "nest": lambda value, _arg: [value],
    "dtype": _dtype,
    "doubles": _plain,
    "shape": _shape,
    "seesaw": _seesaw,
    "copies": _copies,
    "alias": _alias,
    "tail": _tail,
    "more keys": _more_keys,
    "as it is": lambda value, _arg: value,
}
