"""Algorithm swaps: a function that behaves like an algorithm of the library is rewritten as that algorithm.

What a function is called says nothing; what it does on some forty small calls says what it may be. The function runs on
them in the arena's jail, and so do all algorithms that take arguments of these kinds, in one process, in any order of
the function's parameters. Those that agree are proposed, with the function's own code behind a guard for those calls,
such as numbers below two, on which the two differ. Whether it is the same, and faster, is for the cascade to find out.

If the function itself is none, those that it is made of are looked at, see `callees`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from itertools import product
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

from .callees import callees, made_up
from .guarding import fits, guards
from .inputs import Inputs
from .targets import Target

__all__ = ["Swaps"]

_CALLS = 40
_LARGEST = 2000
_PARTS = 150
_FIRST = 8
_AT_ONCE = 8
_SLOW_S = 0.25
"""Wall seconds of a few calls together after which no larger ones are made."""
_FEWEST = 8
_ORDERS = 12
_SPARE = 1
"""Arguments of a function that an algorithm may leave aside."""
_MOST = 3
_MATCHING = Limits(wall=20.0, cpu=3.0, memory=2**30, output=4 * 2**20)
_MATCHER = "improvement/inside/matching.py"
_GAIN = 1000.0


class _Seen(NamedTuple):
    """A call, and what the function did."""

    case: Case
    reply: Reply


class _Entry(NamedTuple):
    """An algorithm, and choices of the function's arguments that it could take."""

    algorithm: Algorithm
    orders: list[tuple[int, ...]]


class _Match(NamedTuple):
    """An algorithm that does what the function does, on the calls that are marked so."""

    algorithm: Algorithm
    order: tuple[int, ...]
    adapter: Adapter
    marks: str
    answers: int


_Told = tuple[int, int, tuple[str, str, str], str, int]
"""See `inside.matching`."""


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
        """Whether a function, or one that it is made of, is of a form that an algorithm could take, by its text."""
        module = _module(target)
        return module is not None and (_node(target, module) is not None or any(True for _ in callees(target, module)))

    async def propose(self, target: Target, inputs: Inputs) -> tuple[Rewrite, ...]:
        """Rewrites of a target's file, the most likely first.

        Args:
            target: the function.
            inputs: what it is called with.

        Raises:
            SandboxError: the machinery failed.
        """
        module = _module(target)
        if module is None:
            return ()
        found: list[Rewrite] = []
        node = _node(target, module)
        if node is not None and node.args.args:
            calls = _small(inputs, Random(self._seed), len(_names(node)))
            found += await self._proposed(target, module, node, target.program(), calls)
        for callee in callees(target, module) if not found else ():
            for calls in made_up(callee, self._seed):
                made = await self._proposed(target, module, callee.node, callee.program, calls)
                found += made[:1]
                if made:
                    break
        return tuple(found)

    async def _proposed(
        self, target: Target, module: Module, node: ast.FunctionDef, program: Program, calls: Sequence[Case]
    ) -> list[Rewrite]:
        """Algorithms in the place of one function, by what it does in these calls."""
        seen = await self._seen(program, calls)
        if len(seen) < _FEWEST:
            return []
        cases = [each.case for each in seen]
        entries = [_Entry(each, orders) for each in self._known() if (orders := _orders(each, cases))]
        matched = await self._matched(entries, seen)
        return list(_rewrites(target, module, node, _placements(matched, cases, _names(node))))

    def _known(self) -> Sequence[Algorithm]:
        return algorithms() if self._library is None else self._library

    async def _seen(self, program: Program, calls: Sequence[Case]) -> list[_Seen]:
        """What a function does on small calls, the smallest first, as far as it is quick; then in any order."""
        calls = sorted(calls, key=_weight)
        found: list[_Seen] = []
        for start in range(0, len(calls), _AT_ONCE):
            batch = calls[start : start + _AT_ONCE]
            ran = await self._arena.run(program, batch, past_end=False)
            replies = [each for each in ran if isinstance(each, Reply)]
            found += [_Seen(case, reply) for case, reply in zip(batch, replies, strict=False)]
            if len(replies) < len(batch) or sum(reply.wall_s for reply in replies) > _SLOW_S:
                break
        Random(self._seed).shuffle(found)
        return found

    async def _matched(self, entries: Sequence[_Entry], seen: Sequence[_Seen]) -> list[_Match]:
        """What the matcher says; where it does not survive, of each half of the algorithms."""
        told: Sequence[_Told] | None = await self._told(entries, seen) if entries else ()
        if told is not None:
            return [
                _Match(entries[entry].algorithm, entries[entry].orders[choice], _adapter(*made), marks, answers)
                for entry, choice, made, marks, answers in told
            ]
        half = len(entries) // 2
        parts = (entries[:half], entries[half:]) if half else ()
        return [match for part in parts for match in await self._matched(part, seen)]

    async def _told(self, entries: Sequence[_Entry], seen: Sequence[_Seen]) -> Sequence[_Told] | None:
        """What the matcher says; `None` if it does not survive."""
        paths = {each.algorithm.path for each in entries}
        files = shipped((*COMPARISON, _MATCHER, *sorted(paths)))
        session = await self._jail.launch(Program(files=files, entry=f"cambrian/{_MATCHER}:handle"), _MATCHING)
        if isinstance(session, Exit):
            return None
        plain = [
            (f"cambrian.source.algorithms.{each.algorithm.family}", each.algorithm.name, [list(o) for o in each.orders])
            for each in entries
        ]
        replies = [(each.reply.raised, each.reply.payload) for each in seen]
        reply = await session.call(encode((plain, [encode(list(each.case.arguments)) for each in seen], replies)))
        await session.close()
        if isinstance(reply, Exit) or reply.raised:
            return None
        return cast("Sequence[_Told]", decode(reply.payload, arrays=False))


