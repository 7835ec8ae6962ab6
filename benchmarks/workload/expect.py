"""What each script of the workload comes to, by engines that are not under test: CPython, Node and Deno by themselves.

    python benchmarks/workload/expect.py            # every script again; exit 1 if a value differs from the index
    python benchmarks/workload/expect.py --write    # makes index.json and FROZEN.sha256; only when scripts are added

Python scripts run twice, under two hash seeds. JavaScript runs on Node and on Deno, TypeScript twice on Deno, which
takes its types away. Nothing of the sandbox is used, so that a mistake in it cannot hide here. A script's half comes
from its hash: A may be looked at by whoever tunes, B is held out.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import math
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Literal, TypedDict, cast

HERE = Path(__file__).parent
INDEX = HERE / "index.json"
FROZEN = HERE / "FROZEN.sha256"
LANGUAGES = {".py": "python", ".js": "javascript", ".ts": "typescript"}
ENGINES = {"python": ("cpython", "cpython"), "javascript": ("node", "deno"), "typescript": ("deno", "deno")}
COMMANDS = {
    "node": ["node"],
    "deno": [str(Path(sys.executable).with_name("deno")), "run", "--quiet", "--no-check", "--allow-read=."],
}
LIMIT_S = 60.0


class Entry(TypedDict):
    """A script as the index has it."""

    name: str
    file: str
    kind: str
    language: Literal["python", "javascript", "typescript"]
    half: Literal["A", "B"]
    tools: bool
    expected: object


PYTHON = """
import ast, asyncio, functools, inspect, json, pathlib, sys, types
sys.path.insert(0, {here!r})
from tools import TOOLS
source = pathlib.Path({path!r}).read_text(encoding="utf-8")
tree = ast.parse(source)
tree.body[-1] = ast.copy_location(ast.Assign([ast.Name("__value__", ast.Store())], tree.body[-1].value), tree.body[-1])
code = compile(ast.fix_missing_locations(tree), "script", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
def blocking(tool):
    return functools.wraps(tool)(lambda *args, **kwargs: asyncio.run(tool(*args, **kwargs)))
waits = "await" in source or "asyncio" in source
names = {{tool.__name__: tool if waits else blocking(tool) for tool in TOOLS}} if {tools!r} else {{}}
module = types.ModuleType("script")
sys.modules["script"] = module
space = module.__dict__
space.update(names, tools=types.SimpleNamespace(**names))
shown, sys.stdout = sys.stdout, sys.stderr
if code.co_flags & inspect.CO_COROUTINE:
    asyncio.run(eval(code, space))
else:
    exec(code, space)
print(json.dumps({{"value": space["__value__"]}}, allow_nan=False), file=shown)
"""

JAVASCRIPT = """
import readline from 'node:readline';
import process from 'node:process';
const waiting = new Map();
const lines = readline.createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const { id, value, error } = JSON.parse(line);
  if (error) waiting.get(id)[1](new Error(error));
  else waiting.get(id)[0](value);
});
const say = (what) => process.stdout.write(JSON.stringify(what) + '\\n');
const tool = (name) => (...args) => new Promise((resolve, reject) => {
  const id = waiting.size;
  waiting.set(id, [resolve, reject]);
  say({ id, tool: name, args });
});
console.log = console.error;
%(tools)s
const value = await (async () => {
%(head)s
return (
%(last)s
);
})();
say({ value });
lines.close();
process.stdin.destroy();
"""


def tool_names() -> list[str]:
    """Of the tools of the workload."""
    return re.findall(r"^async def (\w+)", (HERE / "tools.py").read_text(encoding="utf-8"), flags=re.MULTILINE)


def uses_tools(source: str) -> bool:
    """Whether a script calls any."""
    return re.search(rf"(?<![.\w])(tools\.)?({'|'.join(tool_names())})\b", source) is not None


def wrapped(source: str, tools: bool) -> str:
    """A module that says the value of the script's last expression, which begins at a line's first column."""
    lines = source.rstrip().split("\n")
    starts = [number for number, line in enumerate(lines) if re.match(r"[^\s})\].?:&|+]", line)]
    names = tool_names() if tools else []
    return JAVASCRIPT % {
        "tools": "\n".join(f"const {name} = tool('{name}');" for name in names),
        "head": "\n".join(lines[: starts[-1]]),
        "last": "\n".join(lines[starts[-1] :]).rstrip(";"),
    }


def said(process: subprocess.Popen[str]) -> object:
    """The value that an engine comes to, its calls answered on the way."""
    for line in cast("IO[str]", process.stdout):
        message = cast("dict[str, object]", json.loads(line))
        if "value" in message:
            return message["value"]
        answer = json.dumps(
            {"id": message["id"], **answered(str(message["tool"]), cast("list[object]", message["args"]))}
        )
        stdin = cast("IO[str]", process.stdin)
        stdin.write(answer + "\n")
        stdin.flush()
    raise SystemExit(f"{process.args!r} ended without a value")


def answered(name: str, args: Sequence[object]) -> dict[str, object]:
    """What a tool says to a call."""
    import tools

    try:
        return {"value": asyncio.run(getattr(tools, name)(*args))}
    except (LookupError, ValueError) as error:
        return {"error": str(error)}


def value_of(path: Path, engine: str, tools: bool, seed: int) -> object:
    """A script's value by one engine.

    Raises:
        SystemExit: it came to none.
    """
    environment = {**os.environ, "PYTHONHASHSEED": str(seed), "NO_COLOR": "1"}
    with tempfile.TemporaryDirectory() as folder:
        if engine == "cpython":
            command = [sys.executable, "-c", PYTHON.format(here=str(HERE), path=str(path), tools=tools)]
        else:
            module = Path(folder, f"script{'.mjs' if path.suffix == '.js' else '.ts'}")
            module.write_text(wrapped(path.read_text(encoding="utf-8"), tools), encoding="utf-8")
            command = [*COMMANDS[engine], str(module)]
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
        )
        with process:
            try:
                return said(process)
            except SystemExit:
                told = process.communicate(timeout=LIMIT_S)[1]
                raise SystemExit(f"{path.name} on {engine}: {told[-800:]}") from None


def same(one: object, other: object) -> bool:
    """Whether two JSON values are equal; numbers within 1e-9 of each other, as the engines' sines differ."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, int | float) and isinstance(other, int | float):
        return one == other or math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)
    if isinstance(one, list) and isinstance(other, list):
        left, right = cast("list[object]", one), cast("list[object]", other)
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(one, dict) and isinstance(other, dict):
        first, second = cast("dict[str, object]", one), cast("dict[str, object]", other)
        return first.keys() == second.keys() and all(same(first[key], second[key]) for key in first)
    return one == other


