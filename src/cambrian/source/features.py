"""Numbers that describe a program's text: cheap, pure, the same on every machine. They describe, they do not rank.

Python is parsed; other languages are read by their words and marks, which is coarser and says so by its simplicity.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping

import msgspec

from .syntax import Problem, is_python, parse

FEATURES = ("length", "complexity", "depth", "calls")
"""length: characters, blanks at the ends of lines left out. complexity: branches. depth: of nested blocks. calls."""

_BRANCHES = (ast.If, ast.IfExp, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.comprehension, ast.match_case)
_NESTED = (
    ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.TryStar, ast.Match,
    ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef,
)  # fmt: skip
_BRANCH_WORDS = re.compile(r"\b(?:if|elif|for|foreach|while|case|when|catch|except|rescue|match)\b|&&|\|\||\?")
_CALL = re.compile(r"\b[A-Za-z_]\w*\s*\(")


class Features(msgspec.Struct, frozen=True, kw_only=True):
    """See `FEATURES`."""

    length: int = 0
    complexity: int = 0
    depth: int = 0
    calls: int = 0

    def joined(self, other: Features) -> Features:
        """Of two files together: sums, and the deeper depth."""
        return Features(
            length=self.length + other.length, complexity=self.complexity + other.complexity,
            depth=max(self.depth, other.depth), calls=self.calls + other.calls,
        )  # fmt: skip


def features(files: Mapping[str, str], language: str) -> Features:
    """The features of a program: of all its files together."""
    total = Features()
    for name, text in files.items():
        tree = parse(text, name) if is_python(name, language) else None
        total = total.joined(_textual(text) if tree is None or isinstance(tree, Problem) else _python(text, tree))
    return total


def _python(text: str, tree: ast.Module) -> Features:
    complexity = calls = deepest = 0
    todo: list[tuple[ast.AST, int]] = [(tree, 0)]
    while todo:
        node, depth = todo.pop()
        depth += isinstance(node, _NESTED)
        deepest = max(deepest, depth)
        complexity += len(node.values) - 1 if isinstance(node, ast.BoolOp) else isinstance(node, _BRANCHES)
        calls += isinstance(node, ast.Call)
        todo += [(child, depth) for child in ast.iter_child_nodes(node)]
    return Features(length=_length(text), complexity=complexity, depth=deepest, calls=calls)


def _textual(text: str) -> Features:
    depth = deepest = 0
    for mark in re.findall(r"[{}]", text):
        depth = max(0, depth + (1 if mark == "{" else -1))
        deepest = max(deepest, depth)
    return Features(
        length=_length(text), complexity=len(_BRANCH_WORDS.findall(text)), depth=deepest,
        calls=len(_CALL.findall(text)),
    )  # fmt: skip


def _length(text: str) -> int:
    return sum(len(line.rstrip()) for line in text.splitlines())
