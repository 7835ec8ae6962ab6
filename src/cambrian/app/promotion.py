"""Writing the winner back to the task's folder: the one way in which code leaves the sandbox, and a person asks for it.

A promotion is an effect: its intent names every file and is in the journal before the first one is touched, with the
old texts and the new. Its outcome binds variant, texts and approver by a signature (`app.signing`). Each file is
replaced as a whole; if one cannot be, those already replaced are put back. If the process dies between two files, the
next promotion of the run starts from what is there, whichever of the two texts that is (`app.trail`).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

import msgspec

from cambrian.core.effect import EffectId, EffectState, Intent
from cambrian.core.errors import TaskError
from cambrian.core.event import fact
from cambrian.core.ids import VariantId, digest
from cambrian.journal.kernel import Run
from cambrian.journal.placing import write_all
from cambrian.journal.replacing import leftovers
from cambrian.search.facts import PROMOTED, Promoted
from cambrian.search.task import Task

from .document import Source
from .signing import Signer
from .toml_text import list_text, with_list
from .trail import NO_TRAIL, PROMOTE, Trail, Writing, writing_of
from .values import texts

TASK_FILE = "task.toml"


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What a promotion would write.

    Args:
        folder: the task's folder.
        variant: the variant.
        before: path → text that stands there now; files that are not there are left out.
        after: path → text to write, only those that differ.
        remove: paths of files that go: the run had added them, and the variant has none of that name.
        cut_off: promotions that were cut off before, told for people; this one settles them.
        unlisted: files of the variant that ``program`` of ``task.toml`` will not list, since it cannot be rewritten
            with certainty.
        program: every file of the variant, as ``program`` has to list them.
    """

    folder: Path
    variant: VariantId
    before: dict[str, str]
    after: dict[str, str]
    remove: tuple[str, ...] = ()
    cut_off: tuple[str, ...] = ()
    unlisted: tuple[str, ...] = ()
    program: tuple[str, ...] = ()

    @property
    def changes(self) -> bool:
        """Whether any file would change."""
        return bool(self.after or self.remove)

    @property
    def program_line(self) -> str:
        """The line that ``task.toml`` needs."""
        return f"program = {list_text(self.program)}"


def plan_promotion(
    task: Task,
    variant: VariantId,
    files: Mapping[str, str],
    *,
    initial: Mapping[str, str],
    promoted: Mapping[str, str] | None = None,
    trail: Trail = NO_TRAIL,
    force: bool = False,
) -> Plan:
    """Say what would be written; writes nothing.

    Args:
        task: whose folder it is.
        variant: the variant.
        files: its texts.
        initial: the program that the run began with.
        promoted: the texts of the variant that was written back last, which may stand there now.
        trail: what else the run has done to the folder.
        force: write even if the folder holds other texts than those.

    Raises:
        TaskError: the folder is gone, its files are no longer what the run began with, or the variant would write
            to a place that is not its own.
    """
    folder = Path(task.folder)
    if not folder.is_dir():
        raise TaskError("the task's folder is gone", path=str(folder), fix="put it back, or use `runs best --out DIR`")
    now = {name: _present(_place(folder, name, task)) for name in {*files, *initial, *(trail.added - {TASK_FILE})}}
    if not force:
        _refuse_strange(folder, now, (initial, files, {**initial, **(promoted or {})}), trail)
    after = {name: text for name, text in files.items() if now[name] != text}
    remove = tuple(sorted(name for name in trail.added & now.keys() - files.keys() if now[name] is not None))
    before = {name: text for name in (*after, *remove) if (text := now[name]) is not None}
    program = (*(name for name in task.program if name in files), *sorted(files.keys() - task.program.keys()))
    listed, text, rewritten = _listing(folder, task, program)
    if text is not None and rewritten is not None and text != rewritten:
        before[TASK_FILE], after[TASK_FILE] = text, rewritten
        listed = program
    unlisted = tuple(name for name in program if name not in listed)
    cut_off = tuple(_told(folder, writing) for writing in trail.cut_off)
    return Plan(
        folder=folder, variant=variant, before=before, after=after, remove=remove, cut_off=cut_off, unlisted=unlisted,
        program=program,
    )  # fmt: skip


def _refuse_strange(
    folder: Path, now: Mapping[str, str | None], known: tuple[Mapping[str, str], ...], trail: Trail
) -> None:
    """Refuse a folder with texts that neither the run began with nor it has written."""
    for name, present in now.items():
        if present in {texts.get(name) for texts in known}:
            continue
        ours = trail.may_be_absent(name) if present is None else digest(present.encode()) in trail.may_stand(name)
        if not ours:
            raise TaskError(
                "is no longer what the run began with; writing would undo somebody's work",
                path=str(folder / name),
                fix="look at `runs diff`, then repeat with --force, or use `runs best --out DIR`",
            )


