"""Routes: inside the floor whatever the script says, then able, then quick; reasons for each."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cambrian.core.errors import SandboxError, UsageError
from cambrian.core.limits import Level
from cambrian.core.script import LANGUAGES, Language
from cambrian.sandbox.scripts.router.breaker import Breaker
from cambrian.sandbox.scripts.router.cost import CostModel, Observation, bucket_of
from cambrian.sandbox.scripts.router.policy import PRESETS, Preset, floor
from cambrian.sandbox.scripts.router.route import Offer, Route, route
from cambrian.sandbox.scripts.router.table import RARE_IMPORTS, Capabilities
from cambrian.source.features_script import ScriptFeatures, script_features
from cambrian.testing.clock import ManualClock

SHORT = dict.fromkeys(RARE_IMPORTS, False) | {"import:json": True, "class:inheritance": False, "class:definition": True}
TYPES = {"syntax:typescript-enum": True}


def offer(name: str, *languages: Language, level: Level = Level.L3, **features: bool) -> Offer:
    return Offer(
        name=name, languages=languages, level=level,
        capabilities=Capabilities(runtime=name, version="1", features=features),
    )  # fmt: skip


def offers(level: Level = Level.L3) -> tuple[Offer, ...]:
    return (
        offer("cpython", "python", level=level), offer("monty", "python", level=level, **SHORT),
        offer("quickjs", "javascript", level=level, **{"global:fetch": False}),
        offer("deno", "javascript", "typescript", level=level, **TYPES), offer("node", "javascript", level=level),
    )  # fmt: skip


def routed(
    code: str, language: Language = "python", *, preset: Preset = "standard", level: Level = Level.L3,
    forced: str | None = None, model: CostModel | None = None, breaker: Breaker | None = None,
) -> Route:  # fmt: skip
    return route(
        script_features(code, language), offers(level), floor(preset), model=model or CostModel(),
        breaker=breaker or Breaker(ManualClock()), forced=forced,
    )  # fmt: skip


def test_light_scripts_go_to_the_quickest_starter_and_heavy_ones_to_the_quickest_runner() -> None:
    assert routed("1 + 1").order == ("monty", "cpython")
    assert routed("for i in range(10**6): x = i").order[0] == "cpython"
    assert routed("1 + 1", "javascript").order[0] == "quickjs"
    assert routed("for (let i = 0; i < 1e7; i++) { x += i }", "javascript").order[0] == "deno"


def test_who_lacks_something_is_left_out_with_its_reason() -> None:
    found = routed("class A(B): pass\nimport statistics")
    assert found.order == ("cpython",)
    assert any("monty: left out, it lacks class:inheritance, import:statistics" in reason for reason in found.reasons)
    assert "quickjs" not in routed("fetch('x')", "javascript").order


def test_typescript_goes_where_javascript_runs_if_its_types_can_be_erased() -> None:
    assert routed("const a: number = 1", "typescript").order[0] == "quickjs"
    assert routed("enum A { X }", "typescript").order == ("deno",)
    assert routed("const a: = 1", "typescript").order == ("deno",)


def test_everybody_has_a_reason() -> None:
    found = routed("1 + 1", preset="strict")
    assert found.order == ("monty",)
    assert {reason.partition(":")[0] for reason in found.reasons} == {"cpython", "monty", "quickjs", "deno", "node"}


def test_what_nobody_has_is_tried_nevertheless() -> None:
    found = routed("import statistics", preset="strict")
    assert found.order == ("monty",)
    assert "tried nevertheless" in found.reasons[-1]


def test_unread_scripts_are_routed_and_said_to_be_unread() -> None:
    found = routed("x" * 200_000)
    assert set(found.order) == {"monty", "cpython"}
    assert "not looked at: too large" in " ".join(found.reasons)


def test_what_was_learnt_changes_the_order_and_never_the_set() -> None:
    features = script_features("while f(x): x = g(x)", "python")
    seen = Observation(runtime="monty", bucket=bucket_of(features), work=features.work, ms=900.0)
    before, after = routed("while f(x): x = g(x)"), routed("while f(x): x = g(x)", model=CostModel([seen] * 3))
    assert before.order == ("monty", "cpython")
    assert after.order == ("cpython", "monty")
    strict = routed("while f(x): x = g(x)", preset="strict", model=CostModel([seen] * 300))
    assert strict.order == ("monty",)


def test_a_likely_gap_makes_a_runtime_dearer() -> None:
    seen = [Observation(runtime="monty", bucket="b", work=1.0, ms=1.0, gap="syntax:walrus")] * 20
    plain = routed("(a := 1)")
    assert plain.order[0] == "monty"
    assert "nobody knows" in plain.reasons[0]
    slow = CostModel([*seen, *([Observation(runtime="monty", bucket="c", work=1.0, ms=8.0)] * 50)])
    assert routed("(a := 1)", model=slow).order[0] == "cpython"


def test_a_runtime_that_failed_rests() -> None:
    clock = ManualClock()
    breaker = Breaker(clock, failures=1, cooling=10.0)
    breaker.failed("monty")
    found = routed("1 + 1", breaker=breaker)
    assert found.order == ("cpython",)
    assert any("it rests for 10 s" in reason for reason in found.reasons)
    breaker.failed("cpython")
    with pytest.raises(SandboxError, match="try again in 10 s"):
        routed("1 + 1", breaker=breaker)
    clock.advance(10.0)
    assert routed("1 + 1", breaker=breaker).order == ("monty", "cpython")


def test_a_forced_runtime_goes_before_cost_and_table_and_not_before_the_floor() -> None:
    assert routed("1 + 1", forced="cpython").order == ("cpython",)
    lacking = routed("class A(B): pass", forced="monty")
    assert lacking == Route(order=("monty",), reasons=("monty: asked for by name, though it lacks class:inheritance",))
    with pytest.raises(UsageError, match=r"'cpython' cannot be used: cpython: left out, preset 'strict'"):
        routed("1 + 1", forced="cpython", preset="strict")
    with pytest.raises(UsageError, match="'cpython' at jail level 3"):
        routed("1 + 1", forced="cpython", level=Level.L2)
    with pytest.raises(UsageError, match="does not run javascript"):
        routed("1", "javascript", forced="cpython")
    with pytest.raises(UsageError, match="it is not here; there are: 'cpython', 'monty'"):
        routed("1 + 1", forced="pypy")


def test_nothing_may_run_says_why_of_each() -> None:
    with pytest.raises(UsageError, match=r"no runtime may run this python script: cpython: left out.*monty: left out"):
        routed("1 + 1", level=Level.L0, preset="dev")


BAIT = [
    "# tier: trusted\n# preset: dev\n# runtime: cpython\n1 + 1", "'''floor = L0; monty-safe; allow cpython'''\n1",
    "# -*- runtime: cpython level: 0 -*-\n1",
    "іmport os", "ｉｍｐｏｒｔ os", "// @ts-trusted runtime=node\n1", "preset = 'dev'",
    "cpython = monty = strict = 0", "\u202e# dev\n1", "#!/usr/bin/env cpython\n1",
    "class floor: refusal = lambda *a: ''",
    "__import__('os')", "\x00", "\ud800", "(" * 1000, "x" * 150_000,
]  # fmt: skip


@pytest.mark.parametrize("code", BAIT, ids=range(len(BAIT)))
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_lowers_the_floor(code: str, language: Language) -> None:
    assert set(routed(code, language, preset="strict").order) <= {"monty", "quickjs", "deno"}


def test_without_the_floor_the_same_bait_reaches_more() -> None:
    """The positive control: the runtimes that strict leaves out are within reach of other presets."""
    reached = {name for code in BAIT for language in LANGUAGES for name in routed(code, language, preset="dev").order}
    assert {"cpython", "node"} <= reached


def _may(names: tuple[str, ...], preset: Preset, level: Level) -> bool:
    return all(not floor(preset).refusal(name, level) for name in names)


@given(st.text(max_size=40) | st.sampled_from(BAIT[:12]), st.sampled_from(LANGUAGES), st.sampled_from(PRESETS),
       st.sampled_from(list(Level)), st.none() | st.sampled_from(["cpython", "monty", "node", "deno"]))  # fmt: skip
@settings(deadline=None)
def test_the_route_of_any_text_is_within_the_floor(
    code: str, language: Language, preset: Preset, level: Level, forced: str | None
) -> None:
    try:
        found = routed(code, language, preset=preset, level=level, forced=forced)
    except UsageError:
        return
    assert found.order
    assert _may(found.order, preset, level)


FEATURES = st.builds(
    ScriptFeatures, language=st.sampled_from(LANGUAGES), problem=st.sampled_from(["", "trusted"]),
    needs=st.lists(st.sampled_from(["import:os", "class:inheritance", "level:0", "x"])).map(tuple),
    work=st.floats(0, 1e15), open_loops=st.integers(0, 9), recursive=st.booleans(), risky_patterns=st.integers(0, 9),
)  # fmt: skip


@given(FEATURES, st.sampled_from(PRESETS), st.sampled_from(list(Level)))
def test_features_that_lie_stay_within_the_floor(features: ScriptFeatures, preset: Preset, level: Level) -> None:
    try:
        found = route(features, offers(level), floor(preset), model=CostModel(), breaker=Breaker(ManualClock()))
    except UsageError:
        spoken = {features.language, "javascript" if features.language == "typescript" else features.language}
        able = [given.name for given in offers(level) if not spoken.isdisjoint(given.languages)]
        assert not any(_may((name,), preset, level) for name in able)
        return
    assert _may(found.order, preset, level)
    assert len(set(found.order)) == len(found.order)
