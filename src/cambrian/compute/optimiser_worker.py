"""The optimiser's process: answers framed JSON requests until its input ends. Never imported by the engine.

A request is ``["ask", sessions, key, dimension, seed]`` or ``["tell", sessions, key, point, gain or null]``.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections import OrderedDict
from collections.abc import Sequence
from types import ModuleType
from typing import Any, BinaryIO, cast

import msgspec

from .optimiser import Reply

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when numpy is loaded; the matrices are tiny
os.environ.setdefault("OMP_NUM_THREADS", "1")
_modules = cast("dict[str, ModuleType | None]", sys.modules)
for _optional in ("scipy", "matplotlib"):  # cma can do without; with scipy.stats its import takes 2.4 CPU s, not 0.4
    _modules.setdefault(_optional, None)
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # cma warns that it cannot plot
    import cma
    import numpy as np
    from numpy.typing import NDArray

_STEP = 0.3
_HALVED = 0.5


class Search:
    """One CMA-ES search whose state is a function of what it was told (Hansen 2016, arXiv 1604.00772).

    `cma` normally ties tells to asks; here sampling is done beside it, so that an ask leaves no trace. A generation is
    complete when enough points were told, whoever drew them and from whichever earlier distribution.

    Args:
        dimension: number of coordinates. `cma` needs two; a single one gets an idle companion.
    """

    def __init__(self, dimension: int) -> None:
        self.dimension = dimension
        self._inner = max(2, dimension)
        # `cma` has no complete types; its objects stay within this class.
        self._strategy: Any = cma.CMAEvolutionStrategy([0.0] * self._inner, _STEP, {"verbose": -9, "seed": 1})
        self._told: list[tuple[list[float], float | None]] = []

    def ask(self, seed: int) -> list[float]:
        """A point of the present distribution."""
        normal = np.random.default_rng(seed).standard_normal(self._inner)
        moved = cast("NDArray[np.float64]", self._strategy.sm.transform(normal))
        point = self._strategy.mean + self._strategy.sigma * self._strategy.sigma_vec.scaling * moved
        return cast("list[float]", point.tolist())[: self.dimension]

    def tell(self, point: Sequence[float], gain: float | None) -> None:
        """Keep an outcome; with the last of a generation, move the distribution."""
        if len(point) != self.dimension:
            raise ValueError(f"a point of {len(point)!r} coordinates was told to a search of {self.dimension!r}")
        self._told.append(([*point, *[0.0] * (self._inner - self.dimension)], gain))
        if len(self._told) >= self._strategy.popsize:
            told, self._told = self._told, []
            self._move(told)

    def _move(self, told: Sequence[tuple[list[float], float | None]]) -> None:
        if all(gain is None for _, gain in told):
            self._strategy.sigma *= _HALVED  # nothing to rank: look closer to where something worked
            return
        np.random.seed(1)
        self._strategy.ask()  # the strategy insists on it; the points are not used
        self._strategy.sent_solutions.clear()
        self._strategy.tell([np.array(point) for point, _ in told], ranks([gain for _, gain in told]))


def ranks(gains: Sequence[float | None]) -> list[float]:
    """Ranks from 0 for the best; equals share a rank; a failure ranks below every number."""
    order = sorted({gain for gain in gains if gain is not None}, reverse=True)
    return [float(len(order)) if gain is None else float(order.index(gain)) for gain in gains]


class Searches:
    """The searches of one process, by key."""

    def __init__(self) -> None:
        self._open: OrderedDict[str, Search] = OrderedDict()

    def answer(self, request: Sequence[Any]) -> Reply:
        """Answer one request; an unknown one is an error in the reply."""
        match request:
            case ["ask", _, key, dimension, seed]:
                return Reply(point=(self._open.get(key) or Search(dimension)).ask(seed))
            case ["tell", sessions, key, point, gain]:
                search = self._open.setdefault(key, Search(len(point))) if key not in self._open else self._open[key]
                search.tell(point, gain)
                self._open.move_to_end(key)
                while len(self._open) > sessions:
                    self._open.popitem(last=False)
                return Reply()
            case _:
                return Reply(error=f"request {request!r} is not understood")


def main() -> None:
    """Serve until the input ends."""
    source = sys.stdin.buffer
    sink = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not get between the frames
    searches = Searches()
    while (head := source.read(4)) and len(head) == 4:
        request = msgspec.json.decode(source.read(int.from_bytes(head, "big")), type=list[Any])
        _send(sink, _answer(searches, request))


def _answer(searches: Searches, request: Sequence[Any]) -> Reply:
    try:
        return searches.answer(request)
    except Exception as error:  # noqa: BLE001 - the worker's loop: its owner is told, whatever it was
        return Reply(error=f"{type(error).__name__}: {error}")


def _send(sink: BinaryIO, reply: Reply) -> None:
    data = msgspec.json.encode(reply)
    sink.write(len(data).to_bytes(4, "big") + data)
    sink.flush()


if __name__ == "__main__":
    main()
