"""Loads an evaluator's module as its framework does, and calls its functions."""

from __future__ import annotations

import importlib.util
import inspect
import os
import sys
from collections.abc import Callable, Coroutine
from types import ModuleType
from typing import Any, cast

from .answer import Invalid, Order

MODULE = "evaluation_module"


def load(order: Order) -> ModuleType:
    """The evaluator's module, executed.

    Raises:
        Invalid: it is no Python file.
    """
    path = os.path.join(order.folder, order.evaluator)
    spec = importlib.util.spec_from_file_location(MODULE, path)
    if spec is None or spec.loader is None:
        raise Invalid(f"{order.evaluator!r} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[MODULE] = module
    spec.loader.exec_module(module)
    return module


def function_of(module: ModuleType, name: str) -> Callable[..., object]:
    """A function of the evaluator's.

    Raises:
        Invalid: there is none of that name.
    """
    found = getattr(module, name, None)
    if not callable(found):
        raise Invalid(f"the evaluator has no function {name!r}")
    return found


def result_of(value: object) -> object:
    """What a call gave; of an async function what it gives in the end."""
    if inspect.iscoroutine(value):
        import asyncio  # few evaluators are async, and it takes as long to import as all the rest

        return asyncio.run(cast("Coroutine[Any, Any, object]", value))
    return value
