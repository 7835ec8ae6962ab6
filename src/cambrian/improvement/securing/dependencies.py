"""Packages that a project asks for, held against a folder of advisories (OSV schema 1.6). Reads files, asks nobody.

Only versions that are written down exactly (locks, ``==``) can be held against ranges; others are left out.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple, cast

import msgspec

from cambrian.core.errors import UsageError
from cambrian.source.rules.security.finding import Severity

from .report import Reported
from .versions import compare

__all__ = ["Dependencies", "Package", "packages_of", "scan_dependencies"]

_REQUIREMENT = re.compile(r"^\s*(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?\s*(?:==\s*(?P<version>[^\s;,#]+))?")
_PURE = re.compile(r"[-_.]+")
_LARGEST = 16 * 2**20
"""Bytes of a file of packages or an advisory; beyond it something else is in it."""
_SUSPICIOUS = {
    "PyPI": frozenset({
        "reqeusts", "requets", "request", "python-sqlite", "urllib", "urlib3", "colourama", "python3-dateutil",
        "jeilyfish", "djanga", "flsk", "beautifulsoup", "openvc", "pyyml", "cryptograpyh", "tensrflow", "numpyy",
        "pandass", "setup-tools", "nmap-python", "crypt", "acqusition", "apidev-coop", "bzip", "libpeshnx",
    }),
    "npm": frozenset({
        "crossenv", "cross-env.js", "mongose", "loadash", "lodahs", "expres", "reactt", "nodemailer-js", "babelcli",
        "d3.js", "fabric-js", "ffmepg", "gruntcli", "http-proxy.js", "jquery.js", "mariadb.js", "mssql.js",
        "mysqljs",
        "node-fabric", "node-opencv", "node-openssl", "node-sqlite", "nodecaffe", "nodesass", "noderequest",
        "shadowsock", "smb", "sqlite.js", "sqliter", "sqlserver", "tkinter", "discordi.js",
        "electron-native-notify", "flatmap-stream",
    }),
}  # fmt: skip
"""Names that were, or could be, taken for others: published attacks, and slips of the hand."""


class Package(NamedTuple):
    """A package that a file asks for: registry, name, exact version or "", the file, its line."""

    registry: str
    name: str
    version: str
    file: str
    line: int


class Dependencies(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it: packages that were held against advisories (`None`: there were no advisories), and findings."""

    checked: int | None = None
    findings: tuple[Reported, ...] = ()


def scan_dependencies(root: Path, advisories: Path | None) -> Dependencies:
    """Hold a project's packages against advisories, and their names against known bad ones.

    Raises:
        UsageError: there is no such folder of advisories.
    """
    packages = list(dict.fromkeys(packages_of(root)))
    found = [_suspicious(each) for each in packages if each.name in _SUSPICIOUS.get(each.registry, frozenset())]
    if advisories is None:
        return Dependencies(findings=tuple(found))
    wanted = {(each.registry, each.name) for each in packages}
    known = _advisories(advisories, wanted)
    found += [
        _vulnerable(each, advisory)
        for each in packages
        for advisory in known.get((each.registry, each.name), ())
        if each.version and _affects(advisory, each)
    ]
    return Dependencies(checked=sum(bool(each.version) for each in packages), findings=tuple(found))


def _suspicious(package: Package) -> Reported:
    return _told(
        package, "suspicious-package", "high", f"{package.name!r} is a name that attackers used in place of another's",
        "make sure that this is the package you mean",
    )  # fmt: skip


def _vulnerable(package: Package, advisory: Mapping[str, object]) -> Reported:
    name = str(advisory.get("id", "an advisory"))
    text = str(advisory.get("summary") or str(advisory.get("details", ""))[:120]).strip()
    fixed = _fixed_in(advisory, package)
    advice = f"take {fixed} or newer" if fixed else "no version without it is known"
    return _told(
        package, "vulnerable-package", _severity(advisory), f"{package.name} {package.version}: {name}: {text}", advice
    )


def _told(package: Package, rule: str, severity: Severity, what: str, advice: str) -> Reported:
    return Reported(
        rule=rule, file=package.file, line=package.line, column=1, end_line=package.line, scope="", severity=severity,
        cwe="CWE-1395", what=what, advice=advice, fingerprint=f"{rule}:{package.registry}:{package.name}:{what[:80]}",
    )  # fmt: skip


# --- advisories ------------------------------------------------------------------------------------------------------


def _advisories(folder: Path, wanted: set[tuple[str, str]]) -> dict[tuple[str, str], list[Mapping[str, object]]]:
    if not folder.is_dir():
        raise UsageError(f"{str(folder)!r} is no folder; name one with advisories in the format of OSV, as JSON files")
    found: dict[tuple[str, str], list[Mapping[str, object]]] = {}
    for file in sorted(folder.rglob("*.json")):
        for advisory in _records(file):
            for affected in _maps(advisory.get("affected")):
                package = _map(affected.get("package"))
                registry = str(package.get("ecosystem", "")).partition(":")[0]
                key = (registry, _plain(registry, str(package.get("name", ""))))
                if key in wanted and advisory not in found.setdefault(key, []):
                    found[key].append(advisory)
    return found


def _records(file: Path) -> Iterator[Mapping[str, object]]:
    if file.stat().st_size > _LARGEST:
        return
    try:
        value: object = json.loads(file.read_bytes())
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{str(file)!r} is no advisory: {error}; take it out of the folder") from error
    for each in value if isinstance(value, list) else [value]:  # pyright: ignore[reportUnknownVariableType]
        if isinstance(each, dict) and "withdrawn" not in each:
            yield cast("Mapping[str, object]", each)


