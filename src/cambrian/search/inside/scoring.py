"""Runs in a scorer's jail: loads a task's evaluator and confers scores. Standard library and the core codec only.

What candidates gave arrives as bytes and is decoded here, under this jail's limits. Every answer is a dict with one of

- ``ok``: the value asked for,
- ``rejected``: why the scorer turned the answer down (it raised `ValueError` or `AssertionError`), and in callable mode
  ``input``: the number of the shortest input with a wrong answer,
- ``fault``: what went wrong in the scorer itself: type, message, file, line.
"""

from __future__ import annotations

import importlib.util
import math
import random
import sys
import traceback
from pathlib import Path
from types import ModuleType
from typing import Any, cast

from cambrian.core.codec import decode, encode
from cambrian.verify.inside.behaviour import Behaviour, Unfit, behaviour_difference, read_behaviour, told
from cambrian.verify.inside.carriage import carried

Answer = dict[str, object]
_LOADED: dict[str, Any] = {}


def handle(operation: str, *arguments: object) -> Answer:
    """Answer one message of the engine."""
    try:
        return {"ok": _OPERATIONS[operation](*arguments)}
    except (ValueError, AssertionError) as error:
        if operation in ("open", "inputs"):
            return {"fault": _fault(error)}
        told: Answer = {"rejected": str(error) or type(error).__name__}
        return {**told, "input": error.input} if isinstance(error, _Wrong) else told
    except Exception as error:  # noqa: BLE001 - a request handler's boundary: whatever the scorer raises is reported
        return {"fault": _fault(error)}


class _Wrong(ValueError):
    """Answers are not what they should be; `input` is the number of the shortest input among theirs."""

    def __init__(self, message: str, input: int) -> None:
        super().__init__(message)
        self.input = input


class _ScorerFault(Exception):
    """The scorer gave something that is no score."""


