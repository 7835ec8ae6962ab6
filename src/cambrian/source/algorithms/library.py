"""The library read: families' files as text, an `Algorithm` for each public function. Nothing of them is imported."""

from __future__ import annotations

import ast
from functools import cache
from importlib import resources
from typing import NamedTuple

import msgspec

__all__ = ["FAMILIES", "Algorithm", "Parameter", "algorithms"]

FAMILIES = (
    "number_theory", "sequences", "combinatorics", "arrays", "contents", "pairs", "dynamic", "texts", "letters",
)  # fmt: skip
"""Files of this package that hold algorithms."""


class Parameter(NamedTuple):
    """A parameter's name, and its annotation such as ``"int"``, ``"list[int]"``, ``"Sequence[object]"``."""

    name: str
    kind: str


class Algorithm(msgspec.Struct, frozen=True, kw_only=True):
    """One function of the library.

    Args:
        name: of the function.
        family: the file, without its ending.
        title: what it does, and who found it.
        cost: in O notation, with what n and the like are where that is not plain.
        parameters: in order.
        text: of the function, with its head and docstring.
        imports: name that it uses → module that it comes from.
    """

    name: str
    family: str
    title: str
    cost: str
    parameters: tuple[Parameter, ...]
    text: str
    imports: dict[str, str]

    @property
    def rule(self) -> str:
        """How it is named where rules are: ``"algorithm:is-prime"``."""
        return f"algorithm:{self.name.replace('_', '-')}"

    @property
    def path(self) -> str:
        """Its file, from the package's folder."""
        return f"source/algorithms/{self.family}.py"


@cache
def algorithms() -> tuple[Algorithm, ...]:
    """All of the library, family by family."""
    return tuple(each for family in FAMILIES for each in _of_family(family))


def _of_family(family: str) -> list[Algorithm]:
    text = resources.files("cambrian.source.algorithms").joinpath(f"{family}.py").read_text(encoding="utf-8")
    tree = ast.parse(text)
    imported = {
        alias.name: node.module
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module not in {None, "__future__", "collections.abc"}
        for alias in node.names
    }
    return [_algorithm(family, text, node, imported) for node in tree.body if isinstance(node, ast.FunctionDef)]


def _algorithm(family: str, text: str, node: ast.FunctionDef, imported: dict[str, str | None]) -> Algorithm:
    own = "\n".join(text.splitlines()[node.lineno - 1 : node.end_lineno]) + "\n"
    title, _, cost = (ast.get_docstring(node) or "").partition("\n")[0].removesuffix(".").rpartition("; ")
    used = {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
    bound = {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store)}
    return Algorithm(
        name=node.name, family=family, title=title, cost=cost, text=own,
        parameters=tuple(Parameter(one.arg, ast.unparse(one.annotation)) for one in node.args.args if one.annotation),
        imports={name: module for name, module in imported.items() if module and name in used - bound - _ABSTRACT},
    )  # fmt: skip


_ABSTRACT = frozenset({"Sequence"})
