"""Which language a piece of code is written in, and why that is thought. Read, never executed.

A name or a ``#!`` line that says it is believed. Else the parsers are tried: most texts parse in one language only.
What parses in several (``f(1)``) is told by the words in it, comments and the insides of texts left out.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import msgspec

from cambrian.core.script import Language

from .features_javascript import GLOBALS
from .features_python import BUILTINS
from .javascript import check
from .javascript_tokens import tokens
from .javascript_tree import MAX_CHARACTERS
from .tree import Problem, parse

__all__ = ["Detected", "detect"]

_SUFFIXES: dict[str, Language] = {
    "py": "python", "pyi": "python", "js": "javascript", "mjs": "javascript", "cjs": "javascript", "ts": "typescript",
    "mts": "typescript", "cts": "typescript",
}  # fmt: skip
_PROGRAMS: tuple[tuple[re.Pattern[str], Language], ...] = (
    (re.compile(r"#!.*\b(?:python|pypy|uv)"), "python"),
    (re.compile(r"#!.*\b(?:tsx|ts-node)"), "typescript"),
    (re.compile(r"#!.*\b(?:node|deno|bun|qjs)"), "javascript"),
)
_OF_PYTHON = "def elif None True False and or not pass import lambda nonlocal raise except with"
_PYTHON_WORDS = frozenset(_OF_PYTHON.split())
_OF_JAVASCRIPT = "const let var function null undefined true false this new typeof console Math JSON Promise Object"
_SCRIPT_WORDS = frozenset(_OF_JAVASCRIPT.split())


class Detected(msgspec.Struct, frozen=True, kw_only=True):
    """A language, and why.

    Args:
        language: what the code is to be read as.
        reason: in words.
    """

    language: Language
    reason: str


def detect(code: str, name: str = "") -> Detected:
    """The language of a piece of code. Never raises for any text; its time is bounded whatever the text.

    Args:
        code: the text.
        name: its file's name; "" or ``-`` if it has none.

    Example:
        >>> detect("const a = 1").language
        'javascript'
    """
    stem, dot, suffix = name.rpartition(".")
    if stem and dot and suffix.lower() in _SUFFIXES:
        return Detected(language=_SUFFIXES[suffix.lower()], reason=f"its name ends in {'.' + suffix!r}")
    first = code[:200].split("\n", 1)[0]
    for pattern, language in _PROGRAMS:
        if pattern.match(first):
            return Detected(language=language, reason=f"its first line is {first[:60]!r}")
    if len(code) > MAX_CHARACTERS:
        return Detected(language="python", reason=f"{len(code)} characters are too many to look at; say which it is")
    return _by_trial(code)


def _by_trial(code: str) -> Detected:
    tree = parse(code)
    if isinstance(tree, Problem):
        return _not_python(code)
    if check(code) is None:
        python, script = _python_words(tree), _script_words(code, _bound(tree))
        if script > python:
            return Detected(language="javascript", reason="it parses as both; its words are JavaScript's")
        reason = "it parses as both; " + ("its words are Python's" if python else "nothing in it tells, so Python")
        return Detected(language="python", reason=reason)
    return Detected(language="python", reason="it parses as Python, and not as JavaScript")


def _not_python(code: str) -> Detected:
    if check(code) is None:
        return Detected(language="javascript", reason="it parses as JavaScript, and not as Python")
    if check(code, "typescript") is None:
        return Detected(language="typescript", reason="it parses as TypeScript only")
    words = list(_words(code))
    script = sum(word in _SCRIPT_WORDS for word in words) > sum(word in _PYTHON_WORDS for word in words)
    language: Language = "javascript" if script else "python"
    return Detected(language=language, reason=f"it parses in no language; its words are nearest to {language}")


def _python_words(tree: ast.Module) -> int:
    """Names that Python has built in, and words of its own."""
    own = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Import, ast.ImportFrom, ast.JoinedStr, ast.keyword, ast.BoolOp)
    found = 0
    for node in ast.walk(tree):
        constant = isinstance(node, ast.Constant) and (node.value is None or isinstance(node.value, bool))
        found += constant or isinstance(node, own) or (isinstance(node, ast.Name) and node.id in BUILTINS)
    return found


def _bound(tree: ast.Module) -> frozenset[str]:
    """Names that the code gives to things itself, as Python: ``module = …`` is not JavaScript's `module`."""
    nodes = (node for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
    return frozenset(node.id for node in nodes)


def _script_words(code: str, own: frozenset[str]) -> int:
    return sum(word in _SCRIPT_WORDS or (word in GLOBALS and word not in own) for word in _words(code))


def _words(code: str) -> Iterator[str]:
    return (token.text for token in tokens(code) if token.kind == "word")
