"""The law of skips (tests/conftest.py) holds: in CI only a capability that is really absent excuses a test."""

from __future__ import annotations

from pathlib import Path

import pytest

CONFTEST = (Path(__file__).parents[1] / "conftest.py").read_text()
PRETEND = '\n\ndef absent_capabilities() -> frozenset[str]:\n    return frozenset({"ns.user"})\n'
ALLOWED = ["needs ns.user: user namespaces are switched off", "needs seccomp, ns.user: one of two is absent"]
WRONG = ["no time today", "needs seccomp: but this machine has it", "needs ns.user", "see needs ns.user: hidden"]


@pytest.fixture
def inner(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A small project under the same law, on a machine that lacks ``ns.user`` and nothing else."""
    pytester.makeconftest(CONFTEST + PRETEND)
    monkeypatch.setenv("CI", "true")
    return pytester


def run(inner: pytest.Pytester) -> pytest.RunResult:
    return inner.runpytest_subprocess("-p", "no:cacheprovider", "-p", "no:cov", timeout=120)


def skipping(inner: pytest.Pytester, reasons: list[str]) -> None:
    inner.makepyfile(
        f"import pytest\n@pytest.mark.parametrize('why', {reasons!r})\ndef test_a(why):\n    pytest.skip(why)\n"
        "@pytest.mark.xfail\ndef test_expected_failure_is_no_skip():\n    assert False\n"
        "def test_c():\n    pass\n"
    )


def test_skips_for_an_absent_capability_are_allowed(inner: pytest.Pytester) -> None:
    skipping(inner, ALLOWED)
    result = run(inner)
    assert result.ret == pytest.ExitCode.OK
    result.assert_outcomes(passed=1, skipped=2, xfailed=1)


def test_any_other_skip_fails_the_run(inner: pytest.Pytester) -> None:
    skipping(inner, [*ALLOWED, *WRONG])
    result = run(inner)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*skips that are not allowed*", *(f"*test_a*: *{reason}" for reason in WRONG)])
    listed = result.stdout.str().partition("skips that are not allowed")[2]
    assert not any(reason in listed.partition("A skip must read")[0] for reason in ALLOWED)


def test_a_skipped_file_counts_too(inner: pytest.Pytester) -> None:
    inner.makepyfile(
        test_one="import pytest\npytest.skip('not here', allow_module_level=True)\n",
        test_two="def test_a():\n    pass\n",
    )
    assert run(inner).ret == pytest.ExitCode.TESTS_FAILED


def test_outside_ci_skips_are_free(inner: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI")
    skipping(inner, WRONG)
    assert run(inner).ret == pytest.ExitCode.OK