def _affects(advisory: Mapping[str, object], package: Package) -> bool:
    return any(_within(each, package) for each in _of(advisory, package))


def _of(advisory: Mapping[str, object], package: Package) -> Iterator[Mapping[str, object]]:
    for affected in _maps(advisory.get("affected")):
        if _plain(package.registry, str(_map(affected.get("package")).get("name", ""))) == package.name:
            yield affected


def _within(affected: Mapping[str, object], package: Package) -> bool:
    versions = affected.get("versions")
    if isinstance(versions, list) and package.version in versions:
        return True
    return any(
        _in_range(_maps(each.get("events")), package.version)
        for each in _maps(affected.get("ranges"))
        if each.get("type") in {"ECOSYSTEM", "SEMVER"}
    )


def _in_range(events: Iterable[Mapping[str, object]], version: str) -> bool:
    """OSV's evaluation: the events in order of version, the last that is not above decides."""
    inside = False
    for event in events:
        if "introduced" in event:
            start = str(event["introduced"])
            inside = inside or start == "0" or compare(version, start) >= 0
        elif "fixed" in event:
            inside = inside and compare(version, str(event["fixed"])) < 0
        elif "last_affected" in event:
            inside = inside and compare(version, str(event["last_affected"])) <= 0
    return inside


def _fixed_in(advisory: Mapping[str, object], package: Package) -> str:
    fixed = [
        str(event["fixed"])
        for affected in _of(advisory, package)
        for each in _maps(affected.get("ranges"))
        for event in _maps(each.get("events"))
        if "fixed" in event and each.get("type") != "GIT" and compare(str(event["fixed"]), package.version) > 0
    ]
    return fixed[0] if fixed else ""


def _severity(advisory: Mapping[str, object]) -> Severity:
    named = str(_map(advisory.get("database_specific")).get("severity", "")).lower()
    names: dict[str, Severity] = {
        "critical": "critical",
        "high": "high",
        "moderate": "medium",
        "medium": "medium",
        "low": "low",
    }
    return names.get(named, "high")


# --- files of packages -----------------------------------------------------------------------------------------------


def packages_of(root: Path) -> Iterator[Package]:
    """The packages that a project's files ask for, in the project's own folder."""
    for file in sorted(root.iterdir()):
        if not file.is_file() or file.stat().st_size > _LARGEST:
            continue
        name = file.name
        if name.startswith("requirements") and name.endswith((".txt", ".in")):
            yield from _requirements(file)
        elif name in {"pyproject.toml", "poetry.lock", "uv.lock", "pdm.lock", "Pipfile"}:
            yield from _toml(file)
        elif name in {"package.json", "package-lock.json", "Pipfile.lock"}:
            yield from _json(file)


def _requirements(file: Path) -> Iterator[Package]:
    for number, line in enumerate(_text(file).splitlines(), 1):
        match = _REQUIREMENT.match(line)
        if match is not None and not line.lstrip().startswith(("#", "-")):
            yield Package("PyPI", _plain("PyPI", match["name"]), match["version"] or "", file.name, number)


def _toml(file: Path) -> Iterator[Package]:
    text = _text(file)
    try:
        value: Mapping[str, object] = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    for each in _maps(value.get("package")):  # locks of poetry, uv, pdm
        yield _located("PyPI", str(each.get("name", "")), str(each.get("version", "")), file.name, text)
    project = _map(value.get("project"))
    groups = [project.get("dependencies"), *_map(project.get("optional-dependencies")).values(),
              *_map(value.get("dependency-groups")).values()]  # fmt: skip
    for group in groups:
        for line in cast("list[object]", group) if isinstance(group, list) else []:
            match = _REQUIREMENT.match(line) if isinstance(line, str) else None
            if match is not None:
                yield _located("PyPI", match["name"], match["version"] or "", file.name, text)


def _json(file: Path) -> Iterator[Package]:
    text = _text(file)
    try:
        value = _map(json.loads(text))
    except (ValueError, RecursionError):
        return
    if file.name == "Pipfile.lock":
        for part in ("default", "develop"):
            for name, each in _map(value.get(part)).items():
                yield _located("PyPI", name, str(_map(each).get("version", "")).lstrip("="), file.name, text)
    elif file.name == "package-lock.json":
        yield from _npm_lock(value, file.name, text)
    else:
        for part in ("dependencies", "devDependencies", "optionalDependencies"):
            for name, version in _map(value.get(part)).items():
                exact = str(version) if re.fullmatch(r"\d[\w.+-]*", str(version)) else ""
                yield _located("npm", name, exact, file.name, text)


def _npm_lock(value: Mapping[str, object], file: str, text: str) -> Iterator[Package]:
    listed = [(path.rpartition("node_modules/")[2], each) for path, each in _map(value.get("packages")).items() if path]
    listed += list(_map(value.get("dependencies")).items())
    for name, each in listed:
        yield _located("npm", name, str(_map(each).get("version", "")), file, text)


def _located(registry: str, name: str, version: str, file: str, text: str) -> Package:
    at = text.find(f'"{name}"')
    at = text.find(name) if at < 0 else at
    return Package(registry, _plain(registry, name), version, file, text.count("\n", 0, max(at, 0)) + 1)


def _plain(registry: str, name: str) -> str:
    return _PURE.sub("-", name).lower() if registry == "PyPI" else name


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace")


def _map(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}


def _maps(value: object) -> list[Mapping[str, object]]:
    return [_map(each) for each in cast("list[object]", value)] if isinstance(value, list) else []
