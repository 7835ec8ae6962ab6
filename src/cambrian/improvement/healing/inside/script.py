"""Runs in a jail, shipped as text: a program as ``__main__``, and what it came to. Standard library only.

Tells of a failure what repair wants to know: the line in the program, the name that was looked for, what the object at
hand has instead, and which variables could be seen there. What passes here is tried again in a process of its own.
"""

from __future__ import annotations

import gc
import importlib
import io
import os
import signal
import sys
import warnings
from collections.abc import Callable
from types import FrameType, ModuleType
from typing import Any, cast

__all__ = ["call"]

_MOST = 300
"""Names that are told of each kind."""
_AGAIN = 0.05
_WALL = 3.0
"""Wall seconds of a program for each CPU second that it may take."""
_PRINTED = 200_000


class _Stop(BaseException):
    """The program's time is up."""


def call(what: str, *arguments: Any) -> object:
    """``run`` one text and tell all, or ``try`` many and tell how each ended."""
    return _ACTIONS[what](*arguments)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise _Stop


def _try(texts: list[str], name: str, stdin: str, limit: float) -> list[dict[str, object]]:
    told: list[dict[str, object]] = []
    for index, text in enumerate(texts):
        os.write(1, b"%d\n" % index)
        told.append(_run(text, name, stdin, limit))
    return told


def _run(text: str, name: str, stdin: str, limit: float) -> dict[str, object]:
    """What a program came to: nothing is raised."""
    out, streams = io.StringIO(), (sys.stdin, sys.stdout, sys.stderr)
    module = ModuleType("__main__")
    module.__dict__["__file__"] = name
    kept, argv, modules = sys.modules.get("__main__"), sys.argv, set(sys.modules)
    sys.modules["__main__"], sys.argv = module, [name]
    told: dict[str, object] = {"type": ""}
    try:
        sys.stdin, sys.stdout, sys.stderr = io.StringIO(stdin), out, io.StringIO()
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            signal.signal(signal.SIGVTALRM, _stop)
            signal.signal(signal.SIGALRM, _stop)
            try:
                signal.setitimer(signal.ITIMER_VIRTUAL, limit, _AGAIN)
                signal.setitimer(signal.ITIMER_REAL, _WALL * limit, _AGAIN)  # for those that wait
                exec(compile(text, name, "exec"), module.__dict__)
            except BaseException as error:  # noqa: BLE001 - the boundary of the program
                told = _failure(error, name)
                error.__traceback__ = None
                del error
            finally:
                _quiet()
            module.__dict__.clear()
            gc.collect()
        told["unawaited"] = _unawaited([str(each.message) for each in caught])
    finally:
        sys.stdin, sys.stdout, sys.stderr = streams
        sys.argv = argv
        for new in set(sys.modules) - modules:
            if not hasattr(sys.modules[new], "__spec__"):
                del sys.modules[new]
        if kept is not None:
            sys.modules["__main__"] = kept
    told["output"] = out.getvalue()[:_PRINTED]
    return told


def _quiet() -> None:
    while True:
        try:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            signal.setitimer(signal.ITIMER_REAL, 0)
            return
        except _Stop:
            continue


def _unawaited(messages: list[str]) -> list[str]:
    return [said.split("'")[1].rpartition(".")[2] for said in messages if "was never awaited" in said and "'" in said][
        :9
    ]


def _failure(error: BaseException, name: str) -> dict[str, object]:
    if isinstance(error, SystemExit):
        code = error.code
        return {"type": "", "message": ""} if code in (None, 0) else {"type": "Exit", "message": str(code)[:500]}
    if isinstance(error, _Stop):
        return {"type": "Timeout", "message": "its time is up", **_where(error, name)}
    told: dict[str, object] = {"type": type(error).__name__, "message": _said(error), **_where(error, name)}
    if isinstance(error, SyntaxError):
        told["line"] = error.lineno or 0
    told.update(_sought(error))
    return told


def _said(error: BaseException) -> str:
    try:
        return str(error)[:1000].encode(errors="backslashreplace").decode()
    except BaseException:  # noqa: BLE001 - the program's own __str__
        return ""


def _where(error: BaseException, name: str) -> dict[str, object]:
    lines: list[int] = []
    frame: FrameType | None = None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == name:
            lines.append(trace.tb_lineno)
            frame = trace.tb_frame
        trace = trace.tb_next
    if frame is None:
        return {}
    wanted = getattr(error, "name", None) if isinstance(error, AttributeError) else None
    visible: dict[str, str] = {}
    holders: list[str] = []
    for names in (frame.f_locals, frame.f_globals):
        for key, value in list(names.items())[:_MOST]:
            if not key.startswith("__") and key not in visible:
                visible[key] = type(value).__name__
                if isinstance(wanted, str) and _has(value, wanted):
                    holders.append(key)
    return {"line": lines[-1], "lines": lines[::-1][:12], "function": frame.f_code.co_name, "visible": visible,
            "holders": holders, "keys": _keys(frame)}  # fmt: skip


def _has(value: object, name: str) -> bool:
    try:
        return name in dir(value)
    except BaseException:  # noqa: BLE001 - the program's own __dir__
        return False


def _keys(frame: FrameType) -> list[str]:
    """Texts that are keys of dicts that can be seen, or of dicts in those."""
    found: dict[str, None] = {}
    for names in (frame.f_locals, frame.f_globals):
        for value in list(names.values())[:_MOST]:
            held = cast("list[object]", value[:3]) if type(value) is list else [value]
            inner = [
                part
                for each in held
                if type(each) is dict
                for part in list(cast("dict[object, object]", each).values())[:3]
            ]
            for each in (*held, *inner):
                if type(each) is dict and names is not each:
                    found.update(
                        (key, None) for key in list(cast("dict[object, object]", each))[:_MOST] if type(key) is str
                    )
    return list(found)[:_MOST]


def _sought(error: BaseException) -> dict[str, object]:
    """The name that was looked for, and what there is instead."""
    if isinstance(error, AttributeError) and isinstance(error.name, str):
        return {"name": error.name, "owner": type(error.obj).__name__, "members": _dir(error.obj)}
    if isinstance(error, NameError) and isinstance(error.name, str):
        return {"name": error.name}
    if isinstance(error, ImportError):
        return _import_sought(error)
    if isinstance(error, KeyError) and error.args and isinstance(error.args[0], str):
        return {"name": error.args[0]}
    return {}


def _import_sought(error: ImportError) -> dict[str, object]:
    """Of ``cannot import name 'x' from 'y'`` x and what y has; else the module and what stands beside it."""
    module = str(error.name or "")
    if "cannot import name" in str(error):
        wanted = str(error).rpartition("name '")[2].partition("'")[0]
        return {"name": wanted, "members": _members(module)}
    return {"name": module, "members": _members(module.rpartition(".")[0] or module)}


def _members(module: str) -> list[str]:
    """What a module of the standard library has."""
    if module.partition(".")[0] not in sys.stdlib_module_names or module in ("this", "antigravity"):
        return []
    try:
        return _dir(importlib.import_module(module))
    except ImportError:
        return []


def _dir(value: object) -> list[str]:
    try:
        return [each for each in dir(value) if isinstance(each, str)][:_MOST]  # pyright: ignore[reportUnnecessaryIsInstance]
    except BaseException:  # noqa: BLE001 - the program's own __dir__
        return []


_ACTIONS: dict[str, Callable[..., object]] = {"run": _run, "try": _try}
