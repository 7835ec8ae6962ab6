"""Tools, files: the functions of a Python file, as `--tools tools.py` names it. Runs that file, which is the user's."""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import inspect
import sys
import types
from pathlib import Path
from typing import cast

from cambrian.core.errors import TaskError

from .functions import ToolFunction, is_marked

__all__ = ["load_functions"]


def load_functions(path: Path | str) -> tuple[ToolFunction, ...]:
    """The tools of a file: what ``__all__`` names; else what `tool` has marked; else its public functions.

    Only functions that the file itself defines count, in their order there, unless ``__all__`` or a mark says so.

    Raises:
        TaskError: there is no such file, it cannot be loaded, or there is no function in it.
    """
    file = Path(path)
    module = _load(file)
    names = getattr(module, "__all__", None)
    functions = _named(module, file, names) if names is not None else _public(module)
    if not functions:
        raise TaskError(
            "there is no public function in it",
            path=str(file),
            fix="define one, such as: def add(a: int, b: int) -> int",
        )
    return tuple(functions)


def _load(file: Path) -> types.ModuleType:
    if not file.is_file():
        raise TaskError("there is no such file", path=str(file), fix="name a Python file with functions")
    name = f"cambrian_tools_{hashlib.sha256(str(file.resolve()).encode()).hexdigest()[:12]}"
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise TaskError("it is no Python file", path=str(file), fix="its name must end in .py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses and get_type_hints look their module up there
    folder = str(file.resolve().parent)
    sys.path.insert(0, folder)  # as `python tools.py` does, for what it imports from beside it
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        del sys.modules[name]
        raise TaskError(
            f"it cannot be loaded: {type(error).__name__}: {error}",
            path=str(file),
            line=_line(error, file),
            fix=f"`python {file.name}` in its folder must work",
        ) from error
    finally:
        sys.path.remove(folder)
        if folder not in sys.path:
            sys.path.append(folder)  # for imports inside functions; last, where it hides nothing
    return module


def _line(error: BaseException, file: Path) -> int | None:
    """The line of the file at which it failed."""
    if isinstance(error, SyntaxError):
        return error.lineno
    found: int | None = None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == str(file):
            found = trace.tb_lineno
        trace = trace.tb_next
    return found


def _named(module: types.ModuleType, file: Path, names: object) -> list[ToolFunction]:
    found: list[ToolFunction] = []
    for name in cast("list[object]", names):
        each = getattr(module, str(name), None)
        if not callable(each):
            raise TaskError(
                f"__all__ names {name!r}, which is no function of it",
                path=str(file),
                line=_assignment(file, "__all__"),
                fix="define it, or take it out of __all__",
            )
        found.append(each)
    return found


def _assignment(file: Path, name: str) -> int | None:
    """The line in which a name is first assigned at top level."""
    for node in ast.parse(file.read_bytes()).body:
        names = [each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)]
        if name in names:
            return node.lineno
    return None


def _public(module: types.ModuleType) -> list[ToolFunction]:
    items = list(vars(module).items())
    marked = [each for _, each in items if callable(each) and is_marked(each)]
    if marked:
        return list(dict.fromkeys(marked))
    return [
        each
        for name, each in items
        if inspect.isfunction(each) and each.__module__ == module.__name__ and not name.startswith("_")
    ]
