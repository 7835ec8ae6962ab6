"""App: `cambrian.heal`: a failing program or command → the smallest fix. Dry unless it is told to apply."""

from __future__ import annotations

import os
import random
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from pathlib import Path

import msgspec

from cambrian.core.errors import UsageError
from cambrian.core.evaluation import Status
from cambrian.core.event import fact
from cambrian.improvement.healing.commands import CommandRunner, read_failure
from cambrian.improvement.healing.facts import APPLIED, FOUND, KIND, OPENED, STOPPED, Applied, Found, Opened, Stopped
from cambrian.improvement.healing.healing import Healed, Healer, HealSettings
from cambrian.improvement.healing.healing import heal as find_fix
from cambrian.improvement.healing.javascript import JavaScriptHealer, JavaScriptRunner
from cambrian.improvement.healing.learned import Learned
from cambrian.improvement.healing.narrowing import narrowed
from cambrian.improvement.healing.python import PythonHealer
from cambrian.improvement.healing.scripts import Runner, ScriptRunner
from cambrian.improvement.healing.tested import called_by, is_test
from cambrian.journal.clock import SystemClock
from cambrian.journal.holder import this_process
from cambrian.journal.ids import new_run_id
from cambrian.journal.kernel import Run
from cambrian.sandbox import CPythonJail
from cambrian.sandbox.commands import Commands
from cambrian.source.decoding import decode_source
from cambrian.source.diff import unified
from cambrian.source.repair.report import Absent
from cambrian.source.repair.script.guessed import checked

from .settings import read_settings
from .workspace import open_workspace

__all__ = ["Asked", "Healing", "conduct", "heal", "healer_of"]

PATTERNS = "fixes.json"
"""In the workspace: what earlier fixes taught."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What a person asks of `heal`.

    Args:
        words: one file, or a command with its arguments.
        folder: where that is meant.
        expect: a file with what the program must print.
        seconds: wall seconds, about.
        workspace: folder of the journal.
    """

    words: tuple[str, ...]
    folder: Path = Path()
    expect: Path | None = None
    seconds: float = 60.0
    workspace: Path | None = None

    @property
    def file(self) -> Path | None:
        """The file that is meant; `None` for a command."""
        if len(self.words) != 1:
            return None
        path = self.folder / self.words[0]
        return path if path.suffix in _HEALERS or path.is_file() else None


class Healing(msgspec.Struct, frozen=True, kw_only=True):
    """What `heal` came to.

    Args:
        run: its run in the journal.
        file: the file that it is about, relative to the folder.
        passes: nothing had to be done.
        healed: there is a fix.
        silent: the fix may be applied unseen.
        failure: how the program failed.
        steps: what the fix does.
        others: what would pass as well, and no test tells apart.
        unknown: names that nothing in the fixed text binds.
        guess: no error named the fix: what it must do is told by few tests only, and it may do it for these alone.
        diff: the fix.
        tried: candidates.
        applied: the fix was written.
        undo: what `cambrian undo` takes.
        forgotten: fixes learned earlier that did not help this time.
    """

    run: str = ""
    file: str = ""
    passes: bool = False
    healed: bool = False
    silent: bool = False
    failure: str = ""
    steps: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    guess: bool = False
    diff: str = ""
    tried: int = 0
    applied: bool = False
    undo: str = ""
    forgotten: int = 0


_SCRIPTS = (".js", ".mjs", ".cjs", ".ts", ".mts", ".cts")
_HEALERS: dict[str, Callable[[], Healer]] = {
    ".py": PythonHealer,
    **{suffix: partial(JavaScriptHealer, f"program{suffix}") for suffix in _SCRIPTS},
}


def healer_of(name: str) -> Healer:
    """The healer for a file.

    Raises:
        UsageError: there is none for its language.
    """
    make = _HEALERS.get(Path(name).suffix)
    if make is None:
        raise UsageError(f"{name!r} cannot be healed: only files that end in {', '.join(sorted(_HEALERS))} can")
    return make()


