"""GEPA's contract: ``evaluator(candidate[, example])`` gives a score, or a score with side information.

The candidate is a text, or a dict of texts by name. With a dataset the evaluator is called for each example, and the
mean ranks. What it logs with ``oa.log`` is kept as feedback.
"""

from __future__ import annotations

import inspect
import json
import math
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import cast

from .answer import Invalid, Order, answer, number
from .loading import function_of, load, result_of

OBJECTIVE = "score"
_LOGGED = "__cambrian_logged__"
"""Where the stand-in for ``gepa.optimize_anything`` keeps what is logged."""


def evaluate(order: Order) -> dict[str, object]:
    """Call the evaluator for each example, or once if there are none."""
    module = load(order)
    function = function_of(module, str(order.options.get("function", "evaluate")))
    candidate = _candidate(order)
    extra = {"opt_state": SimpleNamespace(best_example_evals=[])} if _takes(function, "opt_state") else {}
    dataset = str(order.options.get("dataset", ""))
    if not dataset:
        score, words = _one(function(candidate, **extra))
        return answer(OBJECTIVE, score, *_parted(words))
    return _mean(function, candidate, _examples(module, order, dataset), extra)


def _mean(
    function: Callable[..., object], candidate: object, examples: Sequence[object], extra: Mapping[str, object]
) -> dict[str, object]:
    scores: list[float] = []
    worst: tuple[float, dict[str, object]] = math.inf, {}
    for index, example in enumerate(examples):
        score, words = _one(function(candidate, example=example, **extra))
        value = number(score)
        if value is None or not math.isfinite(value):
            raise Invalid(f"for example {index} the score is {score!r:.100}; only finite numbers can rank")
        scores.append(value)
        worst = min(worst, (value, {"worst example": index, **words}), key=lambda item: item[0])
    numbers, words = _parted(worst[1])
    return answer(OBJECTIVE, math.fsum(scores) / len(scores), {"examples": len(scores), **numbers}, words)


def _candidate(order: Order) -> str | dict[str, str]:
    texts = [Path(path).read_text(encoding="utf-8") for path in order.files]
    names = cast("Sequence[str]", order.options.get("components", ()))
    if not names:
        return texts[0]
    return dict(zip(names, texts, strict=True))


def _takes(function: Callable[..., object], name: str) -> bool:
    return name in inspect.signature(function).parameters


def _one(result: object) -> tuple[object, dict[str, object]]:
    """Score and side information of one call, with what was logged meanwhile."""
    score, info = result_of(result), None
    if isinstance(score, tuple):
        pair = cast("tuple[object, ...]", score)
        score, info = (pair[0], pair[1]) if len(pair) == 2 else (pair, None)
    words: dict[str, object] = {} if info is None else {"info": info}
    if isinstance(info, Mapping):
        words = dict(cast("Mapping[str, object]", info))
    logged = cast("list[str]", getattr(sys.modules.get("gepa.optimize_anything"), _LOGGED, []))
    if logged:
        words.setdefault("log", "\n".join(logged))
        logged.clear()
    return score, words


def _parted(words: Mapping[str, object]) -> tuple[dict[str, object], dict[str, object]]:
    """Numbers (also those under ``scores``, where GEPA keeps objectives) and the rest."""
    inner = words.get("scores")
    numbers = dict(cast("Mapping[str, object]", inner)) if isinstance(inner, Mapping) else {}
    numbers |= {name: value for name, value in words.items() if number(value) is not None}
    return numbers, {name: value for name, value in words.items() if name not in numbers and value is not inner}


def _examples(module: ModuleType, order: Order, name: str) -> list[object]:
    if name.endswith((".json", ".jsonl")):
        text = Path(order.folder, os.path.dirname(order.evaluator), name).read_text(encoding="utf-8")
        lines = [line for line in text.splitlines() if line.strip()]
        found: object = [json.loads(line) for line in lines] if name.endswith(".jsonl") else json.loads(text)
    else:
        found = getattr(module, name, None)
        found = found() if callable(found) else found
    if not isinstance(found, Iterable) or isinstance(found, str | bytes | dict):
        kind = type(cast("object", found)).__name__
        raise Invalid(f"the dataset {name!r} is {kind}; a list of examples is wanted")
    examples = list(cast("Iterable[object]", found))
    if not examples:
        raise Invalid(f"the dataset {name!r} is empty")
    return examples
