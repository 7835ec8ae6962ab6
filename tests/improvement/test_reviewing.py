"""How remarks of several specialists become one list, and who yields."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from cambrian.improvement.reviewing import KINDS, Kind, Remark, fixed_text, merge
from cambrian.source.edit import Splice
from cambrian.source.rules.rule import Ground
from cambrian.source.rules.security.finding import SEVERITIES, Severity

TEXT = "import os\nx = f(1)\ny = g(x)\n"
TEXTS = {"a.py": TEXT}


def remark(
    kind: Kind, line: int, *splices: Splice, rule: str = "", severity: Severity | Literal[""] = "", gain: float = 1.0,
    ground: Ground = "changes", assumes: tuple[str, ...] = (),
) -> Remark:  # fmt: skip
    return Remark(
        kind=kind, rule=rule or f"{kind}-{line}", file="a.py", line=line, what="w", splices=splices, severity=severity,
        gain=gain, ground=ground, assumes=assumes,
    )  # fmt: skip


def test_security_comes_before_speed_before_style() -> None:
    own = Splice(14, 18, "f(2)")
    said = [
        remark("style", 2, own, rule="s"),
        remark("speed", 2, Splice(10, 18, "z"), gain=9.0),
        remark("security", 2, Splice(14, 15, "h")),
    ]
    ordered, conflicts = merge(said, TEXTS)
    assert [each.kind for each in ordered] == ["security", "speed", "style"]
    assert [(each.stands, each.yields, each.why) for each in conflicts] == [
        (0, 1, "security before speed"), (0, 2, "security before style"),
    ]  # fmt: skip


def test_the_worse_and_the_larger_gain_come_first() -> None:
    low = remark("security", 2, Splice(14, 18, "a"), severity="low")
    high = remark("security", 2, Splice(14, 18, "b"), severity="high", rule="other")
    slow, fast = (
        remark("speed", 3, Splice(23, 27, "a"), gain=2.0),
        remark("speed", 3, Splice(23, 27, "b"), gain=5.0, rule="o"),
    )
    ordered, conflicts = merge([low, high, slow, fast], TEXTS)
    assert ordered == [high, low, fast, slow]
    assert [each.why for each in conflicts] == ["high before low", "the larger gain first"]


def test_advice_on_a_line_that_is_rewritten_is_in_conflict() -> None:
    advice, rewrite = remark("security", 2), remark("speed", 1, Splice(10, 27, "z"))
    assert [each.why for each in merge([advice, rewrite], TEXTS)[1]] == ["security before speed"]
    assert merge([advice, remark("speed", 3, Splice(19, 20, "z"))], TEXTS)[1] == []
    assert merge([advice, remark("speed", 2)], TEXTS)[1] == []  # two pieces of advice can both be followed


def test_an_import_that_both_need_is_no_conflict() -> None:
    line = Splice(0, 0, "import re\n")
    said = [remark("speed", 2, line, Splice(14, 15, "a")), remark("speed", 3, line, Splice(23, 24, "b"))]
    ordered, conflicts = merge(said, TEXTS)
    assert conflicts == []
    safe = [msgspec.structs.replace(each, ground="same") for each in ordered]
    assert fixed_text("a.py", TEXT, safe, "python") == "import re\nimport os\nx = a(1)\ny = b(x)\n"


def test_what_assumes_or_does_not_stand_is_not_written() -> None:
    assumes = remark("security", 2, Splice(14, 15, "a"), assumes=("it is so",))
    changes = remark("speed", 3, Splice(23, 24, "b"), ground="assumes")
    broken = remark("security", 1, Splice(0, 6, "imp ort"))
    good = remark("style", 2, Splice(10, 11, "z"))
    assert fixed_text("a.py", TEXT, [assumes, changes, broken, good], "python") == TEXT.replace("x = f", "z = f")


def test_equal_remarks_are_told_once() -> None:
    ordered, _ = merge([remark("style", 2), remark("style", 2)], TEXTS)
    assert len(ordered) == 1


SPLICES = st.lists(st.integers(0, len(TEXT)), min_size=2, max_size=2).map(
    lambda ends: Splice(min(ends), max(ends), "q")
)


@st.composite
def remarks(draw: st.DrawFn) -> Remark:
    kind = draw(st.sampled_from(KINDS))
    return remark(
        kind, draw(st.integers(1, 3)), *draw(st.lists(SPLICES, max_size=1)), rule=str(draw(st.integers(0, 9))),
        severity=draw(st.sampled_from(SEVERITIES)) if kind == "security" else "", gain=draw(st.floats(1, 9)),
    )  # fmt: skip


@given(st.lists(remarks(), max_size=8))
def test_what_stands_does_not_touch_and_what_yields_comes_later(said: list[Remark]) -> None:
    ordered, conflicts = merge(said, TEXTS)
    yielding = {each.yields for each in conflicts}
    assert all(each.stands < each.yields and each.stands not in yielding for each in conflicts)
    standing = [splice for index, each in enumerate(ordered) if index not in yielding for splice in each.splices]
    taken = sorted(splice for splice in set(standing) if splice.start < splice.stop)
    assert all(one.stop <= other.start for one, other in pairwise(taken))
    assert merge(reversed(said), TEXTS)[0] == ordered or len({(e.kind, e.rule, e.line) for e in said}) < len(said)
