"""Sandbox, inside, drivers: ``python -m MODULE`` in the jail's one process, where it may start no other.

The module runs as it would in a fresh interpreter, as far as one can make that of one that runs already. The answer is
all that it printed, and its exit code. Standard library only.
"""

from __future__ import annotations

import atexit
import base64
import io
import json
import os
import runpy
import site
import sys
import threading
import traceback
from typing import cast

__all__ = ["step"]

_CHUNK = 2**16


class _Stream:
    """A descriptor whose text is kept: its end."""

    def __init__(self, descriptor: int, most: int) -> None:
        self._descriptor, self._most, self._text, self._heard = descriptor, most, bytearray(), 0
        self._kept = os.dup(descriptor)
        self._reading, writing = os.pipe()
        os.dup2(writing, descriptor)
        os.close(writing)
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        while part := os.read(self._reading, _CHUNK):
            self._heard += len(part)
            self._text += part
            if len(self._text) > 2 * self._most:
                del self._text[: -self._most]

    def end(self) -> tuple[bytes, int]:
        """What was said, and the bytes cut off before it."""
        os.dup2(self._kept, self._descriptor)  # the last writing end is gone, but for threads that go on
        self._thread.join(1.0)
        return bytes(self._text[-self._most :]), max(0, self._heard - self._most)


def step(request: str) -> str:
    """Run ``argv`` (``MODULE`` and its arguments) once. JSON in, JSON out."""
    asked: dict[str, object] = json.loads(request)
    most = int(cast("int", asked["most"])) // 4
    _become(asked)
    out, err = _Stream(1, most), _Stream(2, most)
    code = _run(cast("list[str]", asked["argv"]))
    for stream in (sys.stdout, sys.stderr):
        if not stream.closed:
            stream.flush()
    (said, cut), (wrong, cut_wrong) = out.end(), err.end()
    told = {"code": code, "stdout": _text(said), "stderr": _text(wrong), "cut": [cut, cut_wrong]}
    return json.dumps(told)


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _become(asked: dict[str, object]) -> None:
    """Look like a fresh interpreter in the folder, with its packages."""
    folder, original = str(asked["folder"]), str(asked["original"])
    os.chdir(os.path.join(folder, str(asked["cwd"])))
    environment = cast("dict[str, str]", asked["environment"])
    os.environ.clear()
    os.environ.update(environment)
    sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__name__ != "MemoryImporter"]
    given = environment.get("PYTHONPATH", "").split(os.pathsep)
    sys.path[:0] = [os.getcwd(), *filter(None, given)]
    sys.executable, sys.prefix = str(asked["program"]), str(asked["prefix"])
    for place in cast("list[str]", asked["site"]):
        site.addsitedir(place)
    packages = tuple(cast("list[str]", asked["site"]))
    sys.path[:] = [_moved(path, original, folder, packages) for path in dict.fromkeys(sys.path)]
    sys.stdin = io.TextIOWrapper(io.BytesIO(base64.b64decode(str(asked["stdin"]))), encoding="utf-8")
    sys.stdout = io.TextIOWrapper(os.fdopen(1, "wb", closefd=False), encoding="utf-8", line_buffering=True)
    sys.stderr = io.TextIOWrapper(
        os.fdopen(2, "wb", closefd=False), encoding="utf-8", errors="backslashreplace", line_buffering=True
    )


def _moved(path: str, original: str, folder: str, packages: tuple[str, ...]) -> str:
    """What points back to the folder, as a package installed in place does, means the copy."""
    inside = path == original or path.startswith(original + "/")
    return folder + path[len(original) :] if inside and not path.startswith(packages) else path


def _run(argv: list[str]) -> int:
    sys.argv[:] = argv
    try:
        runpy.run_module(argv[0], run_name="__main__", alter_sys=True)
        return 0
    except SystemExit as error:
        return _code(error.code)
    except BaseException:  # noqa: BLE001 - as the interpreter itself does with what nobody catches
        traceback.print_exc()
        return 1
    finally:
        atexit._run_exitfuncs()  # pyright: ignore[reportPrivateUsage]  # this process does not end in order


def _code(code: object) -> int:
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 0xFF
    sys.stderr.write(f"{code}\n")
    return 1
