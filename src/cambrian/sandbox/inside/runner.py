"""Sandbox, inside: loads the program and answers calls, already caged.

Everything here may be taken over by the program, so nothing here is trusted by anyone: the worst that a
hijacked runner can do is to send a wrong answer.
"""

from __future__ import annotations

import errno
import gc
import importlib
import json
import os
import sys
import traceback
from collections.abc import Callable
from types import ModuleType
from typing import Any, NoReturn, cast

from cambrian.core.codec import decode, encode
from cambrian.core.errors import CodecError

from .importer import MemoryImporter, module_name
from .wire import BROKEN, CAGED, FAULT, LOADED, RAISED, VALUE, Call, Frame

__all__ = ["broken", "serve"]

_DATA = 3
_TEXT = 4096
_REPORT = 256 * 1024
_FRAMES = -20
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_REFUSED = {errno.EPERM, errno.EACCES, errno.EROFS}


def serve(folder: str, output: int) -> NoReturn:
    """Read the program, load it, then answer calls until killed.

    Args:
        folder: write the program's files here and name them so in tracebacks; "" keeps them in memory only.
        output: bytes that an answer may have.
    """
    _send(CAGED, 0, b"")
    gc.enable()
    try:
        module, function = _load(folder)
        _send(LOADED, 0, b"")
        while True:
            _answer(module, function, output)
    except BaseException as error:  # noqa: BLE001 - the boundary of the program
        _fault(error)


def broken(error: OSError) -> NoReturn:
    """Say that the cage could not be closed; no program has run."""
    _send(BROKEN, 0, f"{error.filename or 'the cage'}: {error.strerror}".encode())
    os._exit(70)


def _load(folder: str) -> tuple[ModuleType, Callable[..., object]]:
    _, raw = _receive()
    program = json.loads(raw)
    files: dict[str, str] = program["files"]
    path, _, name = str(program["entry"]).partition(":")
    if folder:
        _write(folder, files)
    prefix = f"{folder}/" if folder else ""
    MemoryImporter(files, prefix).install()
    if path not in files:
        raise ImportError(f"entry point {program['entry']!r}: the program has no file {path!r}")
    module = importlib.import_module(module_name(path))
    function = getattr(module, name, None)
    if not callable(function):
        raise AttributeError(f"entry point {program['entry']!r}: {path!r} has no function {name!r}")
    return module, function


def _write(folder: str, files: dict[str, str]) -> None:
    for path, text in files.items():
        target = os.path.join(folder, path)
        if "/" in path:
            os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "w", encoding="utf-8") as stream:
            stream.write(text)


def _answer(module: ModuleType, function: Callable[..., object], output: int) -> None:
    call, raw = _receive()
    try:
        arguments = cast("tuple[Any, ...]", decode(raw))
        del raw
        value = function(*arguments)
    except BaseException as error:  # noqa: BLE001 - the boundary of the program
        if _verdict(error) is not None:
            _fault(error)
        _send(RAISED, call, encode(_record(error)), _report(module))
        return
    try:
        body = encode(value)
    except MemoryError as error:
        _fault(error)
    except (CodecError, RecursionError) as error:
        _send(RAISED, call, encode(_record(error)), _report(module))
        return
    if len(body) > output:
        _end("output", f"{len(body)} bytes", "")
    _send(VALUE, call, body, _report(module))


def _report(module: ModuleType) -> bytes:
    report = module.__dict__.get("__report__")
    if type(report) is not dict:
        return b""
    try:
        text = json.dumps(report, allow_nan=False, separators=(",", ":")).encode()
    except (TypeError, ValueError, RecursionError):
        return b""
    return text if len(text) <= _REPORT else b""


def _record(error: BaseException) -> dict[str, str]:
    return {"type": type(error).__qualname__, "message": _message(error), "traceback": _trace(error)}


def _message(error: BaseException) -> str:
    return str(error)[:_TEXT].encode(errors="backslashreplace").decode()


def _trace(error: BaseException) -> str:
    """The program's part of the traceback, its end if long."""
    inner = error.__traceback__
    while inner is not None and inner.tb_frame.f_globals.get("__name__") in _OURS:
        inner = inner.tb_next
    lines = traceback.format_exception(type(error), error.with_traceback(inner), inner, limit=_FRAMES, chain=False)
    return "".join(lines)[-_TEXT:].encode(errors="backslashreplace").decode()


_OURS = {__name__, "importlib", "importlib._bootstrap", MemoryImporter.__module__}


def _verdict(error: BaseException) -> tuple[str, str] | None:
    """Which limit or refusal an exception stands for, if any. A hint: the zygote knows what was refused."""
    if isinstance(error, MemoryError):
        return "memory", ""
    if not isinstance(error, OSError):
        return None
    if error.errno == errno.ENOMEM:
        return "memory", ""
    if error.errno in _FULL:
        return "denied", "disk"
    if error.errno in _REFUSED:
        return "denied", "file" if error.filename is not None else "syscall"
    return None


def _fault(error: BaseException) -> NoReturn:
    status, detail = _verdict(error) or ("error", type(error).__qualname__)
    try:
        text = _trace(error)
    except MemoryError:  # nothing is left even for a traceback
        text = ""
    _end(status, detail, text)


def _end(status: str, detail: str, text: str) -> NoReturn:
    """Say how it ended, and end."""
    _flush()
    _send(FAULT, 0, f"{status}\n{detail[:80]}\n{text}".encode(errors="backslashreplace"))
    os._exit(1)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError, AttributeError):  # the program may have closed or replaced it
            continue


def _send(kind: int, call: int, body: bytes, report: bytes = b"") -> None:
    view = memoryview(Frame(kind, call, len(body), len(report)).pack() + body + report)
    while view:
        view = view[os.write(_DATA, view) :]


def _receive() -> tuple[int, bytes]:
    header = Call.unpack(_exactly(Call.LAYOUT.size))
    return header.call, _exactly(header.body)


def _exactly(size: int) -> bytes:
    parts: list[bytes] = []
    while size:
        part = os.read(_DATA, min(size, 2**20))
        if not part:
            os._exit(0)  # the engine is gone
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