def _adapter(how: str, first: str, second: str) -> Adapter:
    return Adapter(cast("Literal['plain', 'wrap', 'choose', 'sentinel']", how), first, second)


def _placements(matched: Sequence[_Match], cases: Sequence[Case], names: Sequence[str]) -> list[Placement]:
    """Of those whose differences a condition explains, the simplest for each algorithm, the simplest first."""
    found: list[tuple[tuple[int, bool, int], Placement]] = []
    for each in matched:
        conditions = guards(cases, each.marks, names, each.order, each.answers)
        if conditions is not None:
            arguments = tuple(names[place] for place in each.order)
            rank = (len(conditions), each.adapter.how != "plain", each.marks.count("u"))
            found.append((rank, Placement(each.algorithm, arguments, each.adapter, conditions)))
    first: dict[str, Placement] = {}
    for _, placement in sorted(found, key=lambda each: each[0]):
        first.setdefault(placement.algorithm.name, placement)
    return list(first.values())


def _module(target: Target) -> Module | None:
    """The target's file, if its functions can be looked at here."""
    module = None if "." in target.name or target.asynchronous else Module.read(target.text, target.path)
    return None if isinstance(module, Problem) else module


def _node(target: Target, module: Module) -> ast.FunctionDef | None:
    own = [each for each in module.tree.body if isinstance(each, ast.FunctionDef) and each.name == target.name]
    return next(filter(replaceable, own), None)


def _names(node: ast.FunctionDef) -> list[str]:
    return [each.arg for each in (*node.args.posonlyargs, *node.args.args)]


def _small(inputs: Inputs, rng: Random, most: int) -> list[Case]:
    """Known calls, others drawn, and edges of both, as far as they are small."""
    found: dict[bytes, Case] = {}
    lengths = _lengths(inputs.known[:_CALLS])

    def keep(case: Case) -> None:
        if case.arguments and len(case.arguments) <= most and not case.shared and _is_small(case.arguments):
            try:
                found.setdefault(encode(list(case.arguments)), case)
            except CodecError:
                return

    for case in inputs.known[: 4 * _CALLS]:
        keep(case)
        keep(_fitted(Case(arguments=tuple(map(_reduced, case.arguments)), origin="reduced"), lengths))
    known = list(found.values())[: _CALLS // 2]
    found.clear()
    for _ in range(6 * _CALLS):
        if len(found) >= _CALLS - len(known):
            break
        drawn = inputs.source.case(rng)
        keep(_fitted(drawn, lengths) if len(found) % 2 else drawn)
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


def _lengths(known: Sequence[Case]) -> list[tuple[int, int]]:
    """Places of numbers, and of the lists whose lengths they are in all known calls."""
    columns = list(zip(*(case.arguments for case in known), strict=False))
    sizes = [
        [len(cast("list[object]", value)) if isinstance(value, list) else -1 for value in column] for column in columns
    ]
    return [
        (one, other)
        for one in range(len(columns))
        for other in range(len(columns))
        if list(columns[one]) == sizes[other]
    ]


def _fitted(case: Case, lengths: Sequence[tuple[int, int]]) -> Case:
    """A call in which numbers are lengths again."""
    values = list(case.arguments)
    for one, other in lengths:
        if max(one, other) < len(values) and isinstance(values[other], list):
            values[one] = len(cast("list[object]", values[other]))
    return Case(arguments=tuple(values), shared=case.shared, origin=case.origin)


def _reduced(value: object) -> object:
    """A value like it that is small: the first items, the last digits."""
    if type(value) in (list, tuple, str):
        items = cast("Sequence[object]", value)[:_FIRST]
        return items if isinstance(items, str) else type(value)(map(_reduced, items))  # type: ignore[arg-type]
    if type(value) is int and abs(value) > _LARGEST:
        return abs(value) % 100
    return value


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
    columns = list(zip(*(case.arguments for case in cases), strict=False))
    if len(columns) - len(algorithm.parameters) > _SPARE:
        return []
    able = [[place for place, values in enumerate(columns) if fits(each.kind, values)] for each in algorithm.parameters]
    return [order for order in product(*able) if len(set(order)) == len(order)][:_ORDERS]


def _rewrites(
    target: Target, module: Module, node: ast.FunctionDef, placements: Sequence[Placement]
) -> Iterator[Rewrite]:
    for placement in placements[:_MOST]:
        splices = placed(module, node, placement)
        if splices is not None:
            yield Rewrite(
                rule=placement.algorithm.rule, line=node.lineno, column=node.col_offset + 1, scope=target.name,
                end_line=node.end_lineno or node.lineno, splices=splices, ground="assumes", gain=_GAIN,
                what=_what(placement), assumes=_assumed(placement),
            )  # fmt: skip


def _what(placement: Placement) -> str:
    outside = f" where {' and '.join(placement.guards)}" if placement.guards else ""
    return f"it does what an algorithm of {placement.algorithm.cost} does{outside}: {placement.algorithm.title}"


def _assumed(placement: Placement) -> tuple[str, ...]:
    given = zip(placement.arguments, placement.algorithm.parameters, strict=True)
    return tuple(f"{name!r} is {_KINDS.get(parameter.kind, parameter.kind)}" for name, parameter in given)


_KINDS = {
    "int": "an int", "float": "a number", "str": "a text", "list[int]": "a list of numbers",
    "list[float]": "a list of numbers", "list[str]": "a list of texts", "list[object]": "a list of what can be hashed",
    "list[list[int]]": "a list of lists of numbers", "Sequence[object]": "a text or a list of what can be hashed",
}  # fmt: skip
