"""The test corpora, read: one record per program, its oracle with it. Nothing of the product is imported here.

Every reader first compares the corpus with its ``FROZEN.json``, so that nobody measures on files that were tuned:

>>> len(list(injections())) > 90
True
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, TypeVar

import msgspec

from .trivial_errors import make

HERE = Path(__file__).parent
LANGUAGES: dict[str, Language] = {".py": "python", ".js": "javascript", ".ts": "typescript"}
FREE = {"FROZEN.json", "README.md"}

Language = Literal["python", "javascript", "typescript"]
T = TypeVar("T")


class CorpusChangedError(ValueError):
    """A corpus is not what was frozen."""


class Frozen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``FROZEN.json``: relative path → SHA-256; for sets that are made on the fly also the hash of all that is made."""

    files: dict[str, str]
    made: str | None = None


class Query(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A call on a fresh database and what a right program gives back.

    Attributes:
        args: Arguments after the connection.
        result: What comes back, as JSON has it (tuples are lists).
        state: Rows of the database's `state` query after the call.
    """

    args: list[object]
    result: object
    state: list[list[object]] | None = None


class Database(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """How a program that uses `sqlite3` is run.

    Attributes:
        entry: A function whose first argument is the connection, or ``Class.method`` with the connection to the class.
        schema: SQL that makes the database.
        benign: Calls whose results must stay as they are.
        hostile: Calls with the results of a program that takes its arguments as data. A vulnerable one differs in each.
        state: Query that shows what a call wrote.
    """

    entry: str
    schema: str
    benign: list[Query]
    hostile: list[Query]
    state: str | None = None


class Injection(msgspec.Struct, frozen=True):
    """A program that builds SQL, or looks as if; `expect` says what a tool should do with it."""

    id: str
    language: Language
    expect: Literal["fix", "safe", "refuse"]
    text: str
    path: Path
    database: Database | None


class Call(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A call of a slow function and all that can be seen of it.

    Attributes:
        args: Arguments, as JSON.
        result: What it returns, as JSON has it; sets are sorted lists.
        raises: Name of the exception's type instead.
        after: The arguments after the call, where it changed them.
        printed: What it printed.
    """

    args: list[object]
    result: object = None
    raises: str | None = None
    after: list[object] | None = None
    printed: str = ""


class Stress(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Large arguments: `make` is a Python expression over ``random`` (a `random.Random`) and ``size``."""

    seed: int
    size: int
    make: str


class Slowness(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """The JSON beside a slow function.

    Attributes:
        entry: Name of the function; it may be ``async``.
        kind: What is slow about it, or what forbids to change it.
        promised: Whether issue 5 names a rule for this kind.
        tests: Calls with their results by the function itself.
        stress: Arguments that make the slowness felt; None for most look-alikes.
        needs: Packages beyond the standard library.
    """

    entry: str
    kind: str
    promised: bool
    tests: list[Call]
    stress: Stress | None = None
    needs: list[str] = []


class SlowFunction(msgspec.Struct, frozen=True):
    """A slow function (`expect` "faster"), or one that only looks like it ("keep")."""

    id: str
    language: Language
    expect: Literal["faster", "keep"]
    text: str
    path: Path
    about: Slowness


def digests(folder: Path) -> dict[str, str]:
    """Relative path → SHA-256 of every file that a corpus' freeze covers: all but its README and what makes it."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
        if path.name not in FREE and not (path.parent == folder and path.suffix == ".py")
    }


def verify(folder: Path) -> Frozen:
    """What a corpus was frozen as.

    Raises:
        CorpusChangedError: A file was changed, added or lost since.
    """
    frozen = msgspec.json.decode((folder / "FROZEN.json").read_bytes(), type=Frozen)
    now = digests(folder)
    changed = sorted(name for name in frozen.files.keys() | now.keys() if frozen.files.get(name) != now.get(name))
    if changed:
        raise CorpusChangedError(
            f"{folder.name!r} is not as frozen: {changed[:5]} ({len(changed)} files); take the frozen files back, "
            "or freeze again (python -m benchmarks.corpora.freeze --write) and say so in the figures"
        )
    return frozen


def injections(folder: Path = HERE / "sql_injection") -> Iterator[Injection]:
    """Programs for the SQL rules: vulnerable ones, safe look-alikes, injected identifiers."""
    verify(folder)
    for path in _programs(folder):
        text = path.read_text(encoding="utf-8")
        yield Injection(
            id=_name(path, folder), language=LANGUAGES[path.suffix], expect=_expectation(text, path), text=text,
            path=path, database=_beside(path, Database),
        )  # fmt: skip


def slow_functions(folder: Path = HERE / "slow_code") -> Iterator[SlowFunction]:
    """Slow functions as people write them, and look-alikes that must stay as they are."""
    verify(folder)
    for path in _programs(folder):
        about = _beside(path, Slowness)
        if about is None:
            raise CorpusChangedError(f"{path.name!r} has no {path.stem + '.json'!r} beside it")
        expect = "keep" if path.parent.name == "keep" else "faster"
        text = path.read_text(encoding="utf-8")
        yield SlowFunction(_name(path, folder), LANGUAGES[path.suffix], expect, text, path, about)


def trivial_errors(folder: Path = HERE / "trivial_errors") -> Iterator[make.Broken]:
    """Broken programs, made from the correct ones; the hash of the whole set is compared before the first is given."""
    frozen = verify(folder)
    every = list(make.broken())
    if make.digest(every) != frozen.made:
        raise CorpusChangedError(f"{folder.name!r}: what make.py makes has another hash than {frozen.made!r}")
    yield from every


def _programs(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / "programs").rglob("*") if path.suffix in LANGUAGES)


def _name(path: Path, folder: Path) -> str:
    return path.relative_to(folder / "programs").as_posix()


def _beside(path: Path, kind: type[T]) -> T | None:
    beside = path.with_suffix(".json")
    return msgspec.json.decode(beside.read_bytes(), type=kind) if beside.exists() else None


def _expectation(text: str, path: Path) -> Literal["fix", "safe", "refuse"]:
    said = text.partition("\n")[0].lstrip("#/ ").removeprefix("expect:").strip()
    if said not in ("fix", "safe", "refuse"):
        raise CorpusChangedError(f"{path.name!r} begins with {said!r}, not with `expect: fix`, `safe` or `refuse`")
    return said
