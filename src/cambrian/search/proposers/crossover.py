"""Functions and statements exchanged between two parents. Pure; no I/O, nothing is executed.

What travels must find its names: a child with a name that certainly resolves nowhere, and that its first parent did not
have, is not proposed.
"""

from __future__ import annotations

import ast
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import NamedTuple

from cambrian.core.errors import ProposalError, UsageError
from cambrian.core.ids import Digest, VariantId
from cambrian.core.variant import Origin, Variant
from cambrian.search.proposer import Candidate, Proposer, Scored, Setting
from cambrian.source import blocks, names, normalise, syntax
from cambrian.source.edit import Locator, Splice, apply

from .edits.context import Context, Function, first_line

_ATTEMPTS = 12
_KEPT_PAIRS = 16
_COMPOUND = (ast.For, ast.While, ast.If, ast.With, ast.Try, ast.Assign, ast.AugAssign, ast.Return, ast.Expr)


class Crossover(Proposer):
    """The first parent with a function, or a statement of a function, of the second.

    A function is exchanged for one of the same qualified name and arity; a statement for one of the same type in a
    function of the same qualified name. Only editable lines of the first parent change.

    Args:
        setting: the task.
        name: registered name.
    """

    parents = 2

    def __init__(self, setting: Setting, *, name: str = "crossover") -> None:
        self.name = name
        self._language = setting.initial.language
        self._pairs: OrderedDict[tuple[VariantId, VariantId], _Pair] = OrderedDict()

    async def propose(self, parents: Sequence[Scored], rng: Random) -> Candidate:
        """Cross the first two parents.

        Raises:
            ProposalError: fewer than two parents, not Python, or nothing of theirs can be exchanged to any effect.
        """
        if len(parents) < 2:
            raise ProposalError(f"{self.name!r} needs two parents and was given {len(parents)!r}")
        one, other = parents[0].variant, parents[1].variant
        pair = self._pair(one, other)
        for exchange in rng.sample(pair.exchanges, min(_ATTEMPTS, len(pair.exchanges))):
            files = exchange.made(one.files)
            if files is not None and _is_sound(one, pair, files):
                why = f"{exchange.what} from {other.id}"
                return Candidate(files=files, origin=Origin(proposer=self.name, why=why))
        raise ProposalError(f"{self.name!r} finds nothing to exchange between {one.id!r} and {other.id!r}")

    def _pair(self, one: Variant, other: Variant) -> _Pair:
        key = (one.id, other.id)
        if key not in self._pairs:
            self._pairs[key] = _Pair(
                exchanges=_exchanges(one, other, self.name),
                parents=frozenset(normalise.canonical(parent.files, self._language) for parent in (one, other)),
                missing=frozenset(item.name for item in names.undefined(one.files)),
            )
            if len(self._pairs) > _KEPT_PAIRS:
                self._pairs.popitem(last=False)
        self._pairs.move_to_end(key)
        return self._pairs[key]


class _Pair(NamedTuple):
    """What is known of two parents: their exchanges, their digests, the names that the first lacks anyway."""

    exchanges: list[_Exchange]
    parents: frozenset[Digest]
    missing: frozenset[str]


class _Exchange(NamedTuple):
    """Put a node of the second parent in the place of one of the first."""

    context: Context
    donor: Locator
    old: ast.stmt
    new: ast.stmt
    what: str

    def made(self, files: Mapping[str, str]) -> dict[str, str] | None:
        """The first parent's files with the exchange made; ``None`` if it cannot be written there."""
        locator = self.context.locator
        start = locator.line_start(first_line(self.old))
        indent = self.context.text[start : start + self.old.col_offset]
        text = None if indent.strip() else self._text(indent)
        if text is None:
            return None
        stop = locator.range(self.old)[1]
        return {**files, self.context.name: apply(self.context.text, [Splice(start, stop, text)])}

    def _text(self, indent: str) -> str | None:
        """The node as lines at an indentation: with its comments where it stood at the same one."""
        start = self.donor.line_start(first_line(self.new))
        if self.donor.text[start : start + self.new.col_offset] == indent:
            return self.donor.text[start : self.donor.range(self.new)[1]]
        text = self.context.block_text([self.new], indent)
        return None if text is None else text[: -len(self.context.newline)]


def _exchanges(one: Variant, other: Variant, proposer: str) -> list[_Exchange]:
    if one.language != "python" or other.language != "python":
        raise ProposalError(f"{proposer!r} reads Python, and {one.id!r} and {other.id!r} are not both that")
    try:
        editable = blocks.editable(one.files)
    except UsageError as error:
        raise ProposalError(f"{proposer!r} cannot edit variant {one.id!r}: {error}") from error
    found: list[_Exchange] = []
    for name, text in sorted(one.files.items()):
        if editable[name] and name in other.files and syntax.is_python(name, "python"):
            mine, theirs = syntax.parse(text, name), syntax.parse(other.files[name], name)
            if isinstance(mine, ast.Module) and isinstance(theirs, ast.Module):
                found += _in_file(Context(name, text, mine, editable[name]), theirs, Locator(other.files[name]))
    return found


def _in_file(context: Context, theirs: ast.Module, donor: Locator) -> Iterator[_Exchange]:
    donors = dict(_functions(theirs))
    for word, old in _functions(context.tree):
        new = donors.get(word)
        if new is None or ast.dump(old) == ast.dump(new):
            continue
        if context.editable(old) and _arity(old) == _arity(new):
            yield _Exchange(context, donor, old, new, f"{word}()")
        yield from _statements(context, donor, word, old, new)


def _statements(context: Context, donor: Locator, word: str, old: Function, new: Function) -> Iterator[_Exchange]:
    candidates = [(node, ast.dump(node)) for node in ast.walk(new) if isinstance(node, _COMPOUND)]
    own = {id(node) for node in ast.walk(old)}
    for place in context.at(*_COMPOUND):
        if id(place.node) in own:
            same = ast.dump(place.node)
            for other, dump in candidates:
                if type(other) is type(place.node) and dump != same:
                    what = f"{type(other).__name__.lower()} statement of {word}() line {other.lineno}"
                    yield _Exchange(context, donor, place.node, other, what)


def _functions(tree: ast.Module | ast.ClassDef, prefix: str = "") -> Iterator[tuple[str, Function]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield prefix + node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node, f"{prefix}{node.name}.")


def _arity(node: Function) -> tuple[int, int, int, bool, bool]:
    given = node.args
    positional = len(given.posonlyargs) + len(given.args)
    return positional, len(given.defaults), len(given.kwonlyargs), given.vararg is not None, given.kwarg is not None


def _is_sound(one: Variant, pair: _Pair, files: dict[str, str]) -> bool:
    """Whether a child compiles, is neither of its parents, keeps the frozen lines and finds its names."""
    if syntax.check(files, "python") is not None or not blocks.same_outside(one.files, files):
        return False
    if normalise.canonical(files, "python") in pair.parents:
        return False
    return pair.missing.issuperset(item.name for item in names.undefined(files))