def _open(folder: str, evaluator: str) -> object:
    path = Path(folder) / evaluator
    sys.path.insert(0, folder)
    spec = importlib.util.spec_from_file_location("evaluate", path)
    if spec is None or spec.loader is None:
        raise _ScorerFault(f"{evaluator!r} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules["evaluate"] = module
    spec.loader.exec_module(module)
    _LOADED.clear()
    _LOADED["module"] = module
    return sorted(name for name in ("score", "inputs", "expected", "check") if callable(getattr(module, name, None)))


def _decoded(payload: bytes) -> object:
    """What a candidate gave. That it cannot be read is the candidate's fault, whatever the reason.

    Raises:
        ValueError: it cannot be read.
    """
    try:
        return decode(payload)
    except (ValueError, MemoryError, OverflowError) as error:
        raise ValueError(f"the answer cannot be read: {type(error).__name__}: {error}") from None


def _module() -> ModuleType:
    return cast("ModuleType", _LOADED["module"])


def _inputs(seed: int) -> object:
    given = list(_module().inputs(random.Random(seed)))
    for index, item in enumerate(given):
        if not isinstance(item, tuple):
            raise _ScorerFault(
                f"inputs() gave {type(item).__name__} {item!r:.60} at {index}; give a list of tuples of arguments"
            )
    if not given:
        raise _ScorerFault("inputs() gave no input; give at least one tuple of arguments")
    _LOADED["inputs"] = given
    encoded = [encode(item) for item in given]
    _LOADED["sizes"] = [len(item) for item in encoded]
    return encoded


def _score(payloads: list[bytes], primary: str) -> object:
    artifacts = [_decoded(payload) for payload in payloads]
    if "inputs" in _LOADED:
        result = _module().score(artifacts, _LOADED["inputs"])
    else:
        [artifact] = artifacts
        result = _module().score(artifact)
    return _normal(result, primary)


def _normal(result: object, primary: str) -> dict[str, object]:
    given = cast("dict[object, object]", result) if isinstance(result, dict) else {primary: result}
    numbers: dict[str, float] = {}
    feedback = ""
    for name, value in given.items():
        if name == "feedback":
            feedback = str(value)[:4000]
            continue
        numbers[str(name)] = _number(str(name), value)
    return {"numbers": numbers, "feedback": feedback}


def _number(name: str, value: object) -> float:
    if hasattr(value, "dtype") and hasattr(value, "item"):
        value = cast("Any", value).item()
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise _ScorerFault(
            f"score() gave {value!r:.60} for {name!r}; give a number, or raise ValueError to reject the answer"
        )
    if not math.isfinite(value):
        raise _ScorerFault(
            f"score() gave {float(value)!r} for {name!r}; only finite numbers can rank: raise ValueError to reject"
        )
    return float(value)


def _compare(
    answers: list[tuple[bool, bytes]], references: list[tuple[bool, bytes]], policy: dict[str, object], captured: bool
) -> object:
    """Tell of the first answer that is not the same as it should be; else the number compared."""
    return _compared(_LOADED["inputs"], _LOADED["sizes"], answers, references, policy, captured)


def _compare_cases(
    cases: list[bytes], answers: list[tuple[bool, bytes]], references: list[tuple[bool, bytes]],
    policy: dict[str, object], captured: bool,
) -> object:  # fmt: skip
    """As `_compare`, for inputs that were made for other candidates."""
    inputs = [cast("tuple[object, ...]", decode(case)) for case in cases]
    return _compared(inputs, list(map(len, cases)), answers, references, policy, captured)


def _compared(
    inputs: list[tuple[object, ...]], sizes: list[int], answers: list[tuple[bool, bytes]],
    references: list[tuple[bool, bytes]], policy: dict[str, object], captured: bool,
) -> int:  # fmt: skip
    found: list[tuple[int, str]] = []
    for index, (raised, payload) in enumerate(answers):
        try:
            got = _behaviour(raised, payload, captured)
            wrong = _wrong(inputs[index], got, references[index], policy, captured)
        except (ValueError, AssertionError) as error:
            wrong = str(error) or type(error).__name__
        if wrong:
            found.append((index, wrong))
    if found:
        index, wrong = found[0]
        shortest = min(found, key=lambda item: sizes[item[0]])[0]
        raise _Wrong(f"{wrong} (input {index}: {inputs[index]!r:.200})", shortest)
    return len(answers)


def _behaviour(raised: bool, payload: bytes, captured: bool) -> Behaviour:
    """What a candidate did. That it cannot be read is the candidate's fault, whatever the reason.

    Raises:
        ValueError: it cannot be read.
    """
    try:
        return read_behaviour(raised, payload, captured=captured)
    except (ValueError, MemoryError, OverflowError) as error:
        raise ValueError(f"the answer cannot be read: {type(error).__name__}: {error}") from None


def _wrong(
    arguments: tuple[object, ...], got: Behaviour, reference: tuple[bool, bytes], policy: dict[str, object],
    captured: bool,
) -> str | None:  # fmt: skip
    module = _module()
    oracle = next((name for name in ("check", "expected") if hasattr(module, name)), None)
    if oracle and got.kind != "answer":
        return f"it raised {told(got)}"
    if oracle == "check":
        return _checked(module.check(arguments, got.value))
    if oracle == "expected":
        policy = {**policy, "mutation": "ignore", "output": False}  # there is nothing to compare them with
        return _difference(Behaviour("answer", _expected(module, arguments)), got, policy)
    return _difference(read_behaviour(*reference, captured=captured), got, policy)


def _difference(expected: Behaviour, got: Behaviour, policy: dict[str, object]) -> str | None:
    try:
        return behaviour_difference(expected, got, policy)
    except Unfit as error:
        raise _ScorerFault(
            f"what the initial program answers cannot be compared: {error}; let it answer plain values, or allow "
            f'objects with objects = "state" under [equivalence]'
        ) from None


def _checked(verdict: object) -> str | None:
    return None if verdict is None or verdict is True else f"check() said {verdict!r:.200}"


def _expected(module: ModuleType, arguments: tuple[object, ...]) -> object:
    """The reference answer as it would look had it crossed the border too."""
    try:
        return decode(encode(carried(module.expected(*arguments))), shapes=True)
    except (ValueError, AssertionError) as error:
        raise _ScorerFault(f"expected() failed for {arguments!r:.100}: {type(error).__name__}: {error}") from error


def _fault(error: BaseException) -> dict[str, object]:
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if not frame.filename.endswith("scoring.py")]
    place = (own or frames)[-1] if frames else None
    return {
        "type": "" if isinstance(error, _ScorerFault) else type(error).__name__,
        "message": str(error)[:2000],
        "file": place.filename if place and own else "",
        "line": (place.lineno or 0) if place and own else 0,
    }


_OPERATIONS: dict[str, Any] = {"open": _open, "inputs": _inputs, "score": _score, "compare": _compare}
_OPERATIONS["compare_cases"] = _compare_cases
