"""Evaluators written for another framework: candidate and evaluator share one process tree in one fresh jail.

Nothing is split here, so a candidate can forge its score, and every record says so. What the jail still holds is the
machine: no network, no file but those of the evaluator's folder to read, without keys and journals (`exposure`), and a
scratch folder to write, limits on the whole tree.
"""

from __future__ import annotations

import math
import os
import re
import sys
from contextlib import AsyncExitStack
from importlib import resources
from importlib.resources.abc import Traversable
from itertools import islice
from pathlib import Path
from typing import ClassVar, cast

import msgspec

from cambrian.core.codec import decode, encode
from cambrian.core.errors import CodecError, IsolationUnavailable
from cambrian.core.evaluation import Status
from cambrian.core.limits import Level
from cambrian.core.ports import Exit, Program, Reply
from cambrian.core.variant import Variant
from cambrian.sandbox import CPythonJail
from cambrian.search.archives import Rank
from cambrian.search.preload import foreign_preloads
from cambrian.search.task import Task

from .attempt import Attempt, Failed, ended, told
from .exposure import Exposure, expose
from .kind import Kind, candidate_jail
from .scorer import Score

_ANSWER_BYTES = 256 * 1024
_INSIDE = "cambrian.search.inside.foreign"
_RUNNER = (f"{_INSIDE}.runner", f"{_INSIDE}.openevolve", f"{_INSIDE}.shinka", f"{_INSIDE}.gepa")
_PACKAGES = (Path(str(resources.files("cambrian"))).parent,)
_ENTRY = f"from {_INSIDE}.runner import handle\n"
"""The runner is there before the jail closes, so that an evaluation need not compile it."""
_TOOLS = ("/bin", "/usr/bin", "/usr/local/bin", "/usr/include", "/usr/libexec", "/etc/alternatives")
"""What an evaluator that may start processes finds beside the interpreter: compilers, shells. Read-only, no set-uid."""
_NO_MODULE = re.compile(r"ModuleNotFoundError: No module named '(?P<name>[^']+)'")
_NO_NAME = re.compile(r"ImportError: cannot import name '(?P<what>[^']+)' from '(?P<name>[^']+)' \(.*/stand_ins/")
_STARTS = ("fork", "vfork", "clone", "execve", "execveat")


class Foreign(Kind):
    """See the module."""

    split: ClassVar[bool] = False

    def __init__(self, task: Task, jail: CPythonJail, open: AsyncExitStack, hidden: tuple[str, ...]) -> None:
        super().__init__(task, jail, open)
        self.hidden = hidden
        self._program = Program(files={"evaluation.py": _ENTRY, **_stand_ins(task)}, entry="evaluation.py:handle")

    @classmethod
    async def start(cls, task: Task) -> Foreign:
        """Start the jail.

        Raises:
            IsolationUnavailable: this machine has no level 3: below it there is no folder that may be written.
            TaskError: what must be hidden beside the evaluator cannot be.
        """
        exposure = expose((task.path / task.evaluator).parent)
        async with AsyncExitStack() as stack:
            jail = await _jail(task, exposure, stack)
            if jail.level < Level.L3:
                reasons = "; ".join(jail.reasons) or f"level {task.level.name} was asked for"
                raise IsolationUnavailable(
                    f"an evaluator of {task.framework!r} writes files and needs level L3, this machine gives "
                    f"{jail.level.name}: {reasons}. See `cambrian doctor`"
                )
            return cls(task, jail, stack.pop_all(), exposure.hidden)

    @property
    def scorer_cpu_s(self) -> float:
        """None of its own: what the evaluator takes is part of the candidate's tree."""
        return 0.0

    async def ready(self) -> None:
        """See `Kind`: nothing outlives an evaluation."""

    async def measure(self, variant: Variant, attempt: Attempt, best: Rank | None) -> Score:
        """See `Kind.measure`. A new best is not scored again here: a fresh scorer would be no less forged."""
        del best
        session = await self.jail.launch(self._program, self.task.limits)
        if isinstance(session, Exit):
            attempt.usage = session.usage
            raise _ended(session)
        try:
            reply = await session.call(encode(self._order(variant)))
        finally:
            attempt.usage = (await session.close()).usage
        if isinstance(reply, Exit):
            raise _ended(reply)
        if reply.raised:
            words = told(reply)
            raise Failed(Status.ERROR, "raised", words + _fix(words, self.hidden))
        return _score(reply, self.task.objectives[0].name)

    def _order(self, variant: Variant) -> tuple[object, ...]:
        """Arguments of `cambrian.search.inside.foreign.runner.handle`."""
        main = variant.entry.partition(":")[0]
        first = [(main, variant.files[main])]
        files = first + [(path, text) for path, text in sorted(variant.files.items()) if path != main]
        options = msgspec.to_builtins(self.task.framework_options)
        return self.task.framework, self.task.folder, self.task.evaluator, files, options


