"""A project's own tests as a stage of the proof: run in a jail, on a copy, with a candidate's files laid over."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path

from cambrian.core.errors import UsageError
from cambrian.sandbox.commands import Commands
from cambrian.verify.cascade import Tests, Told

from .targets import Target

__all__ = ["ProjectTests", "start_tests"]

_SAID = 400


class ProjectTests:
    """Runs a command for candidates.

    Args:
        commands: a jail with a copy of the project.
        command: as a person would type it.
    """

    def __init__(self, commands: Commands, command: str) -> None:
        self._commands = commands
        self._argv = shlex.split(command)
        if not self._argv:
            raise UsageError(f"tests is {command!r}, which is no command; write for example 'pytest -q'")
        if self._argv[0] in ("pytest", "unittest"):
            self._argv = ["python", "-m", *self._argv]

    async def run(self, changes: Mapping[str, str]) -> Told:
        """Whether the tests pass with these files in place of the project's own, and what they said.

        Raises:
            SandboxError: the machinery failed.
            UsageError: the project does not fit into the jail.
        """
        found = await self._commands.run(self._argv, changes=dict(changes))
        said = (found.stdout + found.stderr).strip()
        end = said[-_SAID:].partition("\n")[2] if len(said) > _SAID else said
        return found.passed, end or f"{found.status.value} {found.detail}".strip()

    def of(self, target: Target) -> Tests:
        """The tests with a candidate of a target."""
        project = self._commands.folder
        place = (target.root / target.path).resolve().relative_to(project).as_posix()

        async def run(files: Mapping[str, str]) -> Told:
            return await self.run({place: files[target.path]})

        return run


async def start_tests(folder: Path, command: str) -> tuple[Commands, ProjectTests]:
    """Start the jail, and see that the tests pass as things are. Whoever asks ends the commands.

    Raises:
        UsageError: they fail before anything is changed.
        IsolationUnavailable: there is no jail that could run them.
    """
    commands = await Commands.start(folder)
    try:
        tests = ProjectTests(commands, command)
        passed, said = await tests.run({})
        if not passed:
            raise UsageError(f"the tests {command!r} fail before anything is changed; mend them first:\n{said}")
    except BaseException:
        await commands.aclose()
        raise
    return commands, tests
