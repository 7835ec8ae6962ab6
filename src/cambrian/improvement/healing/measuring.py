"""Improvement, healing: how large a repair is, in nodes of the syntax tree. Pure; nothing is executed."""

from __future__ import annotations

import ast
from collections import Counter

from cambrian.source.tree import Problem, parse

__all__ = ["Size", "size_of"]

from typing import NamedTuple


class Size(NamedTuple):
    """Nodes of the tree that went and came, of how many that there were."""

    gone: int
    come: int
    before: int

    @property
    def nodes(self) -> int:
        """Nodes gone and come."""
        return self.gone + self.come

    @property
    def kept(self) -> float:
        """Share of the nodes of the original that are still there."""
        return 1 - self.gone / self.before if self.before else 0.0

    @property
    def relative(self) -> float:
        """Nodes gone and come over the nodes of the original: Refactory's relative patch size, about."""
        return self.nodes / self.before if self.before else float(bool(self.nodes))


def size_of(before: str, after: str) -> Size:
    """The size of a change, as a lower bound: subtrees that are equal count as kept wherever they stand.

    Texts that do not parse are compared line by line.
    """
    old, new = _subtrees(before), _subtrees(after)
    gone, come = old - new, new - old
    return Size(sum(gone.values()), sum(come.values()), sum(old.values()))


def _subtrees(text: str) -> Counter[str]:
    """Every node with its own words and its children's kinds; docstrings are left out."""
    tree = parse(text)
    if isinstance(tree, Problem):
        return Counter(line.strip() for line in text.splitlines() if line.strip())
    found: Counter[str] = Counter()
    todo: list[tuple[ast.AST, str]] = [(tree, "")]
    while todo:
        node, above = todo.pop()
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr_context) or (
                isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)
            ):
                continue
            own = _words(child)
            found[f"{above}>{own}"] += 1
            todo.append((child, own))
    return found


def _words(node: ast.AST) -> str:
    parts = [type(node).__name__]
    for name in ("id", "attr", "arg", "name", "value", "n"):
        value = getattr(node, name, None)
        if isinstance(value, str | int | float | bool | bytes) or value is None:
            parts.append(repr(value))
    return " ".join(parts)