async def heal(
    path: str | os.PathLike[str], *, expect: str | os.PathLike[str] | None = None, apply: bool = False,
    seconds: float = 60.0, workspace: str | os.PathLike[str] | None = None,
) -> Healing:  # fmt: skip
    """Find the smallest fix of a failing program.

    Args:
        path: the file.
        expect: a file with what it must print; by default it must run to its end.
        apply: write the fix if it is small and the only one.
        seconds: wall seconds, about.
        workspace: folder of the journal; by default ``.cambrian``.

    Raises:
        UsageError: the file cannot be read or healed.
    """
    named = os.fspath(path)
    if not named.strip() or not Path(named).is_file():
        raise UsageError(f"{named!r} is no file; name a Python, JavaScript or TypeScript file that is there")
    asked = Asked(
        words=(named,), expect=None if expect is None else Path(expect), seconds=seconds,
        workspace=None if workspace is None else Path(workspace),
    )  # fmt: skip
    return await conduct(asked, apply=apply)


async def conduct(asked: Asked, *, apply: bool = False, large: bool = False) -> Healing:
    """Do what was asked, as a run of the journal.

    Args:
        asked: what a person wants.
        apply: write the fix, if it may be applied unseen.
        large: write it also if it may not.

    Raises:
        UsageError: there is no such file, or nothing in the command's words leads to one.
    """
    workspace = open_workspace(asked.workspace, read_settings())
    learned = Learned(workspace.path / PATTERNS)
    opened = Opened(task=" ".join(asked.words), folder=str(asked.folder.absolute()))
    async with AsyncExitStack() as stack:
        path, root, runner = await _target(asked, stack)
        if runner is None:
            return Healing(passes=True)
        before = _read(root / path)
        logic = asked.file is not None or not is_test(path)  # a test that is bent until it passes says nothing any more
        settings = HealSettings(seconds=asked.seconds, edits=logic)
        found = await find_fix(before, healer_of(path), runner, settings, learned=learned.patterns())
        if found.failure is None:
            return Healing(passes=True, file=path)
        diff = unified({path: before}, {path: found.text})
        forgotten = learned.forget(found.failure, found.patterns)
        async with _journal(asked, opened) as run:
            await run.append(fact(FOUND, _fact(found, path, diff)))
            undo = ""
            written = found.healed and ((apply and found.silent) or large)
            if written:
                undo = await _write(root, path, (before, found.text), run)
                learned.learn(found.patterns)
            await run.append(fact(STOPPED, Stopped(), channel="control"))
        return Healing(
            run=run.id, file=path, healed=found.healed, silent=found.silent, failure=str(found.failure),
            steps=found.steps, others=found.others, unknown=found.unknown, guess=found.guess, diff=diff,
            tried=found.tried, applied=written, undo=undo, forgotten=len(forgotten),
        )  # fmt: skip


async def _target(asked: Asked, stack: AsyncExitStack) -> tuple[str, Path, Runner | None]:
    """The file that is to be healed, the folder that it is named from, and its runner, if something fails."""
    if asked.file is not None:
        path = asked.file.absolute()
        return path.name, path.parent, await _file_runner(path, asked, stack)
    _check_command(asked)
    commands = await Commands.start(asked.folder)
    stack.push_async_callback(commands.aclose)
    first = await commands.run(asked.words)
    if first.passed:
        return "", commands.folder, None
    failure = read_failure(first, commands.folder)
    if first.exit_code is None and first.status is Status.ERROR:
        said = first.stderr.strip() or first.detail
        raise UsageError(
            f"the command {asked.words[0]!r} did not start in {str(commands.folder)!r}: {said[-300:]}; it runs jailed, "
            "so name a program that is installed for all or lies in the folder, such as python -m pytest"
        )
    if not failure.file:
        said = (first.stderr or first.stdout).strip()[-300:]
        raise UsageError(f"no line of a file of {str(commands.folder)!r} is named by what failed: {failure}\n{said}")
    called = called_by(commands.folder, failure) if failure.type == "AssertionError" else None  # the program is wrong
    file, lines = called or (failure.file, ())
    alone = narrowed(asked.words, first.stdout, commands.folder)
    absent = await _checked(commands, file) if Path(file).suffix in _SCRIPTS else ()
    runner = CommandRunner(commands, asked.words, file, lines=lines, alone=alone, absent=absent)
    return file, commands.folder, runner


