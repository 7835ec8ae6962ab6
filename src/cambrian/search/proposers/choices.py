"""The choices in a program: a text that stands in a list of the program gives way to another of that list. No I/O.

Programs name their alternatives: ``KERNELS = ("linear", "rbf", "poly")`` and, elsewhere, ``kernel = "linear"``. Such a
text is a choice, and the other entries of the list are what else could stand there. How much each entry is worth is
learnt from the difference that changes made, as if choices added up; where they do not, chance still tries the others.
What an outcome teaches is written in the variant's origin, so that telling the recorded outcomes again restores it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import NamedTuple

import msgspec

from cambrian.core.errors import ProposalError, UsageError
from cambrian.core.evaluation import Status
from cambrian.core.variant import Origin, Variant
from cambrian.search.proposer import Candidate, Proposer, Scored, Setting
from cambrian.source import blocks, edit, syntax
from cambrian.source.blocks import Span
from cambrian.source.tree import Problem, parse

_AT_ONCE = (1, 1, 1, 2)
"""How many choices change, each as likely as any other: sometimes two, since one of them may be right by itself."""
_ANY = 0.3
"""Share of proposals that ask for no promise: what is promised may have been tried, and then nothing new is learnt."""


class Choice(NamedTuple):
    """A text of a program that could be another one.

    `file`, `line`: where it stands; `start` and `stop` are its characters there. `value`: what it is. `options`: what
    else could stand there, in the order of the program.
    """

    file: str
    line: int
    start: int
    stop: int
    value: str
    options: tuple[str, ...]


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What a candidate's outcome is about; kept in `Origin.detail`.

    Args:
        before: the parent's objective.
        changed: place of each choice (see `_place`), the text that stood there and the text that does now.
    """

    before: float | None
    changed: list[tuple[str, str, str]]


class Choices(Proposer):
    """Candidates that differ from the first parent in one or two of its choices.

    Args:
        setting: the task.
        name: registered name.
    """

    def __init__(self, setting: Setting, *, name: str = "choose") -> None:
        self.name = name
        self._objective = setting.objectives[0]
        self._worth: dict[tuple[str, str], _Worth] = {}
        self._typical = _Worth()

    async def propose(self, parents: Sequence[Scored], rng: Random) -> Candidate:
        """Take other entries of the lists that the first parent chooses from.

        Raises:
            ProposalError: no parent, or it has no choice in its editable lines.
        """
        if not parents:
            raise ProposalError(f"{self.name!r} needs a parent and was given none")
        variant = parents[0].variant
        found = choices(variant)
        if not found:
            raise ProposalError(f"{self.name!r} finds no choice in variant {variant.id!r}: no text that a list has too")
        taken = self._draw(found, rng)
        said = ", ".join(f"{choice.value!r} → {option!r} in line {choice.line}" for _, choice, option in taken)
        change = Change(
            before=parents[0].evaluation.objectives.get(self._objective.name),
            changed=[(place, choice.value, option) for place, choice, option in taken],
        )
        files = _written(variant.files, [(choice, option) for _, choice, option in taken])
        detail: dict[str, object] = msgspec.to_builtins(change)
        return Candidate(files=files, origin=Origin(proposer=self.name, why=said, detail=detail))

    async def tell(self, outcome: Scored) -> None:
        """Learn what the changed choices are worth; a failure counts as the usual difference, downwards."""
        if outcome.evaluation.status is Status.CANCELLED:
            return
        try:
            change = msgspec.convert(outcome.variant.origin.detail, Change)
        except msgspec.ValidationError as error:
            raise UsageError(f"variant {outcome.variant.id!r} is no record of {self.name!r}: {error}") from error
        value = outcome.evaluation.objectives.get(self._objective.name)
        if change.before is None:
            return
        if value is None:
            difference = -self._typical.mean
        else:
            difference = self._objective.gain(value) - self._objective.gain(change.before)
            self._typical.tell(abs(difference))
        share = difference / len(change.changed)
        for place, old, new in change.changed:
            self._worth.setdefault((place, new), _Worth()).tell(share)
            self._worth.setdefault((place, old), _Worth()).tell(-share)

    def _draw(self, found: Sequence[Choice], rng: Random) -> list[tuple[str, Choice, str]]:
        """The changes that promise the most, by Thompson sampling, or any; in the order of the program."""
        count = min(len(found), rng.choice(_AT_ONCE))
        if rng.random() < _ANY:
            chosen = sorted(rng.sample(range(len(found)), count))
            return [(_place(found, index), found[index], rng.choice(found[index].options)) for index in chosen]
        promises: list[tuple[float, int, str, str]] = []
        for index, choice in enumerate(found):
            place = _place(found, index)
            stays = self._sample(place, choice.value, rng)
            worth, option = max((self._sample(place, option, rng), option) for option in choice.options)
            promises.append((worth - stays, index, place, option))
        promises.sort(reverse=True)
        return [
            (place, found[index], option)
            for _, index, place, option in sorted(promises[:count], key=lambda promise: promise[1])
        ]

    def _sample(self, place: str, option: str, rng: Random) -> float:
        """A draw of what an option is worth, in units of the usual difference."""
        worth = self._worth.get((place, option), _Worth())
        return worth.mean / (self._typical.mean or 1.0) + rng.gauss(0.0, 1.0) / (1.0 + worth.count) ** 0.5


