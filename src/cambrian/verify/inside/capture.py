"""Runs in a candidate's jail, around its entry point: tells how a call behaved, not only what it answered.

A *behaviour* is a dict, encoded: ``answer``, ``error`` or ``uncarried`` (why the answer cannot be told), and if asked
for ``arguments`` (as they are after the call) and ``output`` (what was printed to ``sys.stdout``). It shares a process
with the candidate, which can falsify all of it, as it can its answer: what is the same is found out elsewhere.
"""

from __future__ import annotations

import hashlib
import importlib
import io
import sys
import traceback
import types
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, cast

from cambrian.core.codec import Shape, encode
from cambrian.core.errors import CodecError

from .carriage import carried
from .target import ENTRY, FLAGS

__all__ = ["call", "call_shared"]

_TEXT = 4096
_PRINTED = 64 * 1024
_DRAINED = 100_000


def _load(entry: str) -> tuple[types.ModuleType, Callable[..., object]]:
    path, _, name = entry.partition(":")
    module = importlib.import_module(path.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
    function = getattr(module, name, None)
    if not callable(function):
        raise AttributeError(f"entry point {entry!r}: {path!r} has no function {name!r}")
    return module, function


_MODULE, _FUNCTION = _load(ENTRY)
__report__: object = None


def call(*arguments: object) -> bytes:
    """Call the entry point; the behaviour."""
    behaviour = _behave(arguments)
    globals()["__report__"] = _MODULE.__dict__.get("__report__")
    return behaviour


def call_shared(arguments: tuple[object, ...], shared: Sequence[tuple[int, int]]) -> bytes:
    """The same with aliases: for each pair (a, b), argument b is the very object that argument a is."""
    given = list(arguments)
    for one, other in shared:
        given[other] = given[one]
    return call(*given)


def _behave(arguments: tuple[object, ...]) -> bytes:
    told: dict[str, object] = {}
    real = sys.stdout
    printed = sys.stdout = io.StringIO() if "output" in FLAGS else real
    try:
        value = _FUNCTION(*arguments)
        if "objects" in FLAGS:
            value = _drained(value)
    except (MemoryError, OSError):
        raise  # the jail tells limits and refusals by these
    except BaseException as error:  # noqa: BLE001 - the boundary of the program
        told["error"] = _error(error)
        value = None
    finally:
        sys.stdout = real
    if isinstance(printed, io.StringIO) and "output" in FLAGS:
        told["output"] = _shortened(printed)
    return _encoded(told, value, arguments)


def _encoded(told: dict[str, object], value: object, arguments: tuple[object, ...]) -> bytes:
    """The behaviour with what was answered; if that cannot be told, with the reason."""
    parts: list[object] = [value, list(arguments) if "arguments" in FLAGS else None]
    try:
        if "objects" in FLAGS:
            parts = cast("list[object]", carried(parts, sharing="sharing" in FLAGS))
        whole = told if "error" in told else {**told, "answer": parts[0]}
        return encode({**whole, "arguments": parts[1]})
    except (CodecError, RecursionError) as error:
        return encode({**told, "uncarried": str(error)[:_TEXT]})


_ITERATORS = (
    types.GeneratorType,
    map,
    filter,
    zip,
    enumerate,
    reversed,
    type(iter([])),
    type(iter(())),
    type(iter("")),
)


def _drained(value: object) -> object:
    """An iterator's items: what it would have given is what it answers. As part of the call, since its code runs."""
    if not any(type(value) is kind for kind in _ITERATORS):
        return value
    iterator = cast("Iterator[object]", value)
    items = list(islice(iterator, _DRAINED))
    return Shape(f"builtins.{type(value).__name__}", (("", items), (".more", len(items) == _DRAINED)))


def _error(error: BaseException) -> dict[str, object]:
    lines = traceback.format_exception(type(error), error, error.__traceback__, limit=-20, chain=False)
    return {
        "type": type(error).__qualname__,
        "message": _message(error),
        "traceback": "".join(lines)[-_TEXT:].encode(errors="backslashreplace").decode(),
        "args": _arguments(error) if "args" in FLAGS else None,
    }


def _message(error: BaseException) -> str:
    return str(error)[:_TEXT].encode(errors="backslashreplace").decode()


def _arguments(error: BaseException) -> object:
    try:
        made = carried(error.args, name="args")
        encode(made)
    except (CodecError, RecursionError) as refusal:
        return f"({refusal})"
    return made


def _shortened(printed: Any) -> object:
    text = cast("str", printed.getvalue()).encode(errors="surrogatepass")
    return {"text": text[:_PRINTED], "bytes": len(text), "digest": hashlib.sha256(text).hexdigest()}
