"""Proposals: what could be written better in a target. Rules now; whoever else proposes does it by the same port.

A proposal is a `source.rules.rule.Rewrite`: splices of the target's file, a ground, and what it would gain, about. A
proposer that has a whole new function gives one splice over the old one.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, Protocol

from cambrian.core.errors import UsageError
from cambrian.source.rules.rule import Rewrite, applied
from cambrian.source.syntax import Problem, compiled, parse

from .targets import AnyFunction, functions

__all__ = ["ByRules", "Derived", "Find", "Key", "Proposer", "derive", "scopes_of", "taken"]

Find = Callable[[str, str], Iterable[Rewrite]]
"""Text and path of a file → all that is found in it: `source.rules.catalogue.find` with rules chosen."""
_ROUNDS = 6


class Proposer(Protocol):
    """Has ideas for a function."""

    def propose(self, text: str, path: str, scopes: Sequence[str]) -> Iterable[Rewrite]:
        """Rewrites of a file that lie in these functions.

        Args:
            text: the file as it is now.
            path: its path.
            scopes: qualified names of the target and of what it calls.
        """
        ...


class ByRules:
    """Proposes what rules find.

    Args:
        find: looks through a file.
        changes: also what a person has to decide, since it is meant to behave otherwise.
    """

    def __init__(self, find: Find, *, changes: bool = False) -> None:
        self._find = find
        self._changes = changes

    def propose(self, text: str, path: str, scopes: Sequence[str]) -> Iterable[Rewrite]:
        """See `Proposer`."""
        for rewrite in self._find(text, path):
            if rewrite.splices and (self._changes or rewrite.ground != "changes") and _within(rewrite.scope, scopes):
                yield rewrite


def _within(scope: str, scopes: Sequence[str]) -> bool:
    return any(scope == name or scope.startswith((f"{name}.", f"{name}.<locals>.")) for name in scopes)


def scopes_of(text: str, name: str) -> tuple[str, ...]:
    """A function and the functions of the same file that it calls, and so on; by name, in order of discovery.

    Raises:
        UsageError: the text does not parse, or has no such function.
    """
    tree = parse(text)
    if isinstance(tree, Problem):
        raise UsageError(f"the program cannot be read: {tree}")
    known = {each.name: each.node for each in functions(tree)}
    if name not in known:
        raise UsageError(f"there is no function {name!r}")
    found = [name]
    for scope in found:  # grows as it is walked
        found += [other for other in _called(known[scope], scope) if other in known and other not in found]
    return tuple(found)


def _called(node: AnyFunction, scope: str) -> list[str]:
    owner = scope.rpartition(".")[0]
    names: list[str] = []
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name):
            names.append(inner.id)
        elif isinstance(inner, ast.Attribute) and isinstance(inner.value, ast.Name):
            names.append(f"{inner.value.id}.{inner.attr}")
            if inner.value.id in ("self", "cls") and owner:
                names.append(f"{owner}.{inner.attr}")
    return list(dict.fromkeys(names))


class Key(NamedTuple):
    """Names a rewrite in a way that outlives others: rule, function, the words that it found, which of equals."""

    rule: str
    scope: str
    words: str
    number: int


class Derived(NamedTuple):
    """A text made by rewrites, and those that made it, in the order made."""

    text: str
    made: tuple[tuple[Key, Rewrite], ...]

    @property
    def keys(self) -> tuple[Key, ...]:
        """What was made."""
        return tuple(key for key, _ in self.made)


def derive(text: str, path: str, name: str, proposers: Sequence[Proposer], allowed: Callable[[Key], bool]) -> Derived:
    """A file with all proposals made that are allowed, round by round, until nothing more is found.

    Of those that overlap the one with the greater gain is made first; one whose result does not compile is left out.

    Args:
        text: the file.
        path: its path.
        name: the target's qualified name.
        proposers: have ideas.
        allowed: says which may be made.
    """
    made: list[tuple[Key, Rewrite]] = []
    for _ in range(_ROUNDS):
        done = _keys(made)
        found = [each for each in _keyed(text, path, name, proposers) if allowed(each[0]) and each[0] not in done]
        step = _step(text, path, sorted(found, key=lambda each: -each[1].gain))
        if not step.made:
            break
        text, made = step.text, [*made, *step.made]
    return Derived(text, tuple(made))


def taken(text: str, path: str, rewrite: Rewrite) -> Derived:
    """A file with one rewrite made; with none if what comes of it does not compile.

    Args:
        text: the file.
        path: its path.
        rewrite: of this text.
    """
    words = " ".join(text.splitlines()[rewrite.line - 1].split())
    return _step(text, path, [(Key(rewrite.rule, rewrite.scope, words, 0), rewrite)])


def _keys(made: Iterable[tuple[Key, Rewrite]]) -> set[Key]:
    return {key for key, _ in made}


def _keyed(text: str, path: str, name: str, proposers: Sequence[Proposer]) -> list[tuple[Key, Rewrite]]:
    scopes = scopes_of(text, name)
    lines = text.splitlines()
    found: list[tuple[Key, Rewrite]] = []
    for proposer in proposers:
        for rewrite in proposer.propose(text, path, scopes):
            words = " ".join(" ".join(lines[rewrite.line - 1 : rewrite.end_line]).split())
            number = sum(key[:3] == (rewrite.rule, rewrite.scope, words) for key, _ in found)
            found.append((Key(rewrite.rule, rewrite.scope, words, number), rewrite))
    return found


def _step(text: str, path: str, found: Sequence[tuple[Key, Rewrite]]) -> Derived:
    """Those of a round that go together, made at once; what would not compile is left out."""
    chosen: list[tuple[Key, Rewrite]] = []
    current = text
    for key, rewrite in found:
        new = applied(text, [*(each for _, each in chosen), rewrite])
        if new != current and not isinstance(compiled(new, path), Problem):
            chosen.append((key, rewrite))
            current = new
    return Derived(current, tuple(chosen))
