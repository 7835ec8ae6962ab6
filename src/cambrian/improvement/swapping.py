"""Algorithm swaps: a function that behaves like an algorithm of the library is rewritten as that algorithm.

What a function is called says nothing; what it does on some forty small calls says what it may be. The function runs on
them in the arena's jail, and so do all algorithms that take arguments of these kinds, in one process, in any order of
the function's parameters. Those that agree are proposed, with the function's own code behind a guard for those calls,
such as numbers below two, on which the two differ. Whether it is the same, and faster, is for the cascade to find out.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from itertools import permutations
from random import Random
from typing import Literal, NamedTuple, cast

from cambrian.core.codec import decode, encode
from cambrian.core.errors import CodecError
from cambrian.core.limits import Limits
from cambrian.core.ports import Exit, Program, Reply, Runtime
from cambrian.source.algorithms import Adapter, Algorithm, Placement, algorithms, placed
from cambrian.source.algorithms.placing import replaceable
from cambrian.source.analysis import Module
from cambrian.source.rules.rule import Rewrite
from cambrian.source.tree import Problem
from cambrian.verify.arena import Arena
from cambrian.verify.cases import Case, size
from cambrian.verify.shipping import COMPARISON, shipped

from .guarding import fits, guards
from .inputs import Inputs
from .targets import Target

__all__ = ["Swaps"]

_CALLS = 40
_LARGEST = 10_000
_PARTS = 150
_AT_ONCE = 8
_SLOW_S = 0.25
"""Wall seconds of a few calls together after which no larger ones are made."""
_FEWEST = 8
_ORDERS = 12
_MOST = 3
_MATCHING = Limits(wall=12.0, cpu=6.0, memory=2**30, output=4 * 2**20)
_MATCHER = "improvement/inside/matching.py"
_GAIN = 1000.0


class _Seen(NamedTuple):
    """A call, and what the function did."""

    case: Case
    reply: Reply


class Swaps:
    """Proposes algorithms of the library for functions.

    Args:
        arena: where functions run on small calls.
        jail: where algorithms are compared with them.
        library: the algorithms; by default all that are shipped.
        seed: of the calls.
    """

    def __init__(
        self, arena: Arena, jail: Runtime, library: Sequence[Algorithm] | None = None, *, seed: int = 0
    ) -> None:
        self._arena, self._jail, self._seed = arena, jail, seed
        self._library = library

    def may(self, target: Target) -> bool:
        """Whether a function is of a form that an algorithm could take, by its text."""
        return _node(target) is not None

    async def propose(self, target: Target, inputs: Inputs) -> tuple[Rewrite, ...]:
        """Rewrites of a target's file, the most likely first.

        Args:
            target: the function.
            inputs: what it is called with.

        Raises:
            SandboxError: the machinery failed.
        """
        node = _node(target)
        if node is None or not node.args.args:
            return ()
        names = [each.arg for each in (*node.args.posonlyargs, *node.args.args)]
        seen = await self._seen(target, inputs, len(names))
        if len(seen) < _FEWEST:
            return ()
        cases = [each.case for each in seen]
        entries = [(each, orders) for each in self._known() if (orders := _orders(each, cases))]
        matched = await self._matched(entries, seen)
        found: list[tuple[tuple[float, ...], Placement]] = []
        for entry, choice, adapter, marks, told in matched:
            algorithm, order = entries[entry][0], entries[entry][1][choice]
            conditions = guards(cases, marks, names, order, told)
            if conditions is not None:
                placement = Placement(algorithm, tuple(names[place] for place in order), adapter, conditions)
                found.append(((len(conditions), adapter.how != "plain", marks.count("u"), entry), placement))
        first: dict[str, Placement] = {}
        for _, placement in sorted(found, key=lambda each: each[0]):
            first.setdefault(placement.algorithm.name, placement)
        return tuple(_rewrites(target, list(first.values())))

    def _known(self) -> Sequence[Algorithm]:
        return algorithms() if self._library is None else self._library

    async def _seen(self, target: Target, inputs: Inputs, most: int) -> list[_Seen]:
        """What the function does on small calls, the smallest first, as far as it is quick; then in any order."""
        rng = Random(self._seed)
        calls = sorted(_small(inputs, rng, most), key=_weight)
        found: list[_Seen] = []
        for start in range(0, len(calls), _AT_ONCE):
            batch = calls[start : start + _AT_ONCE]
            ran = await self._arena.run(target.program(), batch, past_end=False)
            replies = [each for each in ran if isinstance(each, Reply)]
            found += [_Seen(case, reply) for case, reply in zip(batch, replies, strict=False)]
            if len(replies) < len(batch) or sum(reply.wall_s for reply in replies) > _SLOW_S:
                break
        rng.shuffle(found)
        return found

    async def _matched(
        self, entries: Sequence[tuple[Algorithm, list[tuple[int, ...]]]], seen: Sequence[_Seen]
    ) -> list[tuple[int, int, Adapter, str, int]]:
        """What the matcher says; where it does not survive, of each half of the algorithms."""
        if not entries:
            return []
        paths = {each.path for each, _ in entries}
        files = shipped((*COMPARISON, _MATCHER, *sorted(paths)))
        session = await self._jail.launch(Program(files=files, entry=f"cambrian/{_MATCHER}:handle"), _MATCHING)
        if isinstance(session, Exit):
            return []
        plain = [
            (f"cambrian.source.algorithms.{each.family}", each.name, [list(order) for order in orders])
            for each, orders in entries
        ]
        replies = [(each.reply.raised, each.reply.payload) for each in seen]
        reply = await session.call(encode((plain, [encode(list(each.case.arguments)) for each in seen], replies)))
        await session.close()
        if isinstance(reply, Reply) and not reply.raised:
            told = cast("list[tuple[int, int, tuple[str, str, str], str, int]]", decode(reply.payload, arrays=False))
            return [(entry, choice, _adapter(made), marks, n) for entry, choice, made, marks, n in told]
        if len(entries) == 1:
            return []
        half = len(entries) // 2
        first = await self._matched(entries[:half], seen)
        second = await self._matched(entries[half:], seen)
        return [*first, *((entry + half, choice, made, marks, n) for entry, choice, made, marks, n in second)]


def _adapter(told: tuple[str, str, str]) -> Adapter:
    how, first, second = told
    return Adapter(cast("Literal['plain', 'wrap', 'choose', 'sentinel']", how), first, second)


def _node(target: Target) -> ast.FunctionDef | None:
    if "." in target.name or target.asynchronous:
        return None
    tree = ast.parse(target.text)
    found = next((each for each in tree.body if isinstance(each, ast.FunctionDef) and each.name == target.name), None)
    return found if found is not None and replaceable(found) else None


def _small(inputs: Inputs, rng: Random, most: int) -> list[Case]:
    """Known calls, others drawn, and edges of both, as far as they are small."""
    found: dict[bytes, Case] = {}

    def keep(case: Case) -> None:
        if case.arguments and len(case.arguments) <= most and not case.shared and _is_small(case.arguments):
            try:
                found.setdefault(encode(list(case.arguments)), case)
            except CodecError:
                return

    for case in inputs.known[: 4 * _CALLS]:
        keep(case)
    known = list(found.values())[: _CALLS // 2]
    found.clear()
    for _ in range(6 * _CALLS):
        if len(found) >= _CALLS - len(known):
            break
        keep(inputs.source.case(rng))
    for each in [*known, *(edge for first in known[:2] for edge in _edges(first))]:
        keep(each)
    return list(found.values())


def _is_small(value: object) -> bool:
    if type(value) in (list, tuple):
        items = cast("Sequence[object]", value)
        return size(Case(arguments=(value,))) <= _PARTS and all(map(_is_small, items))
    if type(value) is str:
        return len(value) <= _PARTS and value.isprintable()
    if type(value) in (int, float):
        return abs(cast("float", value)) <= _LARGEST
    return type(value) in (bool, type(None))


def _weight(case: Case) -> float:
    """How long a call may take, about: its parts, and the numbers that are arguments themselves."""
    return size(case) + sum(abs(value) for value in case.arguments if type(value) is int)


def _edges(case: Case) -> Iterator[Case]:
    """A call with one argument at an edge."""
    for place, value in enumerate(case.arguments):
        others: list[object] = []
        if type(value) is int:
            others = [-1, 0, 1, 2, 3, 5, 8, 13]
        elif type(value) in (list, str, tuple):
            items = cast("list[object]", value)
            others = [items[:0], items[:1], items[:2]]
        for other in others:
            yield Case(arguments=(*case.arguments[:place], other, *case.arguments[place + 1 :]), origin="edge")


def _orders(algorithm: Algorithm, cases: Sequence[Case]) -> list[tuple[int, ...]]:
    """Choices of the function's arguments that an algorithm could take, by their kinds."""
    width = min(len(case.arguments) for case in cases)
    columns = [[case.arguments[place] for case in cases] for place in range(width)]
    found: list[tuple[int, ...]] = []
    for order in permutations(range(width), len(algorithm.parameters)):
        given = zip(order, algorithm.parameters, strict=True)
        if width - len(order) <= 1 and all(fits(parameter.kind, columns[place]) for place, parameter in given):
            found.append(order)
    return found[:_ORDERS]


