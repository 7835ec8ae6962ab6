"""Evidence: nothing is shown by nothing, a record survives its journey, and a sentence says the ground."""

from __future__ import annotations

import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cambrian.core.errors import UsageError
from cambrian.core.evidence import Evidence, Kind

KINDS: tuple[Kind, ...] = ("proved", "tested", "measured", "not_shown")
MEASURED = Evidence(
    kind="measured", claim="the candidate is faster", n=180, alpha=0.05, estimate=1.1, lower=1.02, upper=1.2, unit="×",
    method="asymptotic confidence sequence", detail="2 ties",
)  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_only_not_shown_is_not_shown(kind: Kind) -> None:
    assert Evidence(kind=kind, claim="same", n=3, alpha=0.1).shown is (kind != "not_shown")


def test_a_sentence_says_claim_ground_and_method() -> None:
    assert str(MEASURED) == (
        "measured: the candidate is faster "
        "(n = 180; 1.1 × [1.02, 1.2]; α = 0.05; asymptotic confidence sequence; 2 ties)"
    )
    assert str(Evidence(kind="proved", claim="same")) == "proved: same"
    assert "[−∞, 2]" in str(Evidence(kind="not_shown", claim="faster", upper=2.0))


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"claim": ""}, "claim"),
        ({"n": -1}, "-1"),
        ({"n": 0}, "n = 0"),
        ({"alpha": None}, "alpha"),
        ({"alpha": 1.0}, "1.0"),
        ({"lower": 2.0}, "2.0"),
        ({"upper": math.inf}, "inf"),
        ({"estimate": math.nan}, "nan"),
    ],
)
def test_what_cannot_be_is_refused_by_name(change: dict[str, object], named: str) -> None:
    with pytest.raises(UsageError, match=named):
        msgspec.structs.replace(MEASURED, **change)


numbers = st.none() | st.floats(allow_nan=False, allow_infinity=False)


@given(st.sampled_from(KINDS), st.text(min_size=1), st.integers(1, 10**9), numbers, st.text())
def test_a_record_comes_back_as_it_was(kind: Kind, claim: str, n: int, estimate: float | None, detail: str) -> None:
    made = Evidence(kind=kind, claim=claim, n=n, alpha=0.05, estimate=estimate, detail=detail)
    assert msgspec.json.decode(msgspec.json.encode(made), type=Evidence) == made
