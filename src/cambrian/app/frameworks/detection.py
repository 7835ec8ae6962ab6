"""Whose evaluator it is: told by the functions that it defines and what it imports, or by a person's word.

Where that cannot be told, the complaint says what was looked for, what was found and what to do.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from cambrian.core.errors import TaskError
from cambrian.search.task import Framework, FrameworkOptions

from .config import Config
from .shape import Function, Shape

__all__ = ["FRAMEWORKS", "detect", "options_of"]

FRAMEWORKS: tuple[Framework, ...] = ("openevolve", "shinka", "gepa")
_LOOKED_FOR: dict[str, str] = {
    "openevolve": "evaluate(program_path), or a script that takes the program's path and prints JSON with a "
    "combined_score, for openevolve and skydiscover",
    "shinka": "main(program_path, results_dir), or a script with --program_path and --results_dir, for shinka",
    "gepa": "a function whose first parameter is called candidate, for gepa",
}
_SKYDISCOVER = (0.3, 0.6)
_EVALUATORS = ("evaluator", "evaluate", "evaluate_candidate", "evaluation", "fitness_fn", "fitness", "score", "metric")
_DATASETS = ("dataset", "DATASET", "trainset", "train_set", "examples", "EXAMPLES", "valset")
_FILES = ("dataset", "examples", "trainset", "train", "valset")


def detect(shape: Shape, forced: str = "") -> Framework:
    """The framework of an evaluator.

    Args:
        shape: of its text.
        forced: a person's word; empty to find out.

    Raises:
        TaskError: none is recognised, or the one named does not fit.
    """
    if not forced and _judges_repositories(shape):
        raise TaskError(
            f"it judges a whole repository (repo_path), which cannot be evolved here; found {shape.told()}",
            path=shape.path, fix="let it take the path of one program: main(program_path, results_dir)",
        )  # fmt: skip
    for framework, fits in _FITS.items():
        if (not forced or forced == framework) and fits(shape):
            return framework
    wanted = [_LOOKED_FOR[forced]] if forced else list(_LOOKED_FOR.values())
    raise TaskError(
        f"this is no evaluator that can be called; looked for {'; '.join(wanted)}; found {shape.told()}",
        path=shape.path,
        fix="name the framework with --framework if its function is only called otherwise, or write a task.toml: "
        "cambrian init DIR shows one",
    )


def _judges_repositories(shape: Shape) -> bool:
    main = shape.functions.get("main")
    return "--repo_path" in shape.options or (main is not None and "repo_path" in main.parameters)


def options_of(shape: Shape, framework: Framework, config: Config, folder: Path, files: list[str]) -> FrameworkOptions:
    """How the evaluator is to be called.

    Args:
        shape: of its text.
        framework: whose it is.
        config: the framework's config.
        folder: where the evaluator lies; a dataset may lie beside it.
        files: names of the program's files.

    Raises:
        TaskError: it needs examples and there are none, or parts that the program does not have.
    """
    if framework == "openevolve":
        staged = "evaluate_stage1" in shape.functions
        wanted = config.flag("evaluator.cascade_evaluation")
        usual = _SKYDISCOVER if "skydiscover" in shape.imports else FrameworkOptions().thresholds
        return FrameworkOptions(
            script=not _has_evaluate(shape),
            cascade=staged and wanted is not False,
            thresholds=config.numbers("evaluator.cascade_thresholds") or usual,
            ignored=config.words("database.feature_dimensions") or config.words("feature_dimensions"),
        )
    if framework == "gepa":
        function = _candidate_function(shape)
        return FrameworkOptions(
            function=function.name, components=_components(shape, function, files),
            dataset=_dataset(shape, function, folder),
        )  # fmt: skip
    return FrameworkOptions()


def _is_shinka(shape: Shape) -> bool:
    main = shape.functions.get("main")
    if main is not None and {"program_path", "results_dir"} <= set(main.parameters):
        return True
    return shape.script and ("shinka" in shape.imports or {"--program_path", "--results_dir"} <= shape.options)


def _is_gepa(shape: Shape) -> bool:
    return bool(_candidate_functions(shape))


def _is_openevolve(shape: Shape) -> bool:
    return _has_evaluate(shape) or (shape.script and shape.prints)


def _has_evaluate(shape: Shape) -> bool:
    known = [shape.functions[name] for name in ("evaluate", "evaluate_stage1") if name in shape.functions]
    return any(item.parameters and item.required <= 1 for item in known)


_FITS: dict[Framework, Callable[[Shape], bool]] = {
    "shinka": _is_shinka,
    "gepa": _is_gepa,
    "openevolve": _is_openevolve,
}
"""In this order: an evaluator of Shinka's may well define an ``evaluate`` of its own."""


def _candidate_functions(shape: Shape) -> list[Function]:
    return [item for item in shape.functions.values() if item.parameters[:1] == ("candidate",)]


def _candidate_function(shape: Shape) -> Function:
    found = [item for item in _candidate_functions(shape) if not item.name.startswith("_")]
    for name in _EVALUATORS:
        for item in found:
            if item.name == name:
                return item
    if len(found) == 1:
        return found[0]
    raise TaskError(
        f"it cannot be told which is the evaluator: {', '.join(map(str, found)) or 'none is public'}",
        path=shape.path, fix='write function = "..." under [framework_options] of a task.toml',
    )  # fmt: skip


def _components(shape: Shape, function: Function, files: list[str]) -> tuple[str, ...]:
    """Names of the candidate's parts, in the order of the files; none for a candidate that is a text."""
    if not function.keys and "dict" not in function.typed.lower():
        return ()
    stems = [Path(name).stem for name in files]
    if not function.keys or set(function.keys) <= set(stems):
        return tuple(stems)
    if len(files) == 1 and len(function.keys) == 1:
        return function.keys
    raise TaskError(
        f"{function} takes the candidate's parts {', '.join(map(repr, function.keys))}, the program has the files "
        f"{', '.join(map(repr, files))}",
        path=shape.path, line=function.line,
        fix='list one file for each part under program of a task.toml, and components = ["..."] under '
        "[framework_options] in the same order",
    )  # fmt: skip


def _dataset(shape: Shape, function: Function, folder: Path) -> str:
    if "example" not in function.parameters and function.required < 2:
        return ""
    for name in _DATASETS:
        if name in shape.names:
            return name
    for name in (f"{stem}{suffix}" for stem in _FILES for suffix in (".jsonl", ".json")):
        if (folder / name).is_file():
            return name
    if function.required < 2:
        return ""
    raise TaskError(
        f"{function} wants an example, and there are none; looked for a list named {', '.join(_DATASETS)} in it and "
        f"for {', '.join(_FILES)} .json or .jsonl beside it",
        path=shape.path, line=function.line,
        fix='write dataset = "name" or dataset = "file.jsonl" under [framework_options] of a task.toml',
    )  # fmt: skip
