"""Improvement: a person's project as it lies in a folder: which files are its own, how they are read and tested.

Reads files, runs nothing, writes nothing. Files are named one by one and read one by one, so that a large repository
never is in memory as a whole. What a repository says of itself is believed only as far as a wrong answer does no harm.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Literal, cast

import msgspec

from cambrian.core.errors import UsageError
from cambrian.source.decoding import Decoded, decode_source

from .ignoring import Ignored

__all__ = ["Language", "Project", "SourceFile", "language_of"]

Language = Literal["python", "javascript", "typescript"]

_LANGUAGES: dict[str, Language] = {
    ".py": "python", ".pyw": "python",
    ".js": "javascript", ".mjs": "javascript", ".cjs": "javascript", ".jsx": "javascript",
    ".ts": "typescript", ".mts": "typescript", ".cts": "typescript", ".tsx": "typescript",
}  # fmt: skip
_ASIDE = frozenset(
    {"node_modules", "bower_components", "__pycache__", "__pypackages__", "site-packages", "build", "dist", "vendor",
     "target", "coverage", "htmlcov"}
)  # fmt: skip
_MARKS = (".git", ".hg", "pyproject.toml", "setup.py", "setup.cfg", "package.json")
_TEST_FOLDERS = ("tests", "test", "testing", "__tests__", "spec")
_JS_TEST = re.compile(r"\.(test|spec)\.[cm]?[jt]sx?$")
_LARGEST = 4 * 2**20  # beyond it, a source file is data or was made by a program
_PYTEST = ("pytest.ini", "conftest.py", "tests/conftest.py", "test/conftest.py")
_OPERATORS = re.compile(r"[|&;<>$`]")


class SourceFile(msgspec.Struct, frozen=True):
    """A file of the project.

    Args:
        path: relative to the project's folder, POSIX.
        language: what it is written in.
        size: bytes.
    """

    path: str
    language: Language
    size: int = 0

    @property
    def is_test(self) -> bool:
        """Whether it has tests, by its name or a folder's."""
        path = PurePosixPath(self.path)
        if any(part in _TEST_FOLDERS for part in path.parts[:-1]):
            return True
        if self.language != "python":
            return bool(_JS_TEST.search(path.name))
        return path.name.startswith("test_") or path.name.endswith("_test.py") or path.name == "conftest.py"


class Project(msgspec.Struct, frozen=True, kw_only=True):
    """A project.

    Args:
        root: its folder, absolute and without links.
        import_roots: folders, relative to it, that Python imports start from: ``""`` is the folder itself.
        tests: a guess at the command that runs its tests, as words; empty if there are none to be seen.
        why_tests: what the guess goes by.
    """

    root: Path
    import_roots: tuple[str, ...]
    tests: tuple[str, ...]
    why_tests: str

    @classmethod
    def open(cls, path: Path, *, whole: bool = True) -> Project:
        """The project that a file or folder belongs to.

        Args:
            path: somewhere in it.
            whole: go up to the folder that holds the project's configuration; else a folder is taken as it is.

        Raises:
            UsageError: it is not there.
        """
        place = path.expanduser().resolve()
        if not place.exists():
            raise UsageError(f"{str(path)!r} is not there; name a file or a folder")
        folder = place if place.is_dir() else place.parent
        root = _root(folder) if whole or place.is_file() else folder
        tests, why = _tests(root)
        return cls(root=root, import_roots=_import_roots(root), tests=tests, why_tests=why)

    def files(self, *, below: str = "", keep: Callable[[SourceFile], bool] | None = None) -> Iterator[SourceFile]:
        """Its own source files, in order: nothing hidden, installed, built, ignored by git, or linked from outside.

        Args:
            below: a folder, relative to the project's, or a single file.
            keep: which ones.
        """
        start = self.root / below
        ignored = Ignored.above(self.root, start)
        found = self._folder(start, ignored) if start.is_dir() else self._file(start)
        return found if keep is None else filter(keep, found)

    def _folder(self, folder: Path, above: Ignored) -> Iterator[SourceFile]:
        waiting = [(folder, above)]
        while waiting:
            place, known = waiting.pop()
            ignored = known.within(place)
            try:
                with os.scandir(place) as entries:
                    listed = sorted(entries, key=lambda entry: entry.name)
            except PermissionError:
                continue
            inner: list[tuple[Path, Ignored]] = []
            for entry in listed:
                if entry.is_dir(follow_symlinks=False):
                    if _is_own(entry) and not ignored.hides(entry.path, folder=True):
                        inner.append((Path(entry.path), ignored))
                elif not ignored.hides(entry.path, folder=False):
                    yield from self._file(Path(entry.path))
            waiting += reversed(inner)

    def _file(self, file: Path) -> Iterator[SourceFile]:
        language = language_of(file.name)
        if language is None or not file.is_file():
            return
        if file.is_symlink():  # what it leads to is listed where it lies, or is not the project's
            return
        size = file.stat().st_size
        if size <= _LARGEST:
            yield SourceFile(file.relative_to(self.root).as_posix(), language, size)

    def read(self, path: str) -> Decoded:
        """A file's text, with what is needed to write it back.

        Raises:
            UsageError: it cannot be read, or is no text.
        """
        try:
            return decode_source((self.root / path).read_bytes(), path)
        except OSError as error:
            raise UsageError(f"{path!r} cannot be read: {error.strerror}") from error

    def texts(
        self, *, below: str = "", keep: Callable[[SourceFile], bool] | None = None
    ) -> Iterator[tuple[SourceFile, Decoded | UsageError]]:
        """Each file with its text, or with why it has none. One at a time: hold on to what is needed only."""
        for file in self.files(below=below, keep=keep):
            try:
                yield file, self.read(file.path)
            except UsageError as error:
                yield file, error

    def module(self, path: str) -> str:
        """The name under which a Python file is imported; "" if it cannot be imported by one."""
        roots = [root for root in self.import_roots if not root or path.startswith(root + "/")]
        inside = path[len(max(roots, key=len)) :].lstrip("/") if roots else path
        parts = inside.removesuffix(".py").removesuffix("/__init__").split("/")
        return ".".join(parts) if all(part.isidentifier() for part in parts) else ""

    def find_module(self, name: str) -> str | None:
        """The file of a module, relative to the project's folder; None if it is not the project's."""
        inside = name.replace(".", "/")
        for root in self.import_roots:
            for end in (".py", "/__init__.py"):
                path = PurePosixPath(root, inside + end)
                if (self.root / path).is_file():
                    return path.as_posix()
        return None


