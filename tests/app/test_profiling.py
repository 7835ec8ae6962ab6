"""Profiles of scripts: lines, calls, suggestions; made from the record, nothing is done again."""

from __future__ import annotations

from pathlib import Path

import pytest

from cambrian.app.execution.profiling import Profile, profile
from cambrian.app.execution.running import Sandbox
from cambrian.app.execution.travel import Traveller
from cambrian.core.errors import UsageError

HOT = "seen = list(range(4000))\nfor i in range(2000):\n    if i + 5000 not in seen:\n        last = i\nlen(seen)"


async def profiled(tmp_path: Path, code: str, made: list[int], language: str = "python") -> Profile:
    def look(x: int) -> int:
        """Look."""
        made.append(x)
        return x

    async with Sandbox(workspace=tmp_path / "workspace", workers=1) as sandbox:
        result = await sandbox.run(code, tools=[look], language=language)  # type: ignore[arg-type]
        assert result.ok, result
        traveller = Traveller(sandbox, sandbox.sealer)
        history = await traveller.history(result.run)
        return profile(history, await traveller.timed(history))


async def test_the_hot_line_is_the_first_and_has_a_hint(tmp_path: Path) -> None:
    found = await profiled(tmp_path, HOT, [])
    assert found.lines[0].line == 3
    assert found.lines[0].share > 0.5
    assert {line.line: line.count for line in found.lines} == {1: 1, 2: 2001, 3: 2000, 4: 2000, 5: 1}
    assert abs(sum(line.share for line in found.lines) - 1) < 0.01
    assert ["a set before the loop" in each for each in found.suggestions] == [True]


async def test_calls_are_counted_from_the_record_and_not_made_again(tmp_path: Path) -> None:
    made: list[int] = []
    found = await profiled(tmp_path, "for i in range(6):\n    look(i % 2)\nlook(9)", made)
    assert made == [0, 1, 0, 1, 0, 1, 9]
    assert [(call.tool, call.calls, call.repeated) for call in found.calls] == [("look", 7, 4)]
    assert 0 < found.calls[0].ms < 500, "what the calls took, not what came before them"
    assert any("4 times with arguments that it had been given before" in each for each in found.suggestions)
    assert any(each.startswith("line 2: 7 calls of look()") for each in found.suggestions)


async def test_a_quick_script_has_no_suggestions(tmp_path: Path) -> None:
    assert (await profiled(tmp_path, "x = 1\nx + look(1)", [])).suggestions == ()


async def test_only_python_has_lines(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is javascript"):
        await profiled(tmp_path, "1 + 1", [], "javascript")
