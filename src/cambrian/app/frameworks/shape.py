"""What an evaluator's text defines, as far as it tells whose evaluator it is. Text only; nothing is executed."""

from __future__ import annotations

import ast
import re

import msgspec

from cambrian.app.programs import parse

__all__ = ["Function", "Shape", "starts_processes"]

_STARTS = re.compile(
    r"\b(?:subprocess|multiprocessing|ProcessPoolExecutor|joblib|create_subprocess_\w+|run_workers"
    r"|os\.(?:fork|system|popen|spawn\w+|exec\w+|posix_spawn))\b"
)


class Function(msgspec.Struct, frozen=True):
    """A function at the top level.

    Args:
        name: its name.
        line: 1-based.
        parameters: names of those that can be given by position.
        required: how many of them have no default.
        keys: texts by which it, or whoever it calls with the same name for it, takes the first parameter apart.
        typed: the annotation of the first parameter, as text.
    """

    name: str
    line: int
    parameters: tuple[str, ...]
    required: int
    keys: tuple[str, ...] = ()
    typed: str = ""

    def __str__(self) -> str:
        return f"{self.name}({', '.join(self.parameters)})"


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """What an evaluator's text defines.

    Args:
        path: how messages call the file.
        functions: by name, in the order of the text.
        names: assigned at the top level.
        imports: top-level packages.
        script: it does something when run as a script.
        prints: it reads its arguments and names a ``combined_score``.
        options: texts that begin with ``--``.
        experiment: what is given as ``experiment_fn_name``; empty if nothing constant is.
        attributes: names of attributes in order of use: among them the functions of a program that it calls.
    """

    path: str
    functions: dict[str, Function]
    names: frozenset[str]
    imports: frozenset[str]
    script: bool
    prints: bool
    options: frozenset[str]
    experiment: str
    attributes: tuple[str, ...]

    @classmethod
    def of(cls, path: str, text: str) -> Shape:
        """Of an evaluator's text.

        Raises:
            TaskError: a syntax error.
        """
        tree = parse(path, text)
        nodes = list(ast.walk(tree))
        texts = [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
        attributes = tuple(node.attr for node in nodes if isinstance(node, ast.Attribute))
        return cls(
            path=path,
            functions={item.name: item for item in map(_function, _definitions(tree))},
            names=frozenset(_assigned(tree)),
            imports=frozenset(_packages(nodes)),
            script="__main__" in texts,
            prints="argv" in attributes and "combined_score" in texts,
            options=frozenset(text for text in texts if text.startswith("--")),
            experiment=_experiment(nodes),
            attributes=attributes,
        )

    def told(self) -> str:
        """Its functions in words."""
        return ", ".join(map(str, self.functions.values())) or "no function"


def starts_processes(text: str) -> bool:
    """Whether a text looks like it starts processes. A guess that errs on the side of yes."""
    return _STARTS.search(text) is not None


def _definitions(tree: ast.Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Function:
    arguments = [*node.args.posonlyargs, *node.args.args]
    first = arguments[0] if arguments else None
    typed = ast.unparse(first.annotation) if first is not None and first.annotation is not None else ""
    return Function(
        name=node.name, line=node.lineno, parameters=tuple(item.arg for item in arguments),
        required=len(arguments) - len(node.args.defaults), keys=_keys(node, first.arg) if first else (), typed=typed,
    )  # fmt: skip


def _keys(node: ast.AST, name: str) -> tuple[str, ...]:
    found = [
        inner.slice.value
        for inner in ast.walk(node)
        if isinstance(inner, ast.Subscript) and isinstance(inner.value, ast.Name) and inner.value.id == name
        if isinstance(inner.slice, ast.Constant) and isinstance(inner.slice.value, str)
    ]
    return tuple(dict.fromkeys(found))


def _assigned(tree: ast.Module) -> list[str]:
    targets = [node.targets for node in tree.body if isinstance(node, ast.Assign)]
    single = [node.target for node in tree.body if isinstance(node, ast.AnnAssign) and node.value is not None]
    return [item.id for item in [*single, *(one for group in targets for one in group)] if isinstance(item, ast.Name)]


def _packages(nodes: list[ast.AST]) -> list[str]:
    plain = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    chosen = [node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module and not node.level]
    return [name.partition(".")[0] for name in plain + chosen]


def _experiment(nodes: list[ast.AST]) -> str:
    for node in nodes:
        if isinstance(node, ast.keyword) and node.arg == "experiment_fn_name" and isinstance(node.value, ast.Constant):
            return str(node.value.value)
    return ""