class _Worth:
    """A mean of what was told; 0 is told once beforehand."""

    def __init__(self) -> None:
        self.total = 0.0
        self.count = 0

    def tell(self, value: float) -> None:
        self.total += value
        self.count += 1

    @property
    def mean(self) -> float:
        return self.total / (self.count + 1)


def _place(found: Sequence[Choice], index: int) -> str:
    """Names a choice in all variants: its file, and the how-manieth of those with the same options it is there."""
    choice = found[index]
    alike = {choice.value, *choice.options}
    before = sum(one.file == choice.file and {one.value, *one.options} == alike for one in found[:index])
    return f"{choice.file}/{min(alike)}/{before}"


def _written(files: Mapping[str, str], taken: Sequence[tuple[Choice, str]]) -> dict[str, str]:
    result = dict(files)
    for name in {choice.file for choice, _ in taken}:
        splices = [edit.Splice(one.start, one.stop, repr(option)) for one, option in taken if one.file == name]
        result[name] = edit.apply(files[name], splices)
    return result


def choices(variant: Variant) -> tuple[Choice, ...]:
    """Every choice in the editable lines of a Python program; none where it cannot be read."""
    if variant.language != "python":
        return ()
    try:
        editable = blocks.editable(variant.files)
    except UsageError:
        return ()
    trees = {name: _tree(name, text) for name, text in sorted(variant.files.items())}
    lists = [texts for tree in trees.values() for texts in _lists(tree)]
    if not lists:
        return ()
    options = _options(lists)
    return tuple(
        choice
        for name, tree in trees.items()
        for choice in _in_file(name, variant.files[name], tree, options, editable[name])
    )


def _tree(name: str, text: str) -> ast.Module:
    tree = parse(text, name) if syntax.is_python(name, "python") else ast.Module([], [])
    return ast.Module([], []) if isinstance(tree, Problem) else tree


def _entries(node: ast.AST) -> tuple[str, ...]:
    """The texts of a list, tuple or set of at least two different texts and nothing else."""
    if not isinstance(node, ast.List | ast.Tuple | ast.Set):
        return ()
    texts = [item.value for item in node.elts if isinstance(item, ast.Constant) and isinstance(item.value, str)]
    return tuple(dict.fromkeys(texts)) if len(texts) == len(node.elts) and len(set(texts)) > 1 else ()


def _lists(tree: ast.Module) -> Iterator[tuple[str, ...]]:
    """The lists of a file. What a function answers is no list of options but what it chose."""
    answered = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Return)}
    return filter(None, (_entries(node) for node in ast.walk(tree) if id(node) not in answered))


def _options(lists: Sequence[tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Each text → what stands beside it in some list."""
    found: dict[str, dict[str, None]] = {}
    for texts in lists:
        for text in texts:
            found.setdefault(text, {}).update(dict.fromkeys(other for other in texts if other != text))
    return {text: tuple(others) for text, others in found.items()}


def _in_file(
    name: str, text: str, tree: ast.Module, options: Mapping[str, tuple[str, ...]], spans: Sequence[Span]
) -> Iterator[Choice]:
    locator = edit.Locator(text)
    for node in sorted(_texts(tree), key=lambda node: (node.lineno, node.col_offset)):
        value = node.value
        inside = any(span.covers(node.lineno, node.end_lineno or node.lineno) for span in spans)
        if isinstance(value, str) and value in options and inside:
            yield Choice(name, node.lineno, *locator.range(node), value, options[value])


def _texts(tree: ast.Module) -> Iterator[ast.Constant]:
    """Constants that are neither entries of a list of texts, nor keys of a dict, nor part of an f-string."""
    todo: list[ast.AST] = [tree]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Constant):
            yield node
        elif isinstance(node, ast.Dict):
            todo += node.values
        elif isinstance(node, ast.Return) and isinstance(node.value, ast.List | ast.Tuple | ast.Set):
            todo += node.value.elts
        elif not (_entries(node) or isinstance(node, ast.JoinedStr)):
            todo += ast.iter_child_nodes(node)
