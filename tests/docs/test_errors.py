"""The tree of errors that the reference draws is the one that is raised, and each can be caught by a public name."""

from __future__ import annotations

import re
from pathlib import Path

import cambrian
from cambrian.core import errors

ROOT = Path(__file__).parents[2]
_BRANCH = re.compile(r"^(?P<depth>[│ ]*(?:[├└]── )?)(?P<name>[A-Z]\w+)(?: \((?P<also>\w+)\))?")


def drawn() -> dict[str, tuple[str, ...]]:
    """Name → names of its bases, from the drawing of the reference."""
    (tree,) = re.findall(
        r"```text\n(CambrianError\n.*?)```", (ROOT / "docs/reference/python.md").read_text(), re.DOTALL
    )
    found: dict[str, tuple[str, ...]] = {}
    above: list[str] = []
    for line in tree.splitlines():
        match = _BRANCH.match(line)
        assert match is not None, line
        depth = len(match["depth"]) // 4
        above[depth:] = [match["name"]]
        found[match["name"]] = (above[depth - 1] if depth else "Exception", *([match["also"]] if match["also"] else []))
    return found


def test_the_tree_is_the_codes() -> None:
    raised = {name: getattr(errors, name) for name in errors.__all__}
    assert drawn() == {name: tuple(base.__name__ for base in kind.__bases__) for name, kind in raised.items()}


def test_each_error_is_public() -> None:
    assert [name for name in errors.__all__ if getattr(cambrian, name, None) is not getattr(errors, name)] == []
    assert set(errors.__all__) <= set(cambrian.__all__)
