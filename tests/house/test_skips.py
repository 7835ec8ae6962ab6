"""The law of skips (tests/conftest.py) holds: in CI only a capability that is really absent excuses a test."""

from __future__ import annotations

from pathlib import Path

import pytest

CONFTEST = (Path(__file__).parents[1] / "conftest.py").read_text()
PRETEND = '\n\ndef absent_capabilities() -> frozenset[str]:\n    return frozenset({"ns.user"})\n'


@pytest.fixture
def inner(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A small project under the same law, on a machine that lacks ``ns.user`` and nothing else."""
    pytester.makeconftest(CONFTEST + PRETEND)
    monkeypatch.setenv("CI", "true")
    return pytester


def run(inner: pytest.Pytester, reason: str) -> pytest.RunResult:
    inner.makepyfile(f"import pytest\ndef test_a():\n    pytest.skip({reason!r})\ndef test_b():\n    pass\n")
    return inner.runpytest_subprocess("-p", "no:cacheprovider", "-p", "no:cov", timeout=60)


def test_skip_for_an_absent_capability_is_allowed(inner: pytest.Pytester) -> None:
    result = run(inner, "needs ns.user: user namespaces are switched off")
    assert result.ret == pytest.ExitCode.OK
    result.assert_outcomes(passed=1, skipped=1)


@pytest.mark.parametrize(
    "reason",
    ["no time today", "needs seccomp: but this machine has it", "needs ns.user", "see needs ns.user: hidden"],
)
def test_any_other_skip_fails_the_run(inner: pytest.Pytester, reason: str) -> None:
    result = run(inner, reason)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*skips that are not allowed*", f"*{reason}"])


def test_a_skipped_file_counts_too(inner: pytest.Pytester) -> None:
    inner.makepyfile("import pytest\npytest.skip('not here', allow_module_level=True)\n")
    assert inner.runpytest_subprocess("-p", "no:cov", timeout=60).ret == pytest.ExitCode.NO_TESTS_COLLECTED
    inner.makepyfile(test_more="def test_a():\n    pass\n")
    assert inner.runpytest_subprocess("-p", "no:cov", timeout=60).ret == pytest.ExitCode.TESTS_FAILED


def test_an_expected_failure_is_no_skip(inner: pytest.Pytester) -> None:
    inner.makepyfile("import pytest\n@pytest.mark.xfail\ndef test_a():\n    assert False\n")
    assert inner.runpytest_subprocess("-p", "no:cov", timeout=60).ret == pytest.ExitCode.OK


def test_outside_ci_skips_are_free(inner: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI")
    assert run(inner, "no time today").ret == pytest.ExitCode.OK
