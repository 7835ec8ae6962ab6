"""Sandbox, inside, drivers: turns of the JavaScript bridge, from its text to what the host is told. Standard library.

Shared by the drivers of all JavaScript engines, and sent to the jail beside them. The text comes from the engine that
the script runs in, so every field is looked at.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from typing import cast

__all__ = ["GLOBALS", "opening", "told"]

_EXACT = 2**53  # from here on a number of JavaScript is no whole number any more
_WORD = 4
_HEADER = 2  # lines that the constructor of functions puts before a script
_PLACE = re.compile(r"(?:<input>|script(?:, <anonymous>)?):(\d+)(:\d+)?")
_FRAME = re.compile(r"\s+at ")
_BRIDGE = re.compile(
    r"\s+at (?:Reflect\.)?(?:new )?(?:apply|construct|AsyncFunction) \((?:native|<anonymous>)\)|/engine\.mjs"
)
_IMPORTING = re.compile(r"^[ \t]*(?:import\s*[\w*{\"']|export\s+[\w*{])", re.MULTILINE)
_UNDEFINED = re.compile(r"^'?([\w$]+)'? is not defined$|^Can't find variable: ([\w$]+)$")
_UNLOADED = re.compile(r"could not load module (?:filename )?'?([^'\s]+)'?")

_NAMES = """
    AbortController AbortSignal Blob Buffer Bun BroadcastChannel ByteLengthQueuingStrategy CompressionStream
    CountQueuingStrategy CryptoKey CustomEvent DecompressionStream Deno Event EventSource EventTarget File
    FileReader FormData Headers Image ImageData Intl MessageChannel MessagePort Navigator ReadableStream Request
    Response Storage SubtleCrypto Temporal TextDecoder TextDecoderStream TextEncoder TextEncoderStream
    TransformStream URL URLPattern URLSearchParams WebAssembly WebSocket Worker WritableStream XMLHttpRequest
    __dirname __filename alert caches crypto document exports fetch global localStorage location module navigator
    process prompt reportError require sessionStorage structuredClone window
"""
_BUILT_IN = """
    AggregateError Array ArrayBuffer AsyncDisposableStack Atomics BigInt BigInt64Array BigUint64Array Boolean
    DataView Date DisposableStack Error EvalError FinalizationRegistry Float16Array Float32Array Float64Array
    Function Infinity Int16Array Int32Array Int8Array Intl Iterator JSON Map Math NaN Number Object Promise
    Proxy RangeError ReferenceError Reflect RegExp Set SharedArrayBuffer String SuppressedError Symbol
    SyntaxError Temporal ToolError TypeError URIError Uint16Array Uint32Array Uint8Array Uint8ClampedArray
    WeakMap WeakRef WeakSet WebAssembly __proto__ clearImmediate clearInterval clearTimeout console constructor
    decodeURI decodeURIComponent encodeURI encodeURIComponent escape eval globalThis hasOwnProperty isFinite
    isNaN isPrototypeOf parseFloat parseInt performance propertyIsEnumerable queueMicrotask setImmediate
    setInterval setTimeout toLocaleString toString tools undefined unescape valueOf
"""
_TAKEN = frozenset(_BUILT_IN.split())
"""What a tool's global name may not hide, on any engine; such a tool is found under `tools` only."""

GLOBALS = frozenset(_NAMES.split())
"""What browsers, Deno, Bun and Node have beside the language; another runtime may have it."""


def opening(request: dict[str, object]) -> dict[str, object]:
    """What the bridge is given to begin with: of the host's request, what concerns it."""
    kept = {name: request[name] for name in ("inputs", "now", "output")}
    tools, inputs = cast("dict[str, bool]", request["tools"]), cast("dict[str, object]", request["inputs"])
    words = hashlib.sha256(str(request["seed"]).encode()).digest()
    seed = [int.from_bytes(words[at : at + _WORD], "little") for at in range(0, 4 * _WORD, _WORD)]
    names = [name for name in tools if name not in _TAKEN and name not in inputs]
    return {**kept, "tools": list(tools), "globals": names, "words": seed}


def told(text: str, code: str, name: str, first: int) -> dict[str, object]:
    """A turn as the host takes it.

    Args:
        text: what the bridge said.
        code: the script.
        name: what its frames are called.
        first: number of the next call.

    Raises:
        ValueError: it is no turn.
        MemoryError: the script ended for want of memory.
    """
    said = json.loads(text, parse_int=_number)
    turn = _record(_record(said)["turn"])
    if turn["turn"] == "calls":
        turn = {"turn": "calls", "calls": list(_calls(turn["calls"], first))}
    elif turn["turn"] == "raised":
        turn = _raised(turn, code, name)
    else:
        turn = {"turn": "done", "value": turn["value"], "shown": str(turn["shown"])}
    return {"turn": turn, "stdout": str(said["stdout"]), "stderr": str(said["stderr"])}


def _number(digits: str) -> int | float:
    number = int(digits)
    return number if -_EXACT <= number <= _EXACT else float(number)


def _record(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise ValueError(f"the bridge gave {value!r:.40} where an object was expected")
    return cast("dict[str, object]", value)


def _calls(calls: object, first: int) -> Iterable[dict[str, object]]:
    """The calls of a turn; a bridge that a script has got hold of could count wrongly."""
    if not isinstance(calls, list) or not calls:
        raise ValueError("a turn of calls without one")
    for number, item in enumerate(cast("list[object]", calls), start=first):
        call = _record(item)
        if call["id"] != number:
            raise ValueError(f"call {call['id']!r:.40} where call {number} was expected")
        args, kwargs = call.get("args", []), call.get("kwargs", {})
        if not isinstance(args, list) or not isinstance(kwargs, dict):
            raise ValueError("a call without arguments")
        yield {"id": number, "tool": str(call["tool"]), "args": args, "kwargs": kwargs}


def _raised(turn: dict[str, object], code: str, name: str) -> dict[str, object]:
    kind, message, stack = (str(turn[name]) for name in ("type", "message", "traceback"))
    if kind == "InternalError" and message == "out of memory":
        raise MemoryError(message)
    line = _line(stack, code)
    gap = _gap(kind, message, code, str(turn["doing"]))
    if gap:
        return {"turn": "gap", "what": gap, "line": line}
    return {"turn": "raised", "type": kind, "message": message, "traceback": _frames(stack, name), "line": line}


def _frames(stack: str, name: str) -> str:
    """The script's part of a stack, with its own line numbers."""
    lines: list[str] = []
    for line in stack.splitlines():
        if _BRIDGE.search(line):
            break
        lines.append(_PLACE.sub(lambda place: f"{name}:{max(1, int(place[1]) - _HEADER)}{place[2] or ''}", line))
    return "\n".join(lines)


def _line(stack: str, code: str) -> int | None:
    places = (_PLACE.search(frame) for frame in stack.splitlines() if _FRAME.match(frame))
    place = next(filter(None, places), None)
    if place is None:
        return None
    line = int(place[1]) - _HEADER
    return min(line, code.count("\n") + 1) if line > 0 else None


def _gap(kind: str, message: str, code: str, doing: str) -> str:
    """The feature for want of which it failed, or ""."""
    if kind == "SyntaxError" and doing == "compiling" and _IMPORTING.search(code):
        return "syntax:import"
    unloaded = _UNLOADED.search(message)
    if unloaded:
        return f"import:{unloaded[1]}"
    undefined = _UNDEFINED.match(message) if kind == "ReferenceError" else None
    name = (undefined[1] or undefined[2]) if undefined else ""
    return f"global:{name}" if name in GLOBALS else ""
