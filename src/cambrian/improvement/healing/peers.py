"""Improvement, healing: repair with programs at hand that are right. Their parts are borrowed, as few as will do.

After Hu, Ahmed, Mechtaev, Leong and Roychoudhury, "Re-factoring based program repair applied to programming
assignments" (Refactory, 2019): the nearest correct program is brought under the names of the wrong one; what then
differs are hunks. All of them together make the wrong one right; then as many as possible are left out again.
"""

from __future__ import annotations

import ast
import math
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from cambrian.source.edit import Splice, apply
from cambrian.source.repair.alignment import function_hunks, inserted_function
from cambrian.source.repair.correspondence import shape
from cambrian.source.repair.surface import Function, Surface
from cambrian.source.tree import Problem, parse

from .lane import Checks, FastLane
from .measuring import size_of
from .searching import Survivor

__all__ = ["Peers"]

_NEAREST = 12
"""Peers that are tried: the nearest ones."""
_MOST = 80
"""Hunks of the largest difference that is looked into one by one."""


class _Version(NamedTuple):
    """A function of a peer, with the peer's other functions."""

    function: Function
    others: Mapping[str, Function]


class Peers:
    """Programs that are right, read once for many repairs.

    Args:
        texts: the programs.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._versions: dict[str, dict[str, _Version]] = {}
        for text in texts:
            tree = parse(text)
            if not isinstance(tree, Problem):
                functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
                for name, node in functions.items():
                    self._versions.setdefault(name, {}).setdefault(ast.dump(node), _Version(node, functions))

    async def repairs(self, lane: FastLane, tests: Checks, text: str, *, cpu: float = math.inf) -> tuple[Survivor, ...]:
        """Texts that pass all tests in the lane, the smallest change first.

        Args:
            lane: where they are tried.
            tests: what they must pass.
            text: the wrong program.
            cpu: seconds of this process and the lane after which no further peer is looked at.

        Raises:
            SandboxError: the machinery failed.
        """
        surface = Surface.read(text)
        if isinstance(surface, Problem):
            return ()
        found: dict[str, Survivor] = {}
        begun = time.process_time() + lane.cpu_s
        for hunks in self._differences(surface):
            if time.process_time() + lane.cpu_s - begun > cpu:
                break
            made = await _reduced(lane, tests, surface, hunks)
            if made is not None and made not in found:
                found[made] = Survivor(made, ("peer",), size_of(text, made).nodes)
        return tuple(sorted(found.values(), key=lambda each: (each.nodes, each.text)))

    def _differences(self, surface: Surface) -> Iterator[tuple[Splice, ...]]:
        own = {node.name: node for node in surface.tree.body if isinstance(node, ast.FunctionDef)}
        called = {node.id for node in ast.walk(surface.tree) if isinstance(node, ast.Name)}
        ranked = {name: self._nearest(name, own.get(name)) for name in self._wanted(own)}
        seen: set[tuple[Splice, ...]] = set()
        for rank in range(_NEAREST):
            chosen = {name: versions[min(rank, len(versions) - 1)] for name, versions in ranked.items() if versions}
            hunks = _composed(surface, own, chosen, called)
            if hunks and hunks not in seen and len(hunks) <= _MOST:
                seen.add(hunks)
                yield hunks

    def _wanted(self, own: dict[str, ast.FunctionDef]) -> list[str]:
        """Functions that most peers have: those that are asked for, not their own helpers."""
        most = max((len(versions) for versions in self._versions.values()), default=0)
        return [name for name, versions in self._versions.items() if name in own or 2 * len(versions) > most]

    def _nearest(self, name: str, own: Function | None) -> list[_Version]:
        versions = list(self._versions.get(name, {}).values())
        if own is None:
            return sorted(versions, key=lambda each: len(ast.dump(each.function)))[:_NEAREST]
        mine = shape(own.body)

        def distance(each: _Version) -> int:
            other = shape(each.function.body)
            return ((mine | other) - (mine & other)).total()

        return sorted(versions, key=distance)[:_NEAREST]


def _composed(
    surface: Surface, own: dict[str, ast.FunctionDef], chosen: dict[str, _Version], called: set[str]
) -> tuple[Splice, ...]:
    """Hunks for all functions at once, helpers of the peers included; nothing if one cannot be compared."""
    hunks: list[Splice] = []
    added: dict[str, Function] = {}
    for name, version in chosen.items():
        if name in own:
            made = function_hunks(surface, own[name], version.function)
            if made is None:
                return ()
            hunks += made
        else:
            added[name] = version.function
        for other in _helpers(version):
            if other not in own and other not in chosen and other not in called:
                added[other] = version.others[other]
    if added:
        ends = [inserted_function(surface, function) for function in added.values()]
        hunks.append(Splice(ends[0].start, ends[0].stop, "".join(each.text for each in ends)))
    return tuple(hunks)


def _helpers(version: _Version) -> list[str]:
    """Functions of the peer that this one needs, directly or not."""
    found: dict[str, None] = {}
    todo = [version.function]
    while todo:
        for node in ast.walk(todo.pop()):
            if isinstance(node, ast.Name) and node.id in version.others and node.id not in found:
                found[node.id] = None
                todo.append(version.others[node.id])
    return [name for name in found if name != version.function.name]


async def _reduced(lane: FastLane, tests: Checks, surface: Surface, hunks: tuple[Splice, ...]) -> str | None:
    """The text with as few hunks as will do; `None` if all of them together do not."""

    async def passing(chosen: Sequence[tuple[Splice, ...]]) -> list[bool]:
        trials = await lane.try_all([apply(surface.text, each) for each in chosen])
        return [trial.passed == tests.all for trial in trials]

    if not (await passing([hunks]))[0]:
        return None
    kept = hunks
    size = max(1, len(kept) // 2)
    while True:
        parts = [kept[start : start + size] for start in range(0, len(kept), size)]
        rests = [tuple(each for each in kept if each not in part) for part in parts]
        good = [index for index, fine in enumerate(await passing(rests)) if fine]
        if good:
            kept = min((rests[index] for index in good), key=lambda rest: sum(map(_weight, rest)))
            size = min(size, max(1, len(kept) // 2))
        elif size == 1:
            return apply(surface.text, kept)
        else:
            size = max(1, size // 2)
        if not kept:
            return surface.text


def _weight(splice: Splice) -> int:
    return len(splice.text) + splice.stop - splice.start
