"""Which modules a jail imports before it closes, so that each launch finds them there. Pure but for look-ups."""

from __future__ import annotations

import ast
import importlib.util
import sys
from collections.abc import Iterable

import msgspec

from .task import Task

_NUMERIC = ("numpy", "scipy.optimize")
"""What programs made by the optimiser templates import."""
_FRAMEWORKS = {"cambrian", "gepa", "openevolve", "shinka", "skydiscover", "antigravity", "this", "__main__"}
"""Never imported ahead: frameworks start threads and read settings; two modules of the library act on import."""


class Preloads(msgspec.Struct, frozen=True, kw_only=True):
    """Modules for a candidate's jail and for the scorer's."""

    program: tuple[str, ...]
    scorer: tuple[str, ...]


def preloads(task: Task) -> Preloads:
    """What the task's own text imports, what it names, and, with a ``problem.py``, what templates import."""
    own = {path.removesuffix(".py").replace("/", ".").split(".")[0] for path in task.program}
    program = [name for text in task.program.values() for name in imported(text)]
    numeric = _NUMERIC if task.problem is not None else ()
    return Preloads(
        program=_known((*task.imports, *numeric, *program), own),
        scorer=_known(imported(task.evaluator_text), set()),
    )


def foreign_preloads(task: Task) -> tuple[str, ...]:
    """For an evaluator of another framework, which shares a jail with the program: what either imports.

    Such evaluators guard imports with ``try``, so only what surely imports is taken: top-level packages, what is
    imported without a guard at the top of a file, and the numeric modules that programs of Cambrian's own take too.
    What lies in the task's folder is the evaluator's own.
    """
    texts = (task.evaluator_text, *task.program.values())
    names = [name for text in texts for name in imported(text)]
    bare = {name for text in texts for name in imported(text, bare=True)}
    whole = [name if name in bare or _surely(name) else name.partition(".")[0] for name in names]
    folder = (task.path / task.evaluator).parent
    roots = {name.partition(".")[0] for name in whole}
    own = {root for root in roots if (folder / root).exists() or (folder / f"{root}.py").exists()} | _FRAMEWORKS
    return _known((*task.imports, *whole), own)


def _surely(name: str) -> bool:
    """Whether the module is there if its package is."""
    return name in _NUMERIC or name.partition(".")[0] in ("importlib", "concurrent", "collections", "urllib", "json")


def imported(text: str, *, bare: bool = False) -> tuple[str, ...]:
    """Modules named by import statements anywhere in a text; none if it does not parse.

    Args:
        text: of a module.
        bare: only those at the top, under no condition and no guard.
    """
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    found: list[str] = []
    for node in tree.body if bare else ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.append(node.module)
    return tuple(found)


def _known(names: Iterable[str], own: set[str]) -> tuple[str, ...]:
    """Each name once, if it is not the program's own module and is installed here."""
    return tuple(
        name for name in dict.fromkeys(names) if name.split(".")[0] not in own and _installed(name.split(".")[0])
    )


def _installed(root: str) -> bool:
    return root in sys.stdlib_module_names or importlib.util.find_spec(root) is not None
