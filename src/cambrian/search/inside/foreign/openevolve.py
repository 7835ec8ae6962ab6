"""OpenEvolve's and SkyDiscover's contract: ``evaluate(program_path)`` gives a dict, or an object with metrics.

With a cascade, ``evaluate_stage1`` to ``3`` are called in turn, each if the ones before it reach a threshold. What
ranks is ``combined_score``, else the mean of the other numbers (flags and MAP-Elites features left out), as they do
it. Unlike there, an exception, a missing or a non-finite score is a failure and not a score of 0.
"""

from __future__ import annotations

import contextlib
import io
import json
import math
import os
import traceback
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import cast

from .answer import Invalid, Order, answer, number, text
from .loading import function_of, load, result_of, run_script

OBJECTIVE = "combined_score"
_STAGES = ("evaluate_stage1", "evaluate_stage2", "evaluate_stage3")
Metrics = dict[str, object]


def evaluate(order: Order) -> dict[str, object]:
    """Call the evaluator on the candidate's file."""
    if order.options.get("script"):
        metrics, words = _printed(order)
        return _answered(order, metrics, words)
    module = load(order)
    if order.options.get("cascade") and hasattr(module, _STAGES[0]):
        thresholds = cast("Sequence[float]", order.options.get("thresholds", ()))
        metrics, words = _cascade(module, order.program, thresholds)
    else:
        metrics, words = _taken_apart(result_of(function_of(module, "evaluate")(order.program)))
    return _answered(order, metrics, words)


def _answered(order: Order, metrics: Metrics, words: Metrics) -> dict[str, object]:
    if not metrics:
        raise Invalid("the evaluator gave no metrics", text(words))
    ignored = cast("Sequence[str]", order.options.get("ignored", ()))
    rest = {name: value for name, value in metrics.items() if name != OBJECTIVE}
    return answer(OBJECTIVE, _score(metrics, ignored, words), rest, words)


def _printed(order: Order) -> tuple[Metrics, Metrics]:
    """What an evaluator of SkyDiscover's containers prints: one JSON object, after whatever the program prints."""
    with contextlib.redirect_stdout(io.StringIO()) as heard:
        run_script(os.path.join(order.folder, order.evaluator), [order.program])
    said = heard.getvalue().strip()
    result = next((found for part in (said, said.rpartition("\n")[2]) if (found := _object(part))), None)
    if result is None:
        raise Invalid(f"the evaluator printed no JSON object, but {said[-200:]!r}")
    metrics, words = _taken_apart(result)
    if (status := result.get("status", "success")) != "success":
        raise Invalid(f"the evaluator says {status!r}: {words.get('error', 'no reason given')}"[:2000], text(words))
    return metrics, words


def _object(said: str) -> Metrics | None:
    try:
        found = json.loads(said)
    except (ValueError, RecursionError):
        return None
    return cast("Metrics", found) if isinstance(found, dict) else None


def _taken_apart(result: object) -> tuple[Metrics, Metrics]:
    """Metrics and artifacts of what a function of the evaluator's gave; metrics may lie one deeper."""
    if isinstance(result, Mapping):
        metrics = dict(cast("Mapping[str, object]", result))
        inner, deeper = metrics.pop("artifacts", None), metrics.pop("metrics", None)
        if isinstance(deeper, Mapping):
            metrics = {**cast("Mapping[str, object]", deeper), **metrics}
        return metrics, dict(cast("Mapping[str, object]", inner)) if isinstance(inner, Mapping) else {}
    metrics, artifacts = getattr(result, "metrics", None), getattr(result, "artifacts", None)
    if not isinstance(metrics, Mapping):
        raise Invalid(f"the evaluator gave {type(result).__name__} {result!r:.100}; a dict of metrics is wanted")
    words = dict(cast("Mapping[str, object]", artifacts)) if isinstance(artifacts, Mapping) else {}
    return dict(cast("Mapping[str, object]", metrics)), words


def _cascade(module: ModuleType, program: str, thresholds: Sequence[float]) -> tuple[Metrics, Metrics]:
    metrics, words = _taken_apart(result_of(function_of(module, _STAGES[0])(program)))
    for stage, threshold in zip(_STAGES[1:], thresholds, strict=False):
        if not hasattr(module, stage) or not _passes(metrics, threshold):
            break
        try:
            more, said = _taken_apart(result_of(function_of(module, stage)(program)))
        except Exception as error:  # noqa: BLE001 - a plug-in's boundary: as they do, what the stages before gave stays
            words |= {f"{stage} failed": "".join(traceback.format_exception(error))}
            return {**metrics, f"{stage.removeprefix('evaluate_')}_passed": 0.0}, words
        metrics |= {name: value for name, value in more.items() if name != "error"}
        words |= said
    return metrics, words


def _passes(metrics: Metrics, threshold: float) -> bool:
    if OBJECTIVE in metrics:
        score = number(metrics[OBJECTIVE])
    else:
        score = _mean([value for name, value in metrics.items() if name != "error"])
    return score is not None and score >= threshold


def _score(metrics: Metrics, ignored: Sequence[str], words: Metrics) -> object:
    if OBJECTIVE in metrics:
        return metrics[OBJECTIVE]
    mean = _mean([value for name, value in metrics.items() if name not in ignored])
    mean = _mean(list(metrics.values())) if mean is None else mean
    if mean is None:
        raise Invalid(f"the evaluator gave no {OBJECTIVE!r} and no other number, but {sorted(metrics)!r}", text(words))
    return mean


def _mean(values: Sequence[object]) -> float | None:
    numbers = [measured for measured in map(number, values) if measured is not None]
    if not all(map(math.isfinite, numbers)):
        return math.nan
    return math.fsum(numbers) / len(numbers) if numbers else None
