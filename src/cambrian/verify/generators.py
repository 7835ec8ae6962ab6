"""Where inputs come from: type hints, recorded calls, calls in tests, and neighbours of all of these. Runs nothing.

Everything is drawn from a seed: the same seed gives the same cases, on every machine.
"""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from random import Random
from typing import cast

from cambrian.core.codec import encode
from cambrian.core.errors import CodecError, UsageError
from cambrian.source.syntax import Problem, parse

from .cases import Case, mutated
from .hints import Hints, Kind

__all__ = ["FromExamples", "FromHints", "Mixed", "Source", "draw", "from_tests", "from_traces", "inputs_for"]

_ROOM = 12
_COMBINATIONS = 50


class Source(ABC):
    """Draws cases."""

    @abstractmethod
    def case(self, rng: Random) -> Case:
        """One case."""

    @abstractmethod
    def fits(self, case: Case) -> bool:
        """Whether a case is one that it could have drawn: what shrinking must not leave."""


class FromHints(Source):
    """Cases by the type hints of a function.

    Args:
        text: the file's text.
        function: the function's name.
        module: name under which a jail imports the file.

    Raises:
        UsageError: the text does not parse, or values cannot be made up for one of the hints.
    """

    def __init__(self, text: str, function: str, *, module: str = "program") -> None:
        tree = parse(text)
        if isinstance(tree, Problem):
            raise UsageError(f"the program cannot be read: {tree}")
        self._kinds: tuple[Kind, ...] = tuple(kind for _, kind in Hints(tree, module).of_function(function))

    def case(self, rng: Random) -> Case:
        """See `Source`."""
        room = rng.choice((2, _ROOM, _ROOM, 3 * _ROOM))
        return Case(arguments=tuple(kind.draw(rng, room) for kind in self._kinds), origin="hints")

    def fits(self, case: Case) -> bool:
        """See `Source`."""
        given = case.arguments
        return len(given) == len(self._kinds) and all(
            kind.fits(value) for kind, value in zip(self._kinds, given, strict=True)
        )


class FromExamples(Source):
    """Known cases, and neighbours of them.

    Args:
        cases: at least one.
        faithful: share of draws that are known cases as they are.
    """

    def __init__(self, cases: Iterable[Case], *, faithful: float = 0.3) -> None:
        self._cases = tuple(cases)
        self._faithful = faithful
        if not self._cases:
            raise UsageError("there are no examples; give at least one call")

    def case(self, rng: Random) -> Case:
        """See `Source`."""
        case = rng.choice(self._cases)
        if rng.random() < self._faithful:
            return case
        for _ in range(rng.choice((1, 1, 2, 4))):
            case = mutated(case, rng)
        return case

    def fits(self, case: Case) -> bool:
        """See `Source`. Examples say only how many arguments there are."""
        return any(len(case.arguments) == len(known.arguments) for known in self._cases)