async def _jail(task: Task, exposure: Exposure, open: AsyncExitStack) -> CPythonJail:
    """One that has imported ahead what the evaluator imports; if that cannot be, the evaluator sees to it itself."""
    ahead, readable = foreign_preloads(task), _readable(task, exposure)
    try:
        return await candidate_jail(task, (*_RUNNER, *ahead), open, readable=readable, path=_PACKAGES)
    except IsolationUnavailable as error:
        if "preload" not in str(error):
            raise
    readable = _readable(task, exposure)  # what went meanwhile is no error
    return await candidate_jail(task, (*_RUNNER, *task.imports), open, readable=readable, path=_PACKAGES)


def _readable(task: Task, exposure: Exposure) -> tuple[Path, ...]:
    """What is shown of the evaluator's folder, and what it takes to start this interpreter anew with its packages."""
    wanted = [*exposure.shown]
    if task.limits.processes > 1:
        wanted += [Path(sys.prefix, "bin"), Path(sys.prefix, "pyvenv.cfg"), *map(Path, _TOOLS)]
    return tuple(path for path in wanted if os.path.exists(path))


def _ended(exit: Exit) -> Failed:
    failed = ended(exit)
    if exit.status is Status.DENIED and exit.detail in _STARTS:
        failed.feedback += "\nfix: let it start processes: --set limits.processes=16, or in task.toml [limits]"
    return failed


def _fix(words: str, hidden: tuple[str, ...]) -> str:
    """What to do about a module or a file that is not there; empty if that is not what went wrong."""
    lost = next((name for name in hidden if "FileNotFoundError" in words and name in words), None)
    if lost is not None:
        return (
            f"\nfix: {lost!r} is kept from programs, and so from an evaluator that shares their jail; have it read "
            f"what it needs from a file of another name"
        )
    if match := _NO_MODULE.search(words):
        root = match["name"].partition(".")[0]
        return f"\nfix: install the package that has {root!r} where Cambrian is: {sys.executable} -m pip install {root}"
    if match := _NO_NAME.search(words):
        package = match["name"].partition(".")[0]
        return (
            f"\nfix: {package} is not installed, and what stands in for it has no {match['what']!r}; install it where "
            f"Cambrian is: {sys.executable} -m pip install {package}"
        )
    return ""


_NUMBERS, _NAME, _WORDS = 200, 100, 8000
"""What is taken of an answer: numbers, characters of a name, of feedback. An honest jail cuts to the same."""


def _score(reply: Reply, objective: str) -> Score:
    """The numbers, if they are numbers: whoever wrote them may be the candidate."""
    try:
        raw = decode(reply.payload, max_bytes=_ANSWER_BYTES, arrays=False)
    except CodecError as error:
        raise Failed(Status.INVALID, "answer", f"what the evaluation gave cannot be read: {error}") from None
    record = cast("dict[object, object]", raw) if isinstance(raw, dict) else {}
    words = _text(record.get("feedback"))
    why = record.get("invalid")
    if why is not None:
        raise Failed(Status.INVALID, "rejected", f"{_text(why)}\n{words}".strip()[:8000])
    score = record.get("score")
    if not _finite(score):
        shown = "a number that is too large" if type(score) is int else f"{score!r:.100}"
        raise Failed(Status.INVALID, "answer", f"the score is {shown}; only finite numbers can rank")
    given = record.get("numbers")
    others = cast("dict[object, object]", given) if isinstance(given, dict) else {}
    named = (
        (name, item) for name, item in others.items() if type(name) is str and len(name) <= _NAME and _finite(item)
    )
    numbers = {name: float(cast("float", item)) for name, item in islice(named, _NUMBERS)}
    return Score({**numbers, objective: float(cast("float", score))}, words[:_WORDS])


def _finite(value: object) -> bool:
    if type(value) not in (int, float):
        return False
    try:
        return math.isfinite(cast("float", value))
    except OverflowError:
        return False


def _text(value: object) -> str:
    return value if type(value) is str else ""


def _stand_ins(task: Task) -> dict[str, str]:
    """What evaluator, program or a module beside them names of a framework, as files; one installed goes before it.

    Whether it is installed is looked up in the jail: out here a folder of that name in the current one would count.
    """
    folder = (task.path / task.evaluator).parent
    texts = [task.evaluator_text, *task.program.values()]
    texts += [path.read_text(encoding="utf-8", errors="replace") for path in sorted(folder.glob("*.py"))]
    files: dict[str, str] = {}
    for package in resources.files("cambrian").joinpath("search", "inside", "stand_ins").iterdir():
        name = package.name
        if package.is_dir() and any(name in text for text in texts):
            files |= {f"stand_ins/{name}/{name}/{path}": text for path, text in _texts(package)}
    return files


def _texts(folder: Traversable) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for item in folder.iterdir():
        if item.is_dir() and item.name != "__pycache__":
            found += [(f"{item.name}/{path}", text) for path, text in _texts(item)]
        elif item.name.endswith(".py"):
            found.append((item.name, item.read_text(encoding="utf-8")))
    return found
