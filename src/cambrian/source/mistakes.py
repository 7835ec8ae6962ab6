"""Which operator or function is mistaken for which: one table for repair, mutants and the edits of a search. Pure."""

from __future__ import annotations

import ast

__all__ = ["FLIPPED", "OPPOSITE", "SYMBOLS", "TOUCHING", "TWINS"]

TOUCHING: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
}  # fmt: skip
"""Comparisons that differ at the boundary."""
OPPOSITE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.GtE, ast.LtE: ast.Gt, ast.Gt: ast.LtE, ast.GtE: ast.Lt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
"""Comparisons that say the contrary."""
FLIPPED: dict[type[ast.cmpop], type[ast.cmpop]] = {ast.Lt: ast.Gt, ast.Gt: ast.Lt, ast.LtE: ast.GtE, ast.GtE: ast.LtE}
"""Comparisons that look the other way."""
SYMBOLS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=", ast.In: "in",
    ast.NotIn: "not in", ast.Is: "is", ast.IsNot: "is not",
}  # fmt: skip
TWINS: tuple[tuple[str, str], ...] = (
    ("min", "max"), ("any", "all"), ("sin", "cos"), ("floor", "ceil"), ("round", "int"), ("append", "add"),
    ("append", "extend"), ("sqrt", "log1p"), ("sorted", "reversed"), ("sorted", "list"), ("uniform", "gauss"),
    ("index", "count"), ("keys", "values"), ("lower", "upper"), ("startswith", "endswith"), ("lstrip", "rstrip"),
)  # fmt: skip
"""Functions that are taken for one another."""