def _rewrites(target: Target, placements: Sequence[Placement]) -> Iterator[Rewrite]:
    module = Module.read(target.text, target.path)
    if isinstance(module, Problem):
        return
    node = next(each for each in module.of(ast.FunctionDef) if module.qualname(each) == target.name)
    for placement in placements[:_MOST]:
        splices = placed(module, node, placement)
        if splices is None:
            continue
        algorithm = placement.algorithm
        outside = f" where {' and '.join(placement.guards)}" if placement.guards else ""
        yield Rewrite(
            rule=algorithm.rule, line=node.lineno, column=node.col_offset + 1, end_line=node.end_lineno or node.lineno,
            scope=target.name, splices=splices, ground="assumes", gain=_GAIN,
            what=f"it does what an algorithm of {algorithm.cost} does{outside}: {algorithm.title}",
            assumes=tuple(
                f"{name!r} is {_KINDS.get(parameter.kind, parameter.kind)}"
                for name, parameter in zip(placement.arguments, algorithm.parameters, strict=True)
            ),
        )  # fmt: skip


_KINDS = {
    "int": "an int", "float": "a number", "str": "a text", "list[int]": "a list of numbers",
    "list[float]": "a list of numbers", "list[str]": "a list of texts", "list[object]": "a list of what can be hashed",
    "list[list[int]]": "a list of lists of numbers", "Sequence[object]": "a text or a list of what can be hashed",
}  # fmt: skip
