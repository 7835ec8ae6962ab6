"""What an evaluator and its program import and is not installed: told before anything runs. Nothing is imported here.

An evaluator often catches whatever goes wrong and gives a score of 0 then, so a missing package would otherwise show
up as a search in which nothing ever gets better. Only what surely runs counts: statements at the top of a file, not
those in a function, under a condition or guarded by ``try``.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from importlib import resources
from importlib.machinery import PathFinder
from pathlib import Path
from typing import NamedTuple

from cambrian.app.programs import parse, shown
from cambrian.core.errors import TaskError
from cambrian.search.task import Task

__all__ = ["check_imports"]

_DISTRIBUTIONS = {
    "Bio": "biopython", "PIL": "pillow", "bs4": "beautifulsoup4", "cv2": "opencv-python", "dateutil": "python-dateutil",
    "dotenv": "python-dotenv", "mpl_toolkits": "matplotlib", "serial": "pyserial", "shinka": "shinka-evolve",
    "skimage": "scikit-image", "sklearn": "scikit-learn", "yaml": "pyyaml", "Levenshtein": "levenshtein",
}  # fmt: skip
"""Package by import where the two differ; elsewhere the name is taken for both."""
_STAND_INS = resources.files("cambrian").joinpath("search", "inside", "stand_ins")


class _Import(NamedTuple):
    module: str
    path: str
    line: int


def check_imports(task: Task) -> None:
    """Refuse a task of another framework that cannot run here for want of a module.

    Args:
        task: any task; one with a scorer of Cambrian's own is passed over.

    Raises:
        TaskError: names the import, its place, the package and how to install it.
    """
    if not task.framework:
        return
    folder = (task.path / task.evaluator).parent
    own = {path.partition("/")[0].removesuffix(".py") for path in task.program} | _beside(folder)
    own |= {Path(path).stem for path in task.program}
    missing = [item for item in _all(task) if item.module.partition(".")[0] not in own and not _there(item.module)]
    if missing:
        raise _absent(missing)


def _all(task: Task) -> Iterator[_Import]:
    yield from _imports(shown(task.path / task.evaluator), task.evaluator_text)
    for path, text in task.program.items():
        if path.endswith(".py"):
            yield from _imports(shown(task.path / path), text)


def _imports(path: str, text: str) -> Iterator[_Import]:
    for node in parse(path, text).body:
        if isinstance(node, ast.Import):
            yield from (_Import(alias.name, path, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield _Import(node.module, path, node.lineno)


def _beside(folder: Path) -> set[str]:
    """Names that can be imported from the evaluator's folder."""
    return {item.stem if item.suffix == ".py" else item.name for item in folder.iterdir()}


def _there(module: str) -> bool:
    """Whether it can be imported in the jail. Of a package only its presence is looked at: looking closer runs it."""
    root = module.partition(".")[0]
    if root in sys.stdlib_module_names:
        return True
    place = _STAND_INS.joinpath(*module.split("."))
    lent = place.is_dir() or _STAND_INS.joinpath(*module.split(".")[:-1], f"{place.name}.py").is_file()
    return lent or _installed(root)


def _installed(root: str) -> bool:
    """Whether this interpreter has it, apart from the current folder, which no jail looks into."""
    here = str(Path.cwd())
    if PathFinder.find_spec(root, [path for path in sys.path if path not in ("", here)]) is not None:
        return True
    others = [finder for finder in sys.meta_path if finder is not PathFinder]
    return any(finder.find_spec(root, None) is not None for finder in others)


def _absent(missing: list[_Import]) -> TaskError:
    first = missing[0]
    roots = list(dict.fromkeys(item.module.partition(".")[0] for item in missing))
    packages = " ".join(_DISTRIBUTIONS.get(root, root) for root in roots)
    names = ", ".join(repr(item) for item in dict.fromkeys(item.module for item in missing))
    return TaskError(
        f"{names} cannot be imported: not installed beside Cambrian and no file of that name next to the evaluator",
        path=first.path, line=first.line,
        fix=f"install it where Cambrian is: {sys.executable} -m pip install {packages}",
    )  # fmt: skip
