"""Runs an evaluator of another framework on one candidate, once. The process is fresh and ends afterwards.

The place is made to look as evaluators expect it: the candidate lies in a file, the current folder may be written, the
evaluator's folder is on the import path, `sys.executable` and what is usual on ``PATH`` can be started where the jail
lets processes be started, and what evaluators import of an absent framework is there (`stand_ins`).
"""

from __future__ import annotations

import importlib.util
import os
import sys
import types
from collections.abc import Callable

from . import gepa, openevolve, shinka
from .answer import Invalid, Order

CANDIDATE, RESULTS, STAND_INS = "candidate", "results", "stand_ins"
_PATH = "/usr/local/bin:/usr/bin:/bin"

Answer = dict[str, object]
_FRAMEWORKS: dict[str, Callable[[Order], Answer]] = {
    "openevolve": openevolve.evaluate,
    "shinka": shinka.evaluate,
    "gepa": gepa.evaluate,
}


def handle(
    framework: str, folder: str, evaluator: str, files: list[tuple[str, str]], options: dict[str, object]
) -> Answer:
    """Evaluate one candidate.

    Args:
        framework: whose evaluator it is.
        folder: the task's folder.
        evaluator: the evaluator's file in it.
        files: (path, text) of the candidate's files, the main one first.
        options: see `Order`.

    Returns:
        ``{"score", "numbers", "feedback"}``, or ``{"invalid", "feedback"}``: why there is no score.
    """
    here = os.getcwd()
    paths = tuple(_written(os.path.join(here, CANDIDATE), _name(path, files), text) for path, text in files)
    results = os.path.join(here, RESULTS)
    os.makedirs(results)
    _make_place(here, os.path.dirname(os.path.join(folder, evaluator)), several=len(paths) > 1)
    order = Order(framework, folder, evaluator, paths[0], paths, results, options)
    try:
        return _FRAMEWORKS[framework](order)
    except Invalid as error:
        return {"invalid": str(error), "feedback": error.feedback}


def _name(path: str, files: list[tuple[str, str]]) -> str:
    """The candidate's path. One file alone gets a name that no module beside the evaluator has.

    Evaluators import candidates by their file's name, and the program that the search began with often lies beside the
    evaluator under the very name: it would be imported in place of every candidate.
    """
    return path if len(files) > 1 else f"candidate_{os.path.basename(path)}"


def _written(folder: str, path: str, text: str) -> str:
    target = os.path.join(folder, path)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(target, "w", encoding="utf-8") as stream:
        stream.write(text)
    return target


def _make_place(here: str, folder: str, *, several: bool) -> None:
    os.environ["PATH"] = os.path.dirname(sys.executable) + ":" + _PATH
    sys.modules["__main__"] = types.ModuleType("__main__")  # else children that are spawned look for the jail's own
    sys.path.insert(0, folder)
    if several:
        sys.path.insert(0, os.path.join(here, CANDIDATE))
    absent = [name for name in _stand_ins(here) if _is_absent(name)]
    lent = [os.path.join(here, STAND_INS, name) for name in absent]
    sys.path.extend(lent)
    os.environ["PYTHONPATH"] = ":".join(lent)


def _is_absent(name: str) -> bool:
    """Whether there is no such package; a folder that merely has the name is none."""
    spec = importlib.util.find_spec(name)
    return spec is None or spec.origin is None


def _stand_ins(here: str) -> list[str]:
    folder = os.path.join(here, STAND_INS)
    return sorted(os.listdir(folder)) if os.path.isdir(folder) else []