def entry(path: Path) -> Entry:
    """A script's line of the index, its value computed twice.

    Raises:
        SystemExit: the two values differ.
    """
    source = path.read_text(encoding="utf-8")
    language, tools = LANGUAGES[path.suffix], uses_tools(source) and path.parent.name == "tools"
    first, second = (value_of(path, engine, tools, seed) for seed, engine in enumerate(ENGINES[language], 1))
    if not same(first, second):
        raise SystemExit(f"{path.name}: {first!r} and {second!r}")
    half = "AB"[int(hashlib.sha256(source.encode()).hexdigest(), 16) % 2]
    return cast(
        "Entry",
        {
            "name": path.name,
            "file": path.relative_to(HERE).as_posix(),
            "kind": path.parent.name,
            "language": language,
            "half": half,
            "tools": tools,
            "expected": first,
        },
    )


def load(half: str = "") -> list[Entry]:
    """The index, or a half of it."""
    entries = cast("list[Entry]", json.loads(INDEX.read_text(encoding="utf-8")))
    return [each for each in entries if half in ("", each["half"])]


def frozen() -> str:
    """Hash and name of every file that must not change."""
    files = [HERE / "tools.py", INDEX, *sorted((HERE / "scripts").rglob("*.*"))]
    lines = (f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.relative_to(HERE).as_posix()}" for file in files)
    return "\n".join(lines) + "\n"


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="make the index and the hashes anew")
    parser.add_argument("--only", default="", help="scripts whose path has this text")
    chosen = parser.parse_args()
    paths = [path for path in sorted((HERE / "scripts").rglob("*.*")) if chosen.only in path.as_posix()]
    entries = [entry(path) for path in paths]
    if chosen.write:
        INDEX.write_text(json.dumps(entries, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        FROZEN.write_text(frozen(), encoding="utf-8")
    known = {each["file"]: each for each in load()}
    wrong = [each["file"] for each in entries if not same(known[each["file"]]["expected"], each["expected"])]
    changed = FROZEN.read_text(encoding="utf-8") != frozen()
    files = "CHANGED" if changed else "as frozen"
    print(f"{len(entries)} scripts, {len(wrong)} with another value {wrong}, files {files}")
    return 1 if wrong or changed else 0


if __name__ == "__main__":
    sys.exit(main())
