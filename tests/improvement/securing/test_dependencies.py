"""Packages against advisories: which files are read, and which versions are affected."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cambrian.core.errors import UsageError
from cambrian.improvement.securing.dependencies import packages_of, scan_dependencies
from cambrian.improvement.securing.versions import compare


@pytest.mark.parametrize(("one", "other", "sign"), [
    ("1.2", "1.10", -1), ("1.0", "1", 0), ("2.0rc1", "2.0", -1), ("2.0.post1", "2.0", 1), ("1.0a1", "1.0b1", -1),
    ("v1.2.3", "1.2.3", 0), ("1.2.3-beta.1", "1.2.3", -1), ("1.0+local", "1.0", 0), ("1.0.dev1", "1.0a1", -1),
])  # fmt: skip
def test_versions_are_ordered(one: str, other: str, sign: int) -> None:
    found = compare(one, other)
    assert (found > 0) - (found < 0) == sign
    assert compare(other, one) == -found


FILES = {
    "requirements.txt": "Foo_Bar[x]==1.0 ; python_version > '3'\n# no\n-r other.txt\nbaz>=2\n",
    "pyproject.toml": '[project]\ndependencies = ["alpha==1"]\n[project.optional-dependencies]\nx = ["beta==2"]\n',
    "uv.lock": '[[package]]\nname = "gamma"\nversion = "3"\n',
    "Pipfile.lock": '{"default": {"delta": {"version": "==4"}}}',
    "package.json": '{"dependencies": {"left": "1.0.0", "right": "^2.0.0"}}',
    "package-lock.json": '{"packages": {"": {}, "node_modules/@a/b": {"version": "5.0.0"}}}',
}


def test_what_a_project_asks_for_is_read_from_its_files(tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    found = {(each.registry, each.name, each.version) for each in packages_of(tmp_path)}
    assert found == {
        ("PyPI", "foo-bar", "1.0"), ("PyPI", "baz", ""), ("PyPI", "alpha", "1"), ("PyPI", "beta", "2"),
        ("PyPI", "gamma", "3"), ("PyPI", "delta", "4"), ("npm", "left", "1.0.0"), ("npm", "right", ""),
        ("npm", "@a/b", "5.0.0"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("version", "affected"), [("1.0", True), ("1.5", False), ("2.0", True), ("2.1", True), ("2.2", False)]
)
def test_ranges_of_an_advisory(tmp_path: Path, version: str, affected: bool) -> None:
    events = [{"introduced": "0"}, {"fixed": "1.4"}, {"introduced": "2.0"}, {"last_affected": "2.1"}]
    advisory = {"id": "X", "affected": [{"package": {"ecosystem": "PyPI", "name": "Foo.Bar"},
                                         "ranges": [{"type": "ECOSYSTEM", "events": events}]}]}  # fmt: skip
    (tmp_path / "osv").mkdir()
    (tmp_path / "osv" / "x.json").write_text(json.dumps(advisory))
    (tmp_path / "requirements.txt").write_text(f"foo-bar=={version}\n")
    found = scan_dependencies(tmp_path, tmp_path / "osv")
    assert found.checked == 1
    assert bool(found.findings) == affected


def test_no_folder_and_no_advisory_are_told(tmp_path: Path) -> None:
    assert scan_dependencies(tmp_path, None).checked is None
    with pytest.raises(UsageError, match="no folder"):
        scan_dependencies(tmp_path, tmp_path / "gone")
    (tmp_path / "bad.json").write_text("{")
    with pytest.raises(UsageError, match=r"bad\.json"):
        scan_dependencies(tmp_path, tmp_path)
