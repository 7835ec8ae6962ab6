"""`run_shinka_eval`: runs a function of the candidate several times, validates, aggregates, writes two JSON files.

Early stopping is not offered (every run is done, which changes no score that is reached), nor are plots: they are for
people who watch, and nobody watches a jail.
"""

from __future__ import annotations

import importlib.util
import json
import math
import os
import time
import traceback
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any, cast

Metrics = dict[str, object]
Validate = Callable[[object], "tuple[bool, str | None]"]


def run_shinka_eval(
    program_path: str,
    results_dir: str,
    experiment_fn_name: str,
    num_runs: int,
    get_experiment_kwargs: Callable[[int], dict[str, object]] | None = None,
    aggregate_metrics_fn: Callable[[list[object]], Metrics] | None = None,
    validate_fn: Validate | None = None,
    plotting_fn: object = None,
    default_metrics_on_error: Metrics | None = None,
    *,
    run_workers: int = 1,
    max_workers_cap: int | None = None,
    **early_stop: object,
) -> tuple[Metrics, bool, str | None]:
    """Evaluate a candidate and write ``metrics.json`` and ``correct.json``.

    Args:
        program_path: the candidate's file.
        results_dir: where the two files go.
        experiment_fn_name: the candidate's function.
        num_runs: how often it is called.
        get_experiment_kwargs: run number → arguments; by default ``{"seed": number + 1}``.
        aggregate_metrics_fn: results → metrics; it gives ``combined_score``.
        validate_fn: result → (whether it counts, why not).
        plotting_fn: not called.
        default_metrics_on_error: metrics if the candidate raises.
        run_workers: processes that share the runs.
        max_workers_cap: at most so many.
        early_stop: not used; see the module.

    Returns:
        The metrics, whether the candidate is correct, the first error.
    """
    del plotting_fn, early_stop
    arguments: list[dict[str, object]] = [
        get_experiment_kwargs(run) if get_experiment_kwargs else {"seed": run + 1} for run in range(num_runs)
    ]
    workers = min(run_workers, max_workers_cap or run_workers, max(1, num_runs))
    error: str | None = None
    try:
        results, seconds = _runs(program_path, experiment_fn_name, arguments, workers)
        metrics = aggregate_metrics_fn(results) if aggregate_metrics_fn else {"num_successful_runs": len(results)}
        mean = sum(seconds) / max(1, len(seconds))
        spread = math.sqrt(sum((item - mean) ** 2 for item in seconds) / max(1, len(seconds)))
        metrics |= {"execution_time_mean": mean, "execution_time_std": spread}
        if validate_fn is not None:
            error = _validated(validate_fn, results, metrics)
        error = error or _not_finite(metrics)
    except Exception as failure:  # noqa: BLE001 - a request handler's boundary: the contract is to write what happened
        traceback.print_exc()
        metrics = {"combined_score": 0.0, **(default_metrics_on_error or {})}
        error = f"{type(failure).__name__}: {failure}"
    metrics.pop("extra_data", None)
    save_json_results(results_dir, metrics, error is None, error)
    return metrics, error is None, error


def save_json_results(results_dir: str, metrics: Mapping[str, object], correct: bool, error: str | None = None) -> None:
    """Write the two files."""
    os.makedirs(results_dir, exist_ok=True)
    for name, content in (("correct.json", {"correct": correct, "error": error}), ("metrics.json", metrics)):
        with open(os.path.join(results_dir, name), "w", encoding="utf-8") as stream:
            json.dump(content, stream, indent=2, default=_plain)


def load_program(program_path: str) -> ModuleType:
    """The candidate's module."""
    spec = importlib.util.spec_from_file_location("program", program_path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{program_path!r} is no Python file")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _runs(path: str, name: str, arguments: list[dict[str, object]], workers: int) -> tuple[list[object], list[float]]:
    if workers > 1 and len(arguments) > 1:
        from concurrent.futures import ProcessPoolExecutor  # only here: most evaluators have one worker

        with ProcessPoolExecutor(max_workers=workers) as pool:
            pairs = list(pool.map(_timed_apart, [path] * len(arguments), [name] * len(arguments), arguments))
    else:
        function = getattr(load_program(path), name)
        pairs = [_timed(function, kwargs) for kwargs in arguments]
    return [result for result, _ in pairs], [seconds for _, seconds in pairs]


def _timed_apart(path: str, name: str, kwargs: dict[str, object]) -> tuple[object, float]:
    return _timed(getattr(load_program(path), name), kwargs)


def _timed(function: Callable[..., object], kwargs: dict[str, object]) -> tuple[object, float]:
    began = time.perf_counter()
    return function(**kwargs), time.perf_counter() - began


def _validated(validate: Validate, results: list[object], metrics: Metrics) -> str | None:
    """The first reason why a result does not count; how many count goes into the metrics."""
    verdicts = [validate(result) for result in results]
    reasons = [why or "no reason given" for good, why in verdicts if not good]
    metrics |= {"num_valid_runs": len(results) - len(reasons), "num_invalid_runs": len(reasons)}
    metrics["all_validation_errors"] = list(dict.fromkeys(reasons))
    return f"Validation failed: {reasons[0]}" if reasons else None


def _not_finite(metrics: Metrics) -> str | None:
    score = metrics.get("combined_score")
    if score is None or math.isfinite(float(cast("float", score))):
        return None
    return f"combined_score is {float(cast('float', score))!r}"


def _plain(value: object) -> object:
    """What JSON lacks: numpy's scalars and arrays as lists, anything else as text."""
    if hasattr(value, "tolist"):
        return cast("Any", value).tolist()
    return str(value)
