"""Sandbox, inside, drivers: speaks for Monty. One process of Monty's binary in this jail serves many scripts.

Each script has a session of its own, of which nothing is left afterwards. Monty holds itself to the script's memory and
time; whatever it does when they are used up, its process is not used again: this one ends, and its jail with it.

What Monty asks for is answered here (clock, sleep, random bytes, names of tools), waits for the host (calls), or is a
gap (files, environment, modules and names that only CPython has).
"""

from __future__ import annotations

from typing import Any

from pydantic_monty import Monty

from . import turns
from .engine import BINARY
from .monty_run import Run
from .monty_state import State
from .monty_variables import variables

__all__ = ["step"]

_TURN_S = 86400.0  # the host's limit is far below
_PROCESSES = 2  # a script's, and a second one while its variables are looked at


def _started() -> Monty:
    pool = Monty(binary_path=BINARY, min_processes=1, max_processes=_PROCESSES, request_timeout=_TURN_S)
    return pool.__enter__()


_POOL = _started()
_runs: list[Run] = []
"""The script that is being run, if any."""


def step(request: dict[str, Any]) -> dict[str, object]:
    """Answer one request; see `sandbox/scripts/port.py` for what there is."""
    ask = request["ask"]
    if ask == "snapshot":
        return {"snapshot": _runs[-1].snapshot()}
    if ask == "inspect":
        return _inspected(_runs[-1])
    if ask == "resume":
        run = _runs[-1]
        return run.said(run.resume(request["answers"], request["now"]))
    _end()
    return _begin(request) if ask == "begin" else _restore(request)


def _end() -> None:
    while _runs:
        _runs.pop().leave()


def _begin(request: dict[str, Any]) -> dict[str, object]:
    state = State(
        name=request["name"],
        code=request["code"],
        tools=request["tools"],
        inputs=list(request["inputs"]),
        seed=request["seed"],
        now=request["now"],
    )
    run = _run(state, request)
    return run.said(run.begin(request["inputs"], request.get("prelude", "")))


def _restore(request: dict[str, Any]) -> dict[str, object]:
    state, engine = State.unpack(request["snapshot"])
    state.now = max(state.now, request["now"])
    run = _run(state, request)
    return run.said(run.restore(engine))


def _run(state: State, request: dict[str, Any]) -> Run:
    run = Run(_POOL, state, output=request["output"], memory=request["memory"], wall=request["wall"])
    _runs.append(run)
    return run


def _inspected(run: Run) -> dict[str, object]:
    dump = run.dump()
    return turns.inspected(variables(_POOL, dump, run.state.code) if dump else {})