def _check_command(asked: Asked) -> None:
    if not asked.words[0].strip():
        raise UsageError("nothing is named; name a file that is there, or after -- a command such as pytest -q")
    if len(asked.words) == 1 and (asked.folder / asked.words[0]).is_dir():
        raise UsageError(f"{asked.words[0]!r} is a folder; name a file, or after -- a command such as pytest -q")
    if asked.expect is not None:
        raise UsageError("--expect goes with a file; a command says itself whether it passes")


_CHECKER = "node_modules/.bin/tsc"
_CHECKING = ("--noEmit", "--pretty", "false", "--allowJs", "--checkJs", "--skipLibCheck", "--target", "esnext")


async def _checked(commands: Commands, file: str) -> tuple[Absent, ...]:
    """What the project's TypeScript checker says of a file's members, if the project has one."""
    if not (commands.folder / _CHECKER).is_file():
        return ()
    told = await commands.run([_CHECKER, *_CHECKING, file], wall=_CHECK_S)
    return checked(_read(commands.folder / file), told.stdout, file)


_CHECK_S = 30.0
"""Seconds that the checker may take; what it has not said by then is done without."""


async def _file_runner(path: Path, asked: Asked, stack: AsyncExitStack) -> Runner:
    """The runner of a single file, by its language."""
    expected = None if asked.expect is None else _read(asked.expect)
    if path.suffix in _SCRIPTS:
        script = JavaScriptRunner(path.name, expected=expected)
        stack.push_async_callback(script.aclose)
        return script
    jail = await CPythonJail.start()
    stack.push_async_callback(jail.aclose)
    runner = ScriptRunner(jail, path.name, files=_beside(path), expected=expected)
    stack.push_async_callback(runner.aclose)
    return runner


def _beside(path: Path) -> dict[str, str]:
    """Python files beside a script, which it may import."""
    found: dict[str, str] = {}
    for other in sorted(path.parent.glob("*.py"))[:50]:
        if other != path and other.stat().st_size < 200_000:
            with suppress(UsageError):  # it cannot be imported either, and whoever imports it is told so
                found[other.name] = _read(other)
    return found


def _read(path: Path) -> str:
    try:
        return decode_source(path.read_bytes(), path.name).text
    except OSError as error:
        raise UsageError(f"{str(path)!r} cannot be read: {error.strerror}; name a file that is there") from error


def _fact(found: Healed, path: str, diff: str) -> Found:
    return Found(
        healed=found.healed, file=path, failure=str(found.failure), steps=found.steps, small=found.small,
        others=found.others, diff=diff, tried=found.tried,
    )  # fmt: skip


async def _write(root: Path, path: str, texts: tuple[str, str], run: Run) -> str:
    from cambrian.improvement.applying import apply_changes

    done = await apply_changes(root, {path: texts}, why="cambrian heal", run=run.id)
    await run.append(fact(APPLIED, Applied(files=(path,), undo=done.id), channel="control"))
    return done.id


@asynccontextmanager
async def _journal(asked: Asked, opened: Opened) -> AsyncGenerator[Run, None]:
    """A run, begun."""
    clock = SystemClock()
    async with open_workspace(asked.workspace, read_settings()).writing() as store:
        run = await Run.create(
            store, kind=KIND, data=opened, clock=clock, holder=this_process(),
            run=new_run_id(clock.wall(), random.SystemRandom()),
        )  # fmt: skip
        async with run:
            await run.append(fact(OPENED, opened))
            yield run
