"""What a table says, and what it says of features that nobody tried."""

from __future__ import annotations

from cambrian.sandbox.scripts.router.table import RARE_IMPORTS, Capabilities


def table(**features: bool) -> Capabilities:
    return Capabilities(
        runtime="x", version="1", features={name.replace("__", ":"): on for name, on in features.items()}
    )


def test_features_are_there_or_missing_or_unknown() -> None:
    found = table(syntax__del=True, syntax__yield=False)
    needs = ("syntax:del", "syntax:yield", "syntax:walrus", "import:json")
    assert found.lacks(needs) == ("syntax:yield",)
    assert found.unknown(needs) == ("syntax:walrus", "import:json")


def test_who_has_no_rare_module_has_a_short_list() -> None:
    short = table(import__json=True, **{name.replace(":", "__"): False for name in RARE_IMPORTS})
    assert short.lacks(("import:json", "import:anything")) == ("import:anything",)
    long = table(import__json=True, **{name.replace(":", "__"): True for name in RARE_IMPORTS})
    assert long.unknown(("import:anything",)) == ("import:anything",)


def test_types_that_cannot_be_erased_need_a_typescript() -> None:
    assert table().lacks(("syntax:typescript-enum",)) == ("syntax:typescript-enum",)
    assert table(**{"syntax__typescript-enum": True}).lacks(("syntax:typescript-enum",)) == ()
    untried = Capabilities(runtime="x", version="1", typescript=True)
    assert untried.unknown(("syntax:typescript-enum",)) == ("syntax:typescript-enum",)


def test_a_gap_found_later_is_remembered() -> None:
    before = table(syntax__del=True)
    assert before.without("import:x").lacks(("import:x", "syntax:del")) == ("import:x",)
    assert before == table(syntax__del=True)
