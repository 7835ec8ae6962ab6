"""Runs many small scripts in one process of Deno, each for the value of ``globalThis.out``. Tests translations."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

_MAIN = """
const names = JSON.parse(await new Response(Deno.stdin.readable).text());
const results = [];
for (const name of names) {
  globalThis.out = undefined;
  try {
    await import("./" + name);
    results.push(JSON.stringify({value: await globalThis.out}));
  } catch (error) {
    results.push("raised " + error.name + ": " + error.message);
  }
}
console.log(JSON.stringify(results));
"""


def binary() -> str:
    """Where Deno is.

    Raises:
        ImportError: it is not here.
    """
    from deno import find_deno_bin

    return find_deno_bin()


def run_modules(folder: Path, scripts: Sequence[tuple[str, str]]) -> list[str]:
    """Run each (suffix, text) as a module; its value as JSON, or ``raised …``."""
    names = [f"m{index}.{suffix}" for index, (suffix, _) in enumerate(scripts)]
    for name, (_, text) in zip(names, scripts, strict=True):
        (folder / name).write_text(text)
    (folder / "main.mjs").write_text(_MAIN)
    command = [binary(), "run", "--no-remote", "--no-npm", "--no-config", "--no-lock", "--no-prompt", "--allow-read=."]
    done = subprocess.run(
        [*command, "main.mjs"], input=json.dumps(names), capture_output=True, text=True, cwd=folder, timeout=60,
        env={"DENO_DIR": str(folder / ".deno"), "HOME": str(folder), "NO_COLOR": "1"}, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
