"""App, execution: what a command line asks for, made into a sandbox, tools and limits."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from cambrian.core.errors import UsageError
from cambrian.core.limits import Limits
from cambrian.core.quantity import seconds, size
from cambrian.core.script import Language

from .providing import NOTHING, Provision
from .results import Execution
from .running import SCRIPT_LIMITS, Sandbox

if TYPE_CHECKING:
    from .mending import Mended

__all__ = ["Asked", "read_inputs", "read_limits"]

_READ: dict[str, Callable[[str], float | int]] = {
    "wall": seconds, "cpu": seconds, "memory": size, "output": size, "disk": size, "files": int,
}  # fmt: skip


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """The words of `cambrian run`, as they were given; see there."""

    code: str
    language: Language | None
    runtime: str
    preset: str
    limits: str
    inputs: tuple[str, ...]
    seed: int | None
    workspace: Path | None
    name: str
    given: Provision = NOTHING
    cache: str = ""
    allow: tuple[str, ...] = ()

    async def run(self, progress: Callable[[str], None] | None = None) -> Execution:
        """Do it.

        Raises:
            UsageError: a word is wrong.
            TaskError: the file of tools is wrong.
        """
        limits, inputs = read_limits(self.limits), read_inputs(self.inputs)
        async with (
            Sandbox(
                preset=self.preset, limits=limits, workers=1, workspace=self.workspace, allow=self.allow
            ) as sandbox,
            self.given.toolbox(sandbox.reach) as box,
        ):
            return await sandbox.run(
                self.code, language=self.language, tools=box, runtime=self.runtime, inputs=inputs, seed=self.seed,
                name=self.name, checkpoints=True, cache=seconds(self.cache) if self.cache else 0.0, progress=progress,
            )  # fmt: skip

    async def heal(self, progress: Callable[[str], None] | None = None) -> Mended:
        """Do it; if it fails by a slip that has one likely fix, go on with the mended script, no call made twice."""
        from .mending import Mended, Mender

        limits, inputs = read_limits(self.limits), read_inputs(self.inputs)
        async with (
            Sandbox(
                preset=self.preset, limits=limits, workers=1, workspace=self.workspace, allow=self.allow
            ) as sandbox,
            self.given.toolbox(sandbox.reach) as box,
        ):
            result = await sandbox.run(
                self.code, language=self.language, tools=box, runtime=self.runtime, inputs=inputs, seed=self.seed,
                name=self.name, progress=progress,
            )  # fmt: skip
            return Mended(execution=result) if result.ok else await Mender(sandbox).mend(result, box, progress)


def read_limits(text: str, *, usual: Limits = SCRIPT_LIMITS) -> Limits:
    """``"wall=2s,memory=64MiB"`` over the usual ones.

    Raises:
        UsageError: an unknown limit, or a value that is none.
    """
    given: dict[str, float | int] = {}
    for word in filter(None, (part.strip() for part in text.split(","))):
        name, sign, value = word.partition("=")
        read = _READ.get(name)
        if read is None or not sign:
            raise UsageError(f"{word!r} is no limit; write for example wall=2s,memory=64MiB ({', '.join(_READ)})")
        try:
            given[name] = read(value)
        except ValueError as error:
            raise UsageError(f"limit {word!r}: {error}") from error
    if "wall" in given and "cpu" not in given:
        given["cpu"] = max(given["wall"], 1.0)
    return msgspec.structs.replace(usual, **given)


def read_inputs(words: tuple[str, ...]) -> dict[str, object]:
    """``NAME=JSON`` words.

    Raises:
        UsageError: one is none.
    """
    found: dict[str, object] = {}
    for word in words:
        name, sign, text = word.partition("=")
        try:
            value = msgspec.json.decode(text) if sign and name.isidentifier() else None
        except msgspec.DecodeError as error:
            raise UsageError(
                f"input {word!r} has no JSON value: {error}; write for example n=3 or name='\"x\"'"
            ) from error
        if not sign or not name.isidentifier():
            raise UsageError(f"input {word!r} is not NAME=JSON; write for example n=3")
        found[name] = value
    return found
