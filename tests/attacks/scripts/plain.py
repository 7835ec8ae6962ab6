"""Plain interpreters, without any cage: where the controls of the attacks run. For the code of this folder only."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import msgspec

from cambrian.core.evaluation import Status
from cambrian.core.ports import Exit
from cambrian.core.script import Done
from cambrian.testing.script_play import Played

from .host import PAGE, Host

__all__ = ["Plain"]

_MARK = "the value is "
_SECONDS = 30.0
_PYTHON = """
import ast, json, sys
def echo(*values):
    return [*values]
def add(a, b=0):
    return a + b
def page():
    return PAGE
class tools:
    pass
given = json.loads(sys.argv[1])
PAGE = given["page"]
HIDDEN = "hid" + "den-in-the-host"
scope = {"__name__": "__main__", "host": given["host"], "echo": echo, "add": add, "page": page, "tools": {"echo": echo}}
body = ast.parse(given["code"])
last = body.body.pop() if body.body and isinstance(body.body[-1], ast.Expr) else None
exec(compile(body, "probe", "exec"), scope)
value = eval(compile(ast.Expression(last.value), "probe", "eval"), scope) if last is not None else None
"""
_PYTHON_END = "sys.stdout.write('\\n{}' + json.dumps(value, default=repr) + '\\n')\n"
_JAVASCRIPT = """
const host = {host}
const PAGE = {page}
globalThis.HIDDEN = 'hid' + 'den-in-the-host'
const echo = (...values) => values
const add = async (a, b = 0) => a + b
const page = () => PAGE
const tools = {{echo, add, page}}
const value = await (async () => {{
{code}
}})()
console.log('\\n{mark}' + JSON.stringify(value ?? null))
"""


class Plain(NamedTuple):
    """An interpreter.

    Args:
        name: of it.
        command: its program and options; a file or, for Python, a text follows.
    """

    name: str
    command: tuple[str, ...]

    def run(self, code: str, host: Host) -> Played:
        """Run a probe in a folder of its own, with everything that this process has."""
        with tempfile.TemporaryDirectory(prefix="cambrian-plain-") as folder:
            words = self._words(code, host, Path(folder))
            out, err, ended = Path(folder, "out"), Path(folder, "err"), "did not end"
            with out.open("wb") as stdout, err.open("wb") as stderr, suppress(subprocess.TimeoutExpired):
                done = subprocess.run(  # into files: what is left behind would hold a pipe open
                    words, cwd=folder, stdout=stdout, stderr=stderr, timeout=_SECONDS, check=False,
                    pass_fds=(host.descriptor,), env={**os.environ, "NO_COLOR": "1"}, stdin=subprocess.DEVNULL,
                )  # fmt: skip
                ended = str(done.returncode)
            printed, told = (path.read_text(encoding="utf-8", errors="replace") for path in (out, err))
        printed, mark, value = printed.rpartition(f"\n{_MARK}")
        if not mark:
            last = (told.strip().splitlines() or [""])[-1]
            return Played(Exit(status=Status.ERROR, detail=f"plain {ended} {last}"))
        return Played(Done(value=msgspec.json.decode(value)), stdout=printed)

    def _words(self, code: str, host: Host, folder: Path) -> list[str]:
        places = host.places(real=False)
        script = folder / "probe.mjs"
        if self.name == "python":
            script = folder / "probe.py"
            given = json.dumps({"host": places, "code": code, "page": PAGE})
            (folder / "given").write_text(given, encoding="utf-8")
            head = _PYTHON.replace("json.loads(sys.argv[1])", "json.load(open(sys.argv[1]))")
            script.write_text(head + _PYTHON_END.replace("{}", _MARK), encoding="utf-8")
            return [self.command[0], str(script), str(folder / "given")]
        text = _JAVASCRIPT.format(host=json.dumps(places), page=json.dumps(PAGE), code=code, mark=_MARK)
        script.write_text(text, encoding="utf-8")
        return [*self.command, str(script)]
