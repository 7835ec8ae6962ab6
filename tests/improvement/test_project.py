"""What belongs to a project, how its files read, where its imports start, how its tests run."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from cambrian.core.errors import UsageError
from cambrian.improvement.project import Project, SourceFile, language_of


def make(root: Path, *names: str, **texts: str) -> Path:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x = 1\n")
    for name, text in texts.items():
        (root / name.replace("__", ".")).write_text(text)
    return root


def paths(project: Project, below: str = "") -> list[str]:
    return [file.path for file in project.files(below=below)]


def test_only_its_own_source_files(tmp_path: Path) -> None:
    make(
        tmp_path, "a.py", "b/c.ts", "b/d.min.js", "b/e.d.ts", "b/f.txt", "node_modules/x.js", ".git/x.py",
        ".hidden/x.py", "env/lib/x.py", "env/pyvenv.cfg", "build/x.py", "b/__pycache__/x.py", "pkg.egg-info/x.py",
    )  # fmt: skip
    assert paths(Project.open(tmp_path)) == ["a.py", "b/c.ts"]
    assert [file.language for file in Project.open(tmp_path).files()] == ["python", "typescript"]


def test_links_are_not_followed(tmp_path: Path) -> None:
    make(tmp_path / "out", "secret.py")
    root = make(tmp_path / "in", "a.py", pyproject__toml="")
    (root / "file.py").symlink_to(tmp_path / "out" / "secret.py")
    (root / "folder").symlink_to(tmp_path / "out")
    (root / "loop").symlink_to(root)
    (root / "dangling.py").symlink_to(root / "nowhere.py")
    assert paths(Project.open(root)) == ["a.py"]


IGNORES = """
*.gen.py
/only_here.py
data/
!keep.gen.py
sub/**/deep.py
# comment
tr\\ ail.py
!
"""


def test_what_git_ignores(tmp_path: Path) -> None:
    git = shutil.which("git")
    names = [
        "a.gen.py", "keep.gen.py", "only_here.py", "b/only_here.py", "data/x.py", "b/data/y.py", "sub/a/b/deep.py",
        "sub/deep.py", "tr ail.py", "b/own.py", "b/c/own.py", "b/c/kept.py", "plain.py",
    ]  # fmt: skip
    make(tmp_path, *names, __gitignore=IGNORES)
    (tmp_path / "b" / ".gitignore").write_text("own.py\n")
    (tmp_path / "b" / "c" / ".gitignore").write_text("!own.py\n")
    mine = paths(Project.open(tmp_path, whole=False))
    expected = {"b/c/kept.py", "b/c/own.py", "b/only_here.py", "keep.gen.py", "plain.py"}
    assert set(mine) == expected
    below = Project.open(tmp_path, whole=False)
    assert paths(below, below="b/c") == ["b/c/kept.py", "b/c/own.py"]
    if git is not None:  # the same as git itself says
        subprocess.run([git, "init", "-q", str(tmp_path)], check=True)
        told = subprocess.run(
            [git, "-C", str(tmp_path), "ls-files", "-co", "--exclude-standard"],
            check=True,
            capture_output=True,
            text=True,
        )
        assert set(mine) == {name for name in told.stdout.splitlines() if name.endswith(".py")}


def test_texts_come_with_their_encoding_and_others_are_told(tmp_path: Path) -> None:
    make(tmp_path, "a.py")
    (tmp_path / "latin.py").write_bytes(b"# coding: latin-1\nx = '\xe9'\r\n")
    (tmp_path / "torn.py").write_bytes(b"x = '\xe9'\n")
    found = {file.path: text for file, text in Project.open(tmp_path).texts()}
    latin = found["latin.py"]
    assert not isinstance(latin, UsageError)
    assert (latin.text, latin.encoding) == ("# coding: latin-1\nx = 'é'\r\n", "iso-8859-1")
    assert isinstance(found["torn.py"], UsageError)
    assert "'torn.py' is no text" in str(found["torn.py"])


def test_the_root_is_found_from_anywhere(tmp_path: Path) -> None:
    root = make(tmp_path / "p", "src/pkg/mod.py", pyproject__toml="")
    assert Project.open(root / "src" / "pkg" / "mod.py").root == root
    assert Project.open(root / "src").root == root
    assert Project.open(root / "src", whole=False).root == root / "src"
    with pytest.raises(UsageError, match="is not there"):
        Project.open(root / "nowhere")


def test_modules_and_their_files(tmp_path: Path) -> None:
    make(tmp_path, "src/pkg/__init__.py", "src/pkg/mod.py", "tests/test_x.py", "script-2.py", pyproject__toml="")
    project = Project.open(tmp_path)
    assert project.import_roots == ("src", "")
    names = {
        "src/pkg/mod.py": "pkg.mod",
        "src/pkg/__init__.py": "pkg",
        "tests/test_x.py": "tests.test_x",
        "script-2.py": "",
    }
    assert {path: project.module(path) for path in names} == names
    assert project.find_module("pkg.mod") == "src/pkg/mod.py"
    assert project.find_module("pkg") == "src/pkg/__init__.py"
    assert project.find_module("os") is None


def test_configured_import_roots(tmp_path: Path) -> None:
    text = (
        '[tool.setuptools.packages.find]\nwhere = ["code"]\n[tool.pytest.ini_options]\npythonpath = [".", "../out"]\n'
    )
    make(tmp_path, "code/pkg/__init__.py", pyproject__toml=text)
    assert Project.open(tmp_path).import_roots == ("code", "")


@pytest.mark.parametrize(
    ("files", "command", "why"),
    [
        ({"pytest__ini": ""}, "python -m pytest -q", "there is a pytest.ini"),
        ({"pyproject__toml": "[tool.pytest.ini_options]\n"}, "python -m pytest -q", "pyproject.toml configures pytest"),
        ({"test_x__py": "def test_x(): pass\n"}, "python -m pytest -q", "test_x.py has tests for pytest"),
        ({"test_x__py": "import unittest\n"}, "python -m unittest discover -q", "test_x.py has tests for unittest"),
        ({"package__json": '{"scripts": {"test": "node --test"}}'}, "node --test", "package.json says so"),
        ({"package__json": '{"scripts": {"test": "tsc && node x.js"}}'}, "", ""),
        ({"package__json": "{"}, "", ""),
        ({"a__py": ""}, "", ""),
    ],
)
def test_how_tests_run(tmp_path: Path, files: dict[str, str], command: str, why: str) -> None:
    project = Project.open(make(tmp_path, **files))
    assert (" ".join(project.tests), project.why_tests) == (command, why)


@pytest.mark.parametrize(
    ("path", "test"),
    [("tests/a.py", True), ("pkg/test_a.py", True), ("pkg/a_test.py", True), ("conftest.py", True), ("pkg/a.py", False),
     ("pkg/latest.py", False)],
)  # fmt: skip
def test_which_files_are_tests(path: str, test: bool) -> None:
    assert SourceFile(path, "python").is_test is test


def test_languages_by_name() -> None:
    assert [language_of(name) for name in ("a.py", "a.mjs", "a.tsx", "a.d.ts", "a.min.js", "a.c")] == [
        "python", "javascript", "typescript", None, None, None,
    ]  # fmt: skip
    assert SourceFile("a/b.test.ts", "typescript").is_test
