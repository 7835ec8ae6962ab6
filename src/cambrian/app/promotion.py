"""Writing the winner back to the task's folder: the one way in which code leaves the sandbox, and a person asks for it.

A promotion is an effect: its intent is in the journal before the first file is touched, and its outcome binds variant,
texts and approver by HMAC-SHA256 (RFC 2104) with a key that is kept outside the workspace. Each file is replaced
atomically; if one cannot be, those already replaced are put back.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import stat
import tempfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

import msgspec

from cambrian.core.effect import EffectId, EffectState, Intent
from cambrian.core.errors import TaskError, UsageError
from cambrian.core.event import fact
from cambrian.core.ids import RunId, VariantId, digest
from cambrian.journal.kernel import Run
from cambrian.search.facts import PROMOTED, Promoted
from cambrian.search.task import Task
from cambrian.search.view import Summary

from .document import Source, list_text, with_list
from .results import Promotion
from .values import texts

TASK_FILE = "task.toml"
_KEY_BYTES = 32


class Signer:
    """Signs promotions and checks signatures, with a key that it makes when it first signs.

    Args:
        path: of the key.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def sign(self, run: RunId, promoted: Promoted) -> Promoted:
        """The record with its signature.

        Raises:
            UsageError: the key cannot be read or made, or others can read it.
        """
        key = self._key() or self._make()
        return msgspec.structs.replace(promoted, signature=_signature(key, run, promoted))

    def check(self, run: RunId, promoted: Promoted) -> bool | None:
        """Whether the signature is this key's; ``None`` if there is no key here."""
        key = self._key()
        if key is None:
            return None
        return hmac.compare_digest(_signature(key, run, promoted), promoted.signature)

    def _key(self) -> bytes | None:
        try:
            mode = self._path.stat().st_mode
            key = self._path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise UsageError(f"the signing key {str(self._path)!r} cannot be read: {error.strerror}") from error
        if stat.S_IMODE(mode) & 0o077:
            raise UsageError(f"the signing key {str(self._path)!r} can be read by others; chmod 600 it, or remove it")
        if len(key) != _KEY_BYTES:
            raise UsageError(f"the signing key {str(self._path)!r} has {len(key)} bytes instead of 32; remove it")
        return key

    def _make(self) -> bytes:
        key = secrets.token_bytes(_KEY_BYTES)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with open(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(key)
                file.flush()
                os.fsync(file.fileno())
        except FileExistsError:  # another process was faster
            return self._key() or self._make()
        except OSError as error:
            raise UsageError(f"the signing key {str(self._path)!r} cannot be made: {error.strerror}") from error
        return key


def _signature(key: bytes, run: RunId, promoted: Promoted) -> str:
    said = [
        "cambrian promotion 1", run, promoted.variant, sorted(promoted.files.items()),
        sorted(promoted.replaced.items()), promoted.approver,
    ]  # fmt: skip
    return hmac.new(key, msgspec.json.encode(said), hashlib.sha256).hexdigest()


def promotion_of(view: Summary, signer: Signer | None) -> Promotion | None:
    """What is told of a run's last promotion."""
    promoted = view.promoted
    if promoted is None:
        return None
    valid = signer.check(view.run, promoted) if signer else None
    return Promotion(
        variant=promoted.variant,
        files=tuple(sorted(promoted.files)),
        approver=promoted.approver,
        signature="unknown" if valid is None else "valid" if valid else "invalid",
    )


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What a promotion would write.

    Args:
        folder: the task's folder.
        variant: the variant.
        before: path → text that stands there now; files that are not there are left out.
        after: path → text to write, only those that differ.
        unlisted: files of the variant that ``program`` of ``task.toml`` will not list, since it cannot be rewritten
            with certainty.
        program: every file of the variant, as ``program`` has to list them.
    """

    folder: Path
    variant: VariantId
    before: dict[str, str]
    after: dict[str, str]
    unlisted: tuple[str, ...] = ()
    program: tuple[str, ...] = ()

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
    force: bool = False,
) -> Plan:
    """Say what would be written; writes nothing.

    Args:
        task: whose folder it is.
        variant: the variant.
        files: its texts.
        initial: the program that the run began with.
        promoted: the texts of the variant that was written back last, which may stand there now.
        force: write even if the folder holds other texts than those.

    Raises:
        TaskError: the folder is gone, its files are no longer what the run began with, or the variant would write
            to a place that is not its own.
    """
    folder = Path(task.folder)
    if not folder.is_dir():
        raise TaskError("the task's folder is gone", path=str(folder), fix="put it back, or use `runs best --out DIR`")
    now = {name: _present(_place(folder, name, task)) for name in {*files, *initial}}
    for name, present in now.items():
        expected = {initial.get(name), files.get(name), (promoted or {}).get(name, initial.get(name))}
        if present not in expected and not force:
            raise TaskError(
                "is no longer what the run began with; writing would undo somebody's work",
                path=str(folder / name),
                fix="look at `runs diff`, then repeat with --force, or use `runs best --out DIR`",
            )
    after = {name: text for name, text in files.items() if now[name] != text}
    before = {name: text for name in after if (text := now[name]) is not None}
    program = (*(name for name in task.program if name in files), *sorted(files.keys() - task.program.keys()))
    listed, text, rewritten = _listing(folder, task, program)
    if text is not None and rewritten is not None and text != rewritten:
        before[TASK_FILE], after[TASK_FILE] = text, rewritten
        listed = program
    unlisted = tuple(name for name in program if name not in listed)
    return Plan(folder=folder, variant=variant, before=before, after=after, unlisted=unlisted, program=program)


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


async def promote(run: Run, plan: Plan, signer: Signer, *, approver: str) -> Promoted:
    """Write a plan's files and record it.

    Args:
        run: the run the variant comes from, held by this process.
        plan: what to write.
        signer: signs the record.
        approver: who asked for it.

    Raises:
        TaskError: a file could not be written; the others are as they were.
        UsageError: the signing key cannot be used; nothing was written.
    """
    texts = [text.encode() for text in (*plan.after.values(), *plan.before.values())]
    record = signer.sign(
        run.id,
        Promoted(
            variant=plan.variant,
            files={name: digest(text.encode()) for name, text in plan.after.items()},
            replaced={name: digest(text.encode()) for name, text in plan.before.items()},
            approver=approver,
            signature="",
        ),
    )
    effect = EffectId(f"promote:{run.seq + 1}")
    intent = Intent(
        effect=effect, kind="promote", key=effect, data={"variant": plan.variant, "files": sorted(plan.after)}
    )
    await run.intend(intent, blobs=texts)
    try:
        write_all(plan.folder, plan.after, plan.before)
    except TaskError as error:
        await run.conclude(effect, EffectState.FAILED, why=str(error))
        raise
    await run.conclude(effect, EffectState.APPLIED, fact(PROMOTED, record, channel="control"))
    return record


def write_all(folder: Path, after: Mapping[str, str], before: Mapping[str, str]) -> None:
    """Write every file, or put back those already written.

    Raises:
        TaskError: one could not be written.
    """
    done: list[str] = []
    try:
        for name, text in after.items():
            write_atomically(folder / name, text.encode())
            done.append(name)
    except OSError as error:
        for name in done:
            _put_back(folder / name, before.get(name))
        raise TaskError(
            f"cannot be written: {error.strerror}; nothing was changed", path=str(error.filename or folder),
            fix="see to permissions and room, then repeat",
        ) from error  # fmt: skip


def _put_back(file: Path, text: str | None) -> None:
    if text is None:
        file.unlink()
    else:
        write_atomically(file, text.encode())


def write_atomically(file: Path, data: bytes) -> None:
    """Replace a file's content so that nobody ever sees half of it; keeps the mode of what stood there.

    Raises:
        OSError: as the system says.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    mode = stat.S_IMODE(file.stat().st_mode) if file.exists() else 0o644
    handle, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    try:
        with open(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fchmod(stream.fileno(), mode)
            os.fsync(stream.fileno())
        os.replace(name, file.resolve() if file.is_symlink() else file)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
    _sync_folder(file.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