def _told(folder: Path, writing: Writing) -> str:
    """How far a promotion came that was cut off, in words."""
    stand = {name: _present(folder / name) for name in writing.written}
    done = [name for name, text in stand.items() if text is not None and digest(text.encode()) == writing.written[name]]
    left = [name for name in stand if name not in done] + [name for name in writing.removed if _present(folder / name)]
    words = (f"{what}: {', '.join(sorted(names))}" for what, names in (("done", done), ("not done", left)) if names)
    return f"an earlier apply of variant {writing.variant} was cut off ({'; '.join(words) or 'nothing is known of it'})"


def _listing(folder: Path, task: Task, program: tuple[str, ...]) -> tuple[tuple[str, ...], str | None, str | None]:
    """What ``task.toml`` lists as the program now, its text, and its text with `program` listed, if that can be had."""
    file = folder / TASK_FILE
    if not file.is_file() or not file.resolve().is_relative_to(folder.resolve()):
        return tuple(task.program), None, None
    try:
        text = file.read_bytes().decode()
        table = Source.parse(TASK_FILE, text)
        item = table.item("program")
        listed = texts(item) if item else ()
    except (OSError, UnicodeDecodeError, TaskError):
        return tuple(task.program), None, None
    return listed, text, text if set(listed) == set(program) else with_list(text, "program", program)


def _place(folder: Path, name: str, task: Task) -> Path:
    path = PurePosixPath(name)
    file = folder / path
    if path.is_absolute() or ".." in path.parts or not file.resolve().is_relative_to(folder.resolve()):
        raise TaskError(f"the variant has a file {name!r} outside the folder", path=str(folder), fix="do not apply it")
    if name in {TASK_FILE, task.evaluator}:
        raise TaskError(
            f"the variant has a file {name!r} that is not the program's", path=str(file), fix="do not apply it"
        )
    return file


def _present(file: Path) -> str | None:
    try:
        return file.read_bytes().decode().replace("\r\n", "\n")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise TaskError(f"cannot be read: {error}", path=str(file), fix="check the file") from error


async def promote(run: Run, plan: Plan, signer: Signer, *, approver: str) -> Promoted | None:
    """Write a plan's files and record it; settle what was cut off before.

    Args:
        run: the run the variant comes from, held by this process.
        plan: what to write.
        signer: signs the record.
        approver: who asked for it.

    Returns:
        The record; nothing if no file had to change.

    Raises:
        TaskError: a file could not be written, or is no longer what the plan saw; the others are as they were.
        UsageError: the signing key cannot be used; nothing was written.
    """
    cut_off = [intent for intent in run.unfinished() if intent.kind == PROMOTE]
    for name in {name for intent in cut_off for name in writing_of(intent).names}:
        for file in leftovers(plan.folder / name):
            file.unlink(missing_ok=True)
    record = await _write(run, plan, signer, approver) if plan.changes else None
    for intent in cut_off:
        await run.seal(intent.effect, f"cut off; settled by writing variant {plan.variant}")
    return record


async def _write(run: Run, plan: Plan, signer: Signer, approver: str) -> Promoted:
    record = signer.sign(run.id, _record(plan, approver))
    effect = EffectId(f"promote:{run.seq + 1}")
    writing = Writing(variant=record.variant, files=record.files, replaced=record.replaced, removed=record.removed)
    intent = Intent(effect=effect, kind=PROMOTE, key=effect, data=msgspec.to_builtins(writing))
    await run.intend(intent, blobs=[text.encode() for text in (*plan.after.values(), *plan.before.values())])
    try:
        _check_unchanged(plan)
        _put(plan)
    except TaskError as error:
        await run.conclude(effect, EffectState.FAILED, why=str(error))
        raise
    await run.conclude(effect, EffectState.APPLIED, fact(PROMOTED, record, channel="control"))
    return record


def _put(plan: Plan) -> None:
    contents = {name: text.encode() for name, text in plan.after.items()}
    try:
        write_all(plan.folder, {**contents, **dict.fromkeys(plan.remove)})
    except OSError as error:
        raise TaskError(
            f"cannot be written: {error.strerror}; nothing was changed", path=str(error.filename or plan.folder),
            fix="see to permissions and room, then repeat",
        ) from error  # fmt: skip


def _record(plan: Plan, approver: str) -> Promoted:
    before = {name: digest(text.encode()) for name, text in plan.before.items()}
    return Promoted(
        variant=plan.variant,
        files={name: digest(text.encode()) for name, text in plan.after.items()},
        replaced={name: text for name, text in before.items() if name not in plan.remove},
        removed={name: before[name] for name in plan.remove},
        approver=approver,
        signature="",
    )


def _check_unchanged(plan: Plan) -> None:
    """Refuse to write over what was changed while a person looked at the plan."""
    for name in (*plan.after, *plan.remove):
        if (_present(plan.folder / name) or "") != plan.before.get(name, "").replace("\r\n", "\n"):
            raise TaskError("was changed meanwhile; nothing was written", path=str(plan.folder / name), fix="repeat")