class Mixed(Source):
    """Several sources, each as likely as the others."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = tuple(sources)

    def case(self, rng: Random) -> Case:
        """See `Source`."""
        return rng.choice(self._sources).case(rng)

    def fits(self, case: Case) -> bool:
        """See `Source`."""
        return any(source.fits(case) for source in self._sources)


def draw(source: Source, n: int, *, seed: int) -> tuple[Case, ...]:
    """At most n different cases that can cross into a jail, the same ones for the same seed."""
    rng = Random(seed)
    found: dict[bytes, Case] = {}
    for _ in range(4 * n):
        if len(found) == n:
            break
        case = source.case(rng)
        try:
            found.setdefault(case.payload, case)
        except CodecError:  # nested too deeply
            continue
    return tuple(found.values())


def inputs_for(
    files: Mapping[str, str], entry: str, *, tests: Iterable[str] = (), traces: Iterable[bytes] = ()
) -> Source:
    """All that can be had for a program: its hints, the calls in test files, recorded calls.

    Args:
        files: path → text of the program.
        entry: ``"file.py:function"``.
        tests: texts of test files.
        traces: encoded tuples of arguments.

    Raises:
        UsageError: no source has anything; says what was tried.
    """
    path, _, function = entry.partition(":")
    sources: list[Source] = []
    reason = ""
    try:
        sources.append(FromHints(files[path], function, module=_module(path)))
    except UsageError as error:
        reason = str(error)
    known = [*from_traces(traces), *from_tests(tests, function)]
    if known:
        sources.append(FromExamples(known))
    if not sources:
        raise UsageError(f"no inputs for {entry!r}: {reason}; and neither tests nor recorded calls call it")
    return Mixed(sources)


def _module(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def from_traces(payloads: Iterable[bytes]) -> tuple[Case, ...]:
    """Cases of recorded calls: encoded tuples of arguments.

    Raises:
        CodecError: one cannot be read.
    """
    return tuple(Case.read(payload) for payload in payloads)


def from_tests(texts: Iterable[str], function: str) -> tuple[Case, ...]:
    """Arguments of the calls of a function in test files, as far as they stand there: nothing is imported or run.

    Taken are literals, names of literals assigned in the same function or at the top, and names that
    ``pytest.mark.parametrize`` binds to literals. Calls with keywords are left out.
    """
    cases: dict[bytes, Case] = {}
    for text in texts:
        tree = parse(text)
        if isinstance(tree, Problem):
            continue
        for arguments in _calls(tree, function):
            case = Case(arguments=arguments, origin="test")
            try:
                cases.setdefault(encode(arguments), case)
            except CodecError:
                continue
    return tuple(cases.values())


Values = dict[str, list[object]]


def _calls(tree: ast.Module, function: str) -> Iterator[tuple[object, ...]]:
    top = _bound(tree.body)
    inner = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    for scope in (tree, *inner):
        known = top
        if not isinstance(scope, ast.Module):
            known = {**top, **_parametrized(scope), **_bound(scope.body)}
        for node in _own_nodes(scope):
            if isinstance(node, ast.Call) and _called(node.func) == function and not node.keywords:
                yield from _arguments(node.args, known)


def _own_nodes(scope: ast.AST) -> Iterator[ast.AST]:
    todo: list[ast.AST] = list(ast.iter_child_nodes(scope))
    while todo:
        node = todo.pop(0)
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            todo.extend(ast.iter_child_nodes(node))


def _called(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _arguments(nodes: Sequence[ast.expr], known: Values) -> Iterator[tuple[object, ...]]:
    choices: list[list[object]] = []
    for node in nodes:
        if isinstance(node, ast.Name) and node.id in known:
            choices.append(known[node.id])
        else:
            value = _literal(node)
            if not value:
                return
            choices.append(value)
    # names of one parametrize go together: as many rows as the longest has
    rows = max((len(values) for values in choices), default=1)
    if all(len(values) in (1, rows) for values in choices):
        yield from (tuple(values[row % len(values)] for values in choices) for row in range(rows))
    else:
        yield from [combination for combination, _ in zip(product(*choices), range(_COMBINATIONS), strict=False)]


def _literal(node: ast.expr) -> list[object]:
    """The value in a list; empty if it is no literal."""
    try:
        return [cast("object", ast.literal_eval(node))]
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return []


def _bound(body: Sequence[ast.stmt]) -> Values:
    found: Values = {}
    for node in body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            value = _literal(node.value)
            if value:
                found[node.targets[0].id] = value
    return found


def _parametrized(scope: ast.FunctionDef | ast.AsyncFunctionDef) -> Values:
    found: Values = {}
    for mark in scope.decorator_list:
        if not (isinstance(mark, ast.Call) and _called(mark.func) == "parametrize" and len(mark.args) >= 2):
            continue
        names = _names(mark.args[0])
        rows = [_literal(row) for row in mark.args[1].elts] if isinstance(mark.args[1], ast.List | ast.Tuple) else []
        if not rows or not all(rows):
            continue
        for place, name in enumerate(names):
            found[name] = [_cell(row[0], place, len(names)) for row in rows]
    return found


def _names(node: ast.expr) -> list[str]:
    [value] = _literal(node) or [""]
    given = value.split(",") if isinstance(value, str) else cast("Sequence[object]", value)
    return [str(name).strip() for name in given]


def _cell(row: object, place: int, width: int) -> object:
    if width == 1:
        return row
    cells = cast("Sequence[object]", row)
    return cells[place] if isinstance(row, tuple | list) and place < len(cells) else None
