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


def run_script(path: str, arguments: list[str]) -> None:
    """Run a file as a script, in this process.

    Raises:
        Invalid: it ended with a status other than 0.
    """
    with open(path, encoding="utf-8") as stream:
        source = stream.read()
    module = sys.modules["__main__"]
    module.__dict__.update(__file__=path, __name__="__main__")
    sys.argv = [path, *arguments]
    try:
        exec(compile(source, path, "exec", dont_inherit=True), module.__dict__)
    except SystemExit as end:
        if end.code not in (None, 0):
            raise Invalid(f"the evaluator ended with status {end.code!r}") from None


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
