"""Calls a function of the slow-code corpus, or a faster version of it, in a process of its own, and tells what is seen.

Python runs on this interpreter, JavaScript on Node. Only for programs of the corpus and rewrites of them.
"""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Sequence
from typing import cast

import msgspec

from .reading import Call, SlowFunction, Stress

PYTHON = """
import asyncio, contextlib, copy, inspect, io, json, sys, time
told = json.load(sys.stdin)
def listed(value):
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError(repr(value))
scope = {"__name__": "program"}
exec(compile(told["text"], "program.py", "exec"), scope)
seen = []
for args in told["calls"]:
    before, printed, one = copy.deepcopy(args), io.StringIO(), {}
    begun = time.perf_counter()
    with contextlib.redirect_stdout(printed):
        try:
            result = scope[told["entry"]](*args)
            one["result"] = asyncio.run(result) if inspect.iscoroutine(result) else result
        except Exception as error:
            one["raises"] = type(error).__name__
    seconds = time.perf_counter() - begun
    if args != before:
        one["after"] = args
    seen.append([one | {"args": before, "printed": printed.getvalue()}, seconds])
json.dump(seen, sys.stdout, default=listed)
"""

NODE = """
const told = JSON.parse(require("fs").readFileSync(0, "utf8"));
const loaded = new module.constructor("program.js", module);
loaded._compile(told.text, "program.js");
(async () => {
  const seen = [];
  for (const args of told.calls) {
    const before = JSON.stringify(args), one = { args: JSON.parse(before), printed: "" };
    const log = console.log;
    console.log = (...parts) => { one.printed += parts.join(" ") + "\\n"; };
    const begun = process.hrtime.bigint();
    try {
      const result = await loaded.exports[told.entry](...args);
      one.result = result === undefined ? null : result;
    } catch (error) {
      one.raises = error.name;
    }
    const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
    console.log = log;
    if (JSON.stringify(args) !== before) one.after = args;
    seen.push([one, seconds]);
  }
  process.stdout.write(JSON.stringify(seen));
})();
"""

COMMANDS = {"python": [sys.executable, "-c", PYTHON], "javascript": ["node", "-e", NODE]}


class CallFailedError(RuntimeError):
    """The program could not even be loaded, or its process ended early."""


def calls(function: SlowFunction, arguments: Sequence[list[object]], *, text: str | None = None, limit_s: float = 60.0
          ) -> list[tuple[Call, float]]:  # fmt: skip
    """Each call with its wall time in seconds.

    Args:
        function: Which function; its language and entry hold for a rewrite as well.
        arguments: One list per call; JSON values.
        text: A rewrite of the program; the program itself if None.
        limit_s: Wall seconds for all calls together.

    Raises:
        CallFailedError: The program does not load, or its process died.
        subprocess.TimeoutExpired: The limit was passed.
    """
    about = function.about
    told = {"text": function.text if text is None else text, "entry": about.entry, "calls": list(arguments)}
    done = subprocess.run(
        COMMANDS[function.language], input=msgspec.json.encode(told), capture_output=True, timeout=limit_s, check=False
    )
    if done.returncode != 0:
        raise CallFailedError(f"{function.id!r} ended with {done.returncode}: {done.stderr.decode()[-500:]}")
    return msgspec.json.decode(done.stdout, type=list[tuple[Call, float]])


def stress_arguments(stress: Stress, size: int | None = None) -> list[object]:
    """Arguments that make the slowness felt; the same for the same seed and size."""
    scope = {"random": random.Random(stress.seed), "size": stress.size if size is None else size}
    return cast("list[object]", eval(stress.make, scope))
