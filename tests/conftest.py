"""What every test shares: the backend, Hypothesis' profile, and the law of skips.

A test may be skipped only for want of a capability that `cambrian doctor` names, with a reason that starts with its
id: ``pytest.skip("needs ns.user: user namespaces are switched off here")``. When ``CI=true`` any other skip, and any
skip for a capability that this machine does have, fails the run.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pytest
from hypothesis import settings

pytest_plugins = ("pytester",)

_IN_CI = os.environ.get("CI") == "true"
_REASON = re.compile(r"(?:Skipped: )?needs (?P<ids>[a-z0-9_.\-]+(?:, ?[a-z0-9_.\-]+)*): \S", re.IGNORECASE)
_SKIPS = pytest.StashKey[list[tuple[str, str]]]()
_WRONG = pytest.StashKey[list[str]]()

# Shared machines are noisy, so no test fails for slowness alone; in CI every run draws the same examples.
settings.register_profile("house", deadline=None, derandomize=_IN_CI)
settings.load_profile("house")


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Asyncio only: it is what `cambrian.evolve` runs on."""
    return "asyncio"


def pytest_configure(config: pytest.Config) -> None:
    """Start with no skips."""
    config.stash[_SKIPS] = []
    config.stash[_WRONG] = []


class _SkipCollector:
    """Notes every skip, of a test or of a whole file."""

    def __init__(self, skips: list[tuple[str, str]]) -> None:
        self._skips = skips

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped and not hasattr(report, "wasxfail"):
            self._note(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.skipped:
            self._note(report)

    def _note(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        self._skips.append((report.nodeid, reason))


def pytest_sessionstart(session: pytest.Session) -> None:
    """Collect skips where reports arrive: in the only process, or in xdist's controller."""
    if not hasattr(session.config, "workerinput"):
        session.config.pluginmanager.register(_SkipCollector(session.config.stash[_SKIPS]), "cambrian-skips")


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a CI run that skipped what it may not skip."""
    skips = session.config.stash[_SKIPS]
    if not _IN_CI or not skips:
        return
    lacking = absent_capabilities()
    wrong = session.config.stash[_WRONG]
    wrong.extend(f"{nodeid}: {reason}" for nodeid, reason in skips if not is_allowed(reason, lacking))
    if wrong and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say which skips were wrong, and how a right one is written."""
    wrong = config.stash[_WRONG]
    if not wrong:
        return
    terminalreporter.section("skips that are not allowed", red=True)
    for line in wrong:
        terminalreporter.line(line)
    terminalreporter.line('A skip must read "needs CAPABILITY: why", of a capability that `cambrian doctor` misses.')


def is_allowed(reason: str, lacking: frozenset[str]) -> bool:
    """Whether a skip's reason names a capability that is really absent."""
    match = _REASON.match(reason)
    return match is not None and any(name.strip() in lacking for name in match["ids"].split(","))


def absent_capabilities() -> frozenset[str]:
    """Ids of what `cambrian doctor` did not find on this machine."""
    command = [sys.executable, "-c", "from cambrian.app.cli import main; main()", "doctor", "--json"]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    if not answer.stdout.strip():
        raise pytest.UsageError(f"`cambrian doctor --json` said nothing; its errors: {answer.stderr[-2000:]!r}")
    return frozenset(item["id"] for item in json.loads(answer.stdout) if not item["available"])
