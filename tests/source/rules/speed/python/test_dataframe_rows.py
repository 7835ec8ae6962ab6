"""Columns instead of rows, on a stand-in for pandas that knows what the examples need: pandas is no dependency."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from types import ModuleType

import pytest

from cambrian.source.rules.catalogue import rules
from cambrian.source.rules.rule import Example

RULE = next(rule for rule in rules("speed", "python") if rule.id == "dataframe-rows")


class Column(list[float]):
    """Numbers that are reckoned with place by place."""

    def __mul__(self, other: object) -> Column:
        assert isinstance(other, Column)
        return Column(one * two for one, two in zip(self, other, strict=True))

    def __add__(self, other: object) -> Column:
        assert isinstance(other, int)
        return Column(one + other for one in self)


class DataFrame:
    """Columns by name."""

    def __init__(self, columns: dict[str, list[float]]) -> None:
        self._columns = columns
        self.index = range(len(next(iter(columns.values()))))

    def __getitem__(self, name: str) -> Column:
        return Column(self._columns[name])

    def iterrows(self) -> Iterator[tuple[int, dict[str, float]]]:
        for place in self.index:
            yield place, {name: values[place] for name, values in self._columns.items()}

    def apply(self, function: Callable[[dict[str, float]], float], *, axis: int) -> Column:
        assert axis == 1
        return Column(function(row) for _, row in self.iterrows())


@pytest.mark.parametrize("example", [one for one in RULE.examples if one.after], ids=lambda one: one.note)
def test_columns_give_what_rows_gave(example: Example, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in = ModuleType("pandas")
    stand_in.DataFrame = DataFrame  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "pandas", stand_in)
    frame = DataFrame({"price": [2, 3.5, 1], "number": [1, 2, 30]})
    given: list[object] = []
    for text in (example.before, example.after):
        names: dict[str, object] = {}
        assert text is not None
        exec(compile(text, "example.py", "exec", dont_inherit=True), names)
        function = names.get("total") or names.get("costs")
        assert callable(function)
        given.append(function(frame))
    assert given[0] == given[1]
