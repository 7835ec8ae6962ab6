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
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, cast

from cambrian.core.codec import Shape, decode, encode
from cambrian.core.errors import CodecError

from .carriage import carried
from .target import ENTRY, FLAGS

__all__ = ["FUNCTION", "call", "call_case", "drained", "given"]

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


_MODULE, FUNCTION = _load(ENTRY)
__report__: object = None


def call(*arguments: object) -> bytes:
    """Call the entry point; the behaviour."""
    behaviour = _behave(arguments)
    globals()["__report__"] = _MODULE.__dict__.get("__report__")
    return behaviour


def call_case(data: bytes) -> bytes:
    """The same for an encoded `verify.cases.Case`: objects are made first, and arguments that are one object shared."""
    return call(*given(data))


def given(data: bytes) -> list[object]:
    """The arguments of an encoded case, made anew."""
    arguments, shared = cast("tuple[list[object], list[tuple[int, int]]]", decode(data, shapes=True))
    made = [_made(argument) for argument in arguments]
    for one, other in shared:
        made[other] = made[one]
    return made


def _made(value: Any) -> Any:
    if type(value) in (list, tuple, set, frozenset):
        return type(value)([_made(item) for item in value])
    if type(value) is dict:
        return {_made(key): _made(item) for key, item in cast("dict[object, object]", value).items()}
    return _object(value) if type(value) is Shape else value


def _object(shape: Shape) -> object:
    """An object of a class of the program's, by its constructor; a text that has half a character."""
    if shape.type == "builtins.str":
        return cast("bytes", shape.parts[0][1]).decode("utf-8", "surrogatepass")
    module, _, name = shape.type.rpartition(".")
    kind: Any = getattr(importlib.import_module(module), name)
    fields = {label[1:]: _made(part) for label, part in shape.parts}
    if shape.parts and all(label.startswith("=") for label, _ in shape.parts):
        return _restored(kind, fields)
    if [label for label, _ in shape.parts] == [""]:
        return kind(fields[""])
    return kind[fields["name"]] if [label for label, _ in shape.parts] == [".name"] else kind(**fields)


def _restored(kind: Any, attributes: dict[str, object]) -> object:
    """An object with these attributes, as it was when they were seen: its constructor is not asked."""
    made = object.__new__(kind)
    for name, value in attributes.items():
        if name:  # an object without any has one that has none
            object.__setattr__(made, name, value)
    return made


def _behave(arguments: tuple[object, ...]) -> bytes:
    told: dict[str, object] = {}
    real = sys.stdout
    printed = sys.stdout = io.StringIO() if "output" in FLAGS else real
    try:
        value = FUNCTION(*arguments)
        if "objects" in FLAGS:
            value = drained(value)
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


def drained(value: object) -> object:
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
