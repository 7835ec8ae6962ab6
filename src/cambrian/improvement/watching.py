"""Improvement: a project's command with something watching in its Python processes, and what that wrote down.

Everything that comes back is the word of the project's own processes: decoded as typed JSON, bounded, believed no
further than a hint may be.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TypeVar

import msgspec

import cambrian.core
from cambrian.core.errors import SandboxError, UsageError
from cambrian.sandbox.commands import BESIDE, CommandResult, Commands
from cambrian.sandbox.inside import root as jail_root

from .project import Project

__all__ = ["command_words", "watched"]

_HERE = Path(__file__).parent / "inside"
_CORE = Path(cambrian.core.__file__).parent
_FOLDER = f"{BESIDE}_cambrian_watch/"
_BESIDE_PLACE = f"{jail_root.SCRATCH}/beside"

Written = TypeVar("Written")


def command_words(argv: Sequence[str]) -> tuple[str, ...]:
    """A command as it is run: pytest and unittest as modules of the project's interpreter."""
    if argv and argv[0] in ("pytest", "py.test", "unittest"):
        return ("python", "-m", "unittest" if argv[0] == "unittest" else "pytest", *argv[1:])
    return tuple(argv)


def _files(kind: str, settings: str) -> dict[str, str]:
    inside = {name: (_HERE / f"{name}.py").read_text(encoding="utf-8") for name in ("place", "rebuilt", kind)}
    core = {name: (_CORE / f"{name}.py").read_text(encoding="utf-8") for name in ("codec", "errors")}
    package = {f"{_FOLDER}{name}.py": text for name, text in {**inside, **core, "__init__": ""}.items()}
    package = {name: text.replace("from cambrian.core.", "from .") for name, text in package.items()}
    start = (_HERE / "start.py").read_text(encoding="utf-8")
    return {**package, f"{_FOLDER}settings.json": settings, f"{BESIDE}sitecustomize.py": start}


async def watched(
    project: Project,
    argv: Sequence[str],
    settings: dict[str, str],
    type: type[Written],
    *,
    commands: Commands | None = None,
    wall: float | None = None,
) -> tuple[list[Written], CommandResult]:
    """Run a command of a project with a watch in each of its Python processes.

    Args:
        project: whose.
        argv: the command.
        settings: of the watch; ``kind`` says which one.
        type: of what a process writes down.
        commands: a jail with a copy of the project that is there already; else one is made.
        wall: seconds, if less than the jail's limits say.

    Returns:
        What each process wrote down, and how the command ended.

    Raises:
        UsageError: the command could not be started.
        SandboxError: the machinery failed, or nothing that can be read was written down.
        IsolationUnavailable: there is no jail that could run it.
    """
    if not argv:
        raise UsageError("no command is given that could be watched; write for example pytest -q")
    kind = settings["kind"]
    asked = msgspec.json.encode({**settings, "root": str(project.root)}).decode()
    async with AsyncExitStack() as stack:
        if commands is None:
            commands = await stack.enter_async_context(await Commands.start(project.root))
        path = ":".join(filter(None, (_BESIDE_PLACE, commands.environment.get("PYTHONPATH"))))
        result = await commands.run(
            command_words(argv), changes=_files(kind, asked), collect=[f"{BESIDE}{kind}-*.json"], wall=wall,
            environment={"PYTHONPATH": path},
        )  # fmt: skip
    if result.detail and result.exit_code is None and not result.files:
        raise UsageError(f"the command {' '.join(argv)!r} could not be watched: {result.status.value} {result.detail}")
    return [_read(content, type) for content in result.files.values()], result


def _read(content: bytes, type: type[Written]) -> Written:
    try:
        return msgspec.json.decode(content, type=type)
    except msgspec.DecodeError as error:
        raise SandboxError(f"what a process of the project wrote down cannot be read: {error}") from None