def language_of(name: str) -> Language | None:
    """By a file's name; None if it is none of ours, or declares types only, or was squeezed by a program."""
    if name.endswith((".d.ts", ".d.mts", ".d.cts", ".min.js", ".min.mjs")):
        return None
    return _LANGUAGES.get(PurePosixPath(name).suffix)


def _is_own(folder: os.DirEntry[str]) -> bool:
    name = folder.name
    aside = name.startswith(".") or name in _ASIDE or name.endswith(".egg-info")
    return not aside and not os.path.exists(os.path.join(folder.path, "pyvenv.cfg"))


def _root(folder: Path) -> Path:
    """The nearest folder with a mark of a project; the repository's, if that has Python's configuration beside it."""
    for place in (folder, *folder.parents):
        if place != Path.home() and any((place / mark).exists() for mark in _MARKS):
            return place
    return folder


def _import_roots(root: Path) -> tuple[str, ...]:
    """The source folder first, where there is one with a module in it; then the project's own folder."""
    named = [name for name in _configured_roots(root) if (root / name).is_dir()]
    usual = [name for name in ("src", "lib") if _holds_modules(root / name)]
    return tuple(dict.fromkeys([*named, *usual, ""]))


def _holds_modules(folder: Path) -> bool:
    """A folder of packages that is no package itself."""
    if not folder.is_dir() or (folder / "__init__.py").exists():
        return False
    return any(entry.suffix == ".py" or (entry / "__init__.py").exists() for entry in folder.iterdir())


def _configured_roots(root: Path) -> list[str]:
    """What setuptools, pytest and poetry are told of."""
    tool = _table(_table(_toml(root / "pyproject.toml")).get("tool"))
    find = _table(_table(_table(tool.get("setuptools")).get("packages")).get("find")).get("where")
    paths = _table(_table(tool.get("pytest")).get("ini_options")).get("pythonpath")
    packages = _table(tool.get("poetry")).get("packages")
    asked: list[object] = [*_items(find), *_items(paths), *(_table(item).get("from") for item in _items(packages))]
    plain = (PurePosixPath(item).as_posix() for item in asked if isinstance(item, str))
    return [
        name for name in plain if name != "." and not name.startswith("/") and ".." not in PurePosixPath(name).parts
    ]


def _toml(file: Path) -> object:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):  # it only guides a guess
        return {}


def _table(value: object) -> dict[str, object]:
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def _items(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else [] if value is None else [value]


def _tests(root: Path) -> tuple[tuple[str, ...], str]:
    """A guess at how the tests are run, and why."""
    found = _pytest(root)
    if found:
        return ("python", "-m", "pytest", "-q"), found
    file = _python_test(root)
    if file:
        text = (root / file).read_text(encoding="utf-8", errors="replace")
        if re.search(r"^(import pytest|from pytest|def test_|async def test_)", text, re.MULTILINE):
            return ("python", "-m", "pytest", "-q"), f"{file} has tests for pytest"
        return ("python", "-m", "unittest", "discover", "-q"), f"{file} has tests for unittest"
    return _script(root)


def _pytest(root: Path) -> str:
    for name in _PYTEST:
        if (root / name).is_file():
            return f"there is a {name}"
    for name, mark in (("pyproject.toml", "[tool.pytest"), ("setup.cfg", "[tool:pytest]"), ("tox.ini", "[pytest]")):
        file = root / name
        if file.is_file() and mark in file.read_text(encoding="utf-8", errors="replace"):
            return f"{name} configures pytest"
    return ""


def _python_test(root: Path) -> str:
    """A Python file with tests, in the usual places."""
    for folder in ("tests", "test", ""):
        place = root / folder
        if place.is_dir():
            names = sorted(path.name for path in place.iterdir() if path.suffix == ".py" and path.is_file())
            tests = (name for name in names if name.startswith("test_") or name.endswith("_test.py"))
            name = next(tests, None)
            if name is not None:
                return f"{folder}/{name}".lstrip("/")
    return ""


def _script(root: Path) -> tuple[tuple[str, ...], str]:
    """The test script of a ``package.json``, if it is one plain command."""
    try:
        text = (root / "package.json").read_text(encoding="utf-8")
        script = _table(_table(json.loads(text)).get("scripts")).get("test")
    except (OSError, UnicodeDecodeError, ValueError, RecursionError):
        return (), ""
    if not isinstance(script, str) or _OPERATORS.search(script) or "no test specified" in script:
        return (), ""
    try:
        return tuple(shlex.split(script)), "package.json says so"
    except ValueError:
        return (), ""
