"""The parser of JavaScript and TypeScript (ast-grep, tree-sitter), with walls around it. Nothing is executed.

Text here may come from an enemy. The parser never fails, but its time grows with the square of what it has to recover
from: a few thousand characters of nonsense take seconds. So it is let loose on a little at a time: each stretch of
`STRIDE` characters is parsed before the next, from the last whole statement on, and a stretch full of mistakes ends it.
What is slow without a mistake (chains of ``<`` and of ``await``, which can be read in two ways) is counted beforehand.
Trees may be deep: whoever walks one keeps a stack of its own, and asks no node for its parent.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from .javascript_tokens import Token, tokens
from .tree import Problem

if TYPE_CHECKING:
    from ast_grep_py import SgNode

__all__ = ["MAX_CHARACTERS", "MAX_NESTING", "Dialect", "mistake", "parse", "span", "walk"]

Dialect = Literal["javascript", "typescript"]

MAX_CHARACTERS = 100_000
"""Characters in one script; data belong into its inputs."""
MAX_NESTING = 150
"""Open brackets and templates at once, in texts longer than `STRIDE`."""
STRIDE = 2000
"""Characters that the parser gets before anybody looks at what it made of them. Shorter texts need no walls."""
_MAX_FORKS = 200
"""``<`` and ``await`` between two of ``; { }``: each can be read in two ways, and the parser follows both."""
_MAX_ERRORS, _MAX_ERROR_TEXT = 3, 300
"""Mistakes in a stretch that was cut off, and characters in them: a cut makes one or two."""
_FORKS = frozenset(("<", "await", "async", "yield"))


def parse(code: str, dialect: Dialect, name: str = "script") -> SgNode | Problem:
    """A tree without mistakes, or why there is none. Never raises for any text.

    Takes what the engines' own parsers take, and ``return`` and ``await`` at top level; where it is laxer (early
    errors, such as a name declared twice), the engine has the last word.

    Args:
        code: the text.
        dialect: its grammar.
        name: how a problem calls it. Its message begins with ``SyntaxError``, or with ``too`` if the text is too large,
            deep or tangled to be looked at.
    """
    problem = _wall(code, dialect, name) if len(code) > STRIDE or not code.isascii() else None
    if problem is not None:
        return problem
    root = _root(code, dialect)
    wrong = mistake(root)
    return root if wrong is None else _problem(code, wrong[0], name)


def walk(root: SgNode) -> Iterator[SgNode]:
    """A node and all below it, in the order of the text."""
    todo = [root]
    while todo:
        node = todo.pop()
        yield node
        todo += reversed(node.children())


def span(node: SgNode) -> tuple[int, int]:
    """Where a node stands in the text: index of its first character, and after its last.

    Takes time in proportion to the length of the line: not for every node of a text that may be one line.
    """
    place = node.range()
    return place.start.index, place.end.index


def mistake(root: SgNode) -> tuple[int, int] | None:
    """The first mistake in a tree: where it begins and ends."""
    return next(_mistakes(root), None)


def _root(code: str, dialect: Dialect) -> SgNode:
    from ast_grep_py import SgRoot  # takes a moment to load, and Python scripts don't need it

    return SgRoot(code, dialect).root()


def _mistakes(root: SgNode) -> Iterator[tuple[int, int]]:
    for node in walk(root):
        kind = node.kind()
        made_up = node.is_leaf() and not node.text() and kind != "program"  # a token that the parser missed
        if made_up or kind == "ERROR":
            yield span(node)


def _problem(code: str, at: int, name: str) -> Problem:
    rest = code[at : at + 60].lstrip()
    near = f" near {rest.splitlines()[0][:30]!r}" if rest else " at the end"
    return Problem(file=name, line=code.count("\n", 0, at) + 1, message=f"SyntaxError: it does not parse{near}")


def _wall(code: str, dialect: Dialect, name: str) -> Problem | None:
    """Why the parser must not be let loose on a whole text."""
    if len(code) > MAX_CHARACTERS:
        message = f"too large: {len(code)} characters; at most {MAX_CHARACTERS} (hand data in as inputs)"
        return Problem(file=name, line=0, message=message)
    if not code.isascii() and any("\ud800" <= character <= "\udfff" for character in code):
        return Problem(file=name, line=0, message="SyntaxError: the text has half a character (a lone surrogate)")
    whole = checked = forks = 0  # `whole`: where the last statement at top level ended
    for token in tokens(code):
        forks = 0 if token.text in (";", "{", "}") else forks + (token.text in _FORKS)
        message = _tangle(token, forks)
        if message:
            return Problem(file=name, line=code.count("\n", 0, token.end - len(token.text)) + 1, message=message)
        if token.end - checked > STRIDE and _may_cut(token, token.end - checked):
            wrong = _stretch(code, whole, token, dialect)
            if wrong is not None:
                return _problem(code, wrong, name)
            checked = token.end
            whole = checked if not token.closers else whole
    return None


def _tangle(token: Token, forks: int) -> str:
    if token.kind == "broken":
        return "SyntaxError: a comment or a template without an end"
    if len(token.closers) > MAX_NESTING:
        return f"too deep: more than {MAX_NESTING} nested brackets"
    return f"too tangled: more than {_MAX_FORKS} of '<' and 'await' in one statement" if forks > _MAX_FORKS else ""


def _may_cut(token: Token, since: int) -> bool:
    """Whether the text up to this token, with what is open closed, is whole; or, after a while, may be."""
    inside = token.closers[-1] if token.closers else ""
    if (token.text in (";", "}") and inside in ("", "}")) or (token.text == "," and inside != ""):
        return True
    may_end = token.text in (")", "]") or token.kind in ("number", "string", "regex", "template")
    return (may_end and since > STRIDE + STRIDE // 8) or since > 2 * STRIDE


def _stretch(code: str, start: int, token: Token, dialect: Dialect) -> int | None:
    """Where the mistakes of a stretch begin, if there are more than cutting it off explains."""
    closing = "".join("}`" if mark == "}`" else mark for mark in reversed(token.closers))
    count = text = 0
    first = None
    for error in _root(code[start : token.end] + closing, dialect).find_all(kind="ERROR"):
        begin, end = span(error)
        first = start + begin if first is None else first
        count, text = count + 1, text + end - begin
    return first if count > _MAX_ERRORS or text > _MAX_ERROR_TEXT else None
