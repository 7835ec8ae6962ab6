"""ShinkaEvolve's contract: ``main(program_path, results_dir)`` writes ``metrics.json`` and ``correct.json``.

An evaluator that is a script is run as one, with ``--program_path`` and ``--results_dir``, as ShinkaEvolve starts it;
without that part its ``main`` is called. An evaluator that writes no ``correct.json`` may say ``correct`` in
``metrics.json`` instead.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from .answer import Invalid, Order, answer, text
from .loading import function_of, load, result_of, run_script

OBJECTIVE = "combined_score"
_MOST = 16 * 2**20


def evaluate(order: Order) -> dict[str, object]:
    """Call the evaluator and read what it wrote."""
    path = os.path.join(order.folder, order.evaluator)
    source = Path(path).read_text(encoding="utf-8")
    if "__main__" in source:
        _run(path, order)
    else:
        result_of(function_of(load(order), "main")(order.program, order.results))
    verdict = _read(order.results, "metrics.json" if _is_one_file(order.results) else "correct.json")
    if not verdict.get("correct"):
        why = verdict.get("error") or verdict.get("details") or "no reason given"
        raise Invalid(f"not correct: {why}"[:2000], _said(order.results))
    metrics = _read(order.results, "metrics.json")
    if OBJECTIVE not in metrics:
        raise Invalid(f"metrics.json has no {OBJECTIVE!r}, it has {sorted(metrics)!r}"[:2000])
    words = {"feedback": metrics.pop("text_feedback", "")}
    score = metrics.pop(OBJECTIVE)
    return answer(OBJECTIVE, score, _flat(metrics), words)


def _run(path: str, order: Order) -> None:
    try:
        run_script(path, ["--program_path", order.program, "--results_dir", order.results])
    except Invalid as error:
        raise Invalid(str(error), _said(order.results)) from None


def _is_one_file(folder: str) -> bool:
    """Whether the verdict stands in ``metrics.json``, where some evaluators put it, and nowhere else."""
    if os.path.exists(os.path.join(folder, "correct.json")) or not os.path.exists(os.path.join(folder, "metrics.json")):
        return False
    return isinstance(_read(folder, "metrics.json").get("correct"), bool)


def _read(folder: str, name: str) -> dict[str, object]:
    path = os.path.join(folder, name)
    if not os.path.isfile(path):
        raise Invalid(f"the evaluator wrote no {name} into results_dir; it wrote {sorted(os.listdir(folder))!r}")
    if os.path.getsize(path) > _MOST:
        raise Invalid(f"{name} is larger than {_MOST} bytes")
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise Invalid(f"{name} is no JSON: {error}") from None
    if not isinstance(content, dict):
        raise Invalid(f"{name} holds {type(content).__name__}; an object is wanted")
    return cast("dict[str, object]", content)


def _said(folder: str) -> str:
    """What a failed evaluation says for the next attempt, if it got so far."""
    try:
        metrics = _read(folder, "metrics.json")
    except Invalid:
        return ""
    return text({"feedback": metrics.get("text_feedback", ""), "errors": metrics.get("all_validation_errors", "")})


def _flat(metrics: Mapping[str, object]) -> dict[str, object]:
    """Public and private numbers side by side, ``public.x``."""
    flat: dict[str, object] = {}
    for name, value in metrics.items():
        if isinstance(value, dict):
            inner = cast("dict[str, object]", value)
            flat.update({f"{name}.{key}": item for key, item in inner.items()})
        else:
            flat[name] = value
    return flat
