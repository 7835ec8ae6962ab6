"""A project's own tests: a stage of the proof, a source of calls, and what says where the time goes.

They run in a jail, on a copy of the project, with a candidate's files laid over.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping

from cambrian.core.errors import UsageError
from cambrian.sandbox.commands import Commands
from cambrian.sandbox.inside.importer import module_name
from cambrian.verify.cascade import Tests, Told
from cambrian.verify.cases import Case

from .profiling import profile_command
from .project import Project
from .recording import record_calls
from .script_calls import Call
from .script_watching import recorded, script_shares
from .targets import Target
from .watching import command_words

__all__ = ["ProjectTests", "start_tests"]

_SAID = 400


class ProjectTests:
    """Runs a command for candidates.

    Args:
        commands: a jail with a copy of the project.
        project: whose.
        command: as a person would type it.

    Raises:
        UsageError: it is no command.
    """

    def __init__(self, commands: Commands, project: Project, command: str) -> None:
        self._commands, self._project = commands, project
        self.lost = ""
        """Why none of the calls that were recorded last could be kept; "" if some were, or there was none."""
        try:
            self._argv = tuple(shlex.split(command))
        except ValueError as error:
            raise UsageError(f"tests is {command!r}: {error}; write for example 'pytest -q'") from None
        if not self._argv:
            raise UsageError(f"tests is {command!r}, which is no command; write for example 'pytest -q'")

    async def run(self, changes: Mapping[str, str]) -> Told:
        """Whether the tests pass with these files in place of the project's own, and what they said.

        Raises:
            SandboxError: the machinery failed.
            UsageError: the project does not fit into the jail.
        """
        found = await self._commands.run(command_words(self._argv), changes=dict(changes))
        said = (found.stdout + found.stderr).strip()
        end = said[-_SAID:].partition("\n")[2] if len(said) > _SAID else said
        return found.passed, end or f"{found.status.value} {found.detail}".strip()

    def of(self, target: Target) -> Tests:
        """The tests with a candidate of a target."""
        place = self._place(target)

        async def run(files: Mapping[str, str]) -> Told:
            return await self.run({place: files[target.path]})

        return run

    async def record(self, target: Target) -> tuple[Case, ...]:
        """Calls of a function while the tests run.

        Raises:
            SandboxError: the machinery failed.
        """
        found = await record_calls(
            self._project, self._argv, f"{self._place(target)}:{target.name}", commands=self._commands
        )
        cases = found.cases(lambda path: self._module_of(path, target))
        lost = found.calls - found.keywords if not cases else 0
        self.lost = f"{lost} calls were seen while the tests ran, and {found.why or 'none could be read back'}" * bool(
            lost
        )
        return cases

    def _module_of(self, path: str, target: Target) -> str:
        """The module of a file of the project, if the target has it at hand."""
        place = self._project.root / path
        name = place.relative_to(target.root).as_posix() if place.is_relative_to(target.root) else ""
        return module_name(name) if name in target.files else ""

    async def shares(self) -> dict[str, float]:
        """``path:function`` → its share of the project's time while the tests run.

        Raises:
            SandboxError: the machinery failed.
        """
        return (await profile_command(self._project, self._argv, commands=self._commands)).shares()

    async def script_calls(self, path: str, text: str, name: str) -> list[Call]:
        """Calls of a function of a script while the tests run.

        Args:
            path: its file, relative to the project.
            text: of the file.
            name: of the function.

        Raises:
            SandboxError: the machinery failed.
        """
        return await recorded(self._commands, self._argv, path, text, name)

    async def script_shares(self) -> dict[str, float]:
        """The same as `shares` for JavaScript and TypeScript, where it runs on Node.

        Raises:
            SandboxError: the machinery failed.
        """
        return await script_shares(self._project, self._commands, self._argv)

    def _place(self, target: Target) -> str:
        return (target.root / target.path).resolve().relative_to(self._project.root).as_posix()


async def start_tests(project: Project, command: str) -> tuple[Commands, ProjectTests]:
    """Start the jail, and see that the tests pass as things are. Whoever asks ends the commands.

    Raises:
        UsageError: they fail before anything is changed.
        IsolationUnavailable: there is no jail that could run them.
    """
    commands = await Commands.start(project.root)
    try:
        tests = ProjectTests(commands, project, command)
        passed, said = await tests.run({})
        if not passed:
            raise UsageError(f"the tests {command!r} fail before anything is changed; mend them first:\n{said}")
    except BaseException:
        await commands.aclose()
        raise
    return commands, tests
