"""Which pairs of functions symbolic execution may speak about, and for which arguments. Reads text; runs nothing.

CrossHair calls both functions with symbolic values in one process. What it says of all paths is a proof only as far as
its illusion holds: no effects, no floats (which it may take for real numbers), no identities, and a candidate that
cannot reach for the machinery around it. Where any of that is in doubt, differences are searched for and nothing else.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import msgspec

from cambrian.core.errors import UsageError
from cambrian.core.ports import Program
from cambrian.sandbox.inside.importer import module_name
from cambrian.source.analysis.module import Module

from .cases import Case

__all__ = ["Question", "question"]

_NAMES = {"int", "bool", "str", "bytes", "None", "float"}
_KINDS = {
    "list": "list", "List": "list", "Sequence": "list", "MutableSequence": "list", "Collection": "list",
    "Iterable": "list", "tuple": "tuple", "Tuple": "tuple",
    "dict": "dict", "Dict": "dict", "Mapping": "dict", "MutableMapping": "dict", "set": "set", "Set": "set",
    "AbstractSet": "set", "frozenset": "frozenset", "FrozenSet": "frozenset",
}  # fmt: skip
"""Hint → type. Dicts and sets are searched, and nothing is proved about them: their order is the machinery's."""
_LIBRARY = {"bisect", "collections", "functools", "heapq", "itertools", "math", "operator", "re", "string", "typing"}
_IDENTITY = {"id", "type", "hash"}
_DEFINING = (ast.FunctionDef, ast.Import, ast.ImportFrom)
_MOST_CASES = 200


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked about a pair of functions.

    Args:
        module: of the original, as a jail imports it.
        path: its file.
        function: its name.
        names: of its arguments.
        hints: their types, as expressions of built-in types and ``Union``.
        guessed: some of them are those of the known calls, as no hint says it.
        doubts: why nothing can be proved; empty if it can.
    """

    module: str
    path: str
    function: str
    names: tuple[str, ...]
    hints: tuple[str, ...]
    guessed: bool = False
    doubts: tuple[str, ...] = ()

    @property
    def bound(self) -> str:
        """For which arguments an answer holds: ``"every x: int, y: str"``."""
        words = ", ".join(f"{name}: {hint}" for name, hint in zip(self.names, self.hints, strict=True))
        told = f"every {words}" if words else "its one call"
        return f"{told}, the types of the known calls" if self.guessed else told


def question(original: Program, candidate: Program, cases: Sequence[Case]) -> Question:
    """What can be asked about a pair.

    Args:
        original: with the entry ``file.py:function``.
        candidate: the same with one file rewritten.
        cases: known calls, for arguments without hints.

    Raises:
        UsageError: nothing can be asked; says why.
    """
    path, _, name = original.entry.partition(":")
    _refuse_others(original, candidate, path)
    old, new = (_read(program, path) for program in (original, candidate))
    before, after = _function(old, name), _function(new, name)
    if ast.dump(_bare(before)) != ast.dump(_bare(after)):
        raise UsageError("the two take other arguments")
    hints, guessed, unsure = _types(before, cases)
    doubts = [*unsure, *_doubts(old, new, before, after)]
    if _mentioned(original, path):
        doubts.append("other files of the program use its file")
    return Question(
        module=module_name(path), path=path, function=name, names=tuple(each.arg for each in before.args.args),
        hints=tuple(hints), guessed=guessed, doubts=tuple(doubts),
    )  # fmt: skip


def _refuse_others(original: Program, candidate: Program, path: str) -> None:
    if original.entry != candidate.entry or not path.endswith(".py"):
        raise UsageError("it is no function of a file")
    files = {*original.files, *candidate.files} - {path}
    if any(original.files.get(file) != candidate.files.get(file) for file in files):
        raise UsageError("more than one file is changed")


def _read(program: Program, path: str) -> Module:
    return Module(program.files[path], path)


def _mentioned(program: Program, path: str) -> bool:
    """Whether another file could call back into this one, of which there are two in one process."""
    last = module_name(path).rpartition(".")[2]
    return any(last in text for file, text in program.files.items() if file != path)


def _function(module: Module, name: str) -> ast.FunctionDef:
    found = [node for node in module.tree.body if getattr(node, "name", "") == name]
    function = found[0] if len(found) == 1 else None
    if not isinstance(function, ast.FunctionDef) or function.decorator_list or _takes_more(function.args):
        raise UsageError("it is no plain function at the top of its file")
    return function


def _takes_more(given: ast.arguments) -> bool:
    return bool(given.vararg or given.kwarg or given.kwonlyargs or given.posonlyargs)


def _bare(function: ast.FunctionDef) -> ast.arguments:
    """Arguments and defaults, without hints."""
    given = function.args
    return ast.arguments(
        posonlyargs=[], args=[ast.arg(each.arg) for each in given.args], kwonlyargs=[], kw_defaults=[],
        defaults=given.defaults,
    )  # fmt: skip


# --- doubts


def _doubts(old: Module, new: Module, before: ast.FunctionDef, after: ast.FunctionDef) -> Iterator[str]:
    if not (_computes(old, before) and _computes(new, after)):
        yield "it is not certain that it only computes"
    if any(map(_minds_identity, (old, new))):
        yield "its file asks for identities"
    if not all(_harmless(statement, new) for statement in _added(old, new)):
        yield "the candidate adds more than functions to its file"
    if any(not isinstance(statement, _DEFINING) for statement in _added(new, old)) or _rebinds(old, new):
        yield "the candidate changes what others in its file may read"


def _computes(module: Module, function: ast.FunctionDef) -> bool:
    is_generator = any(isinstance(node, ast.Yield | ast.YieldFrom) for node in ast.walk(function))
    return not is_generator and module.computes(function, set())


def _minds_identity(module: Module) -> bool:
    for node in module.of(ast.Compare):
        sides = [node.left, *node.comparators]
        for place, operator in enumerate(node.ops):
            pair = sides[place : place + 2]
            if isinstance(operator, ast.Is | ast.IsNot) and not any(map(_is_none, pair)):
                return True
    return any(node.id in _IDENTITY for node in module.of(ast.Name))


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _added(old: Module, new: Module) -> list[ast.stmt]:
    known = Counter(map(ast.dump, old.tree.body))
    return [statement for statement in new.tree.body if not known[ast.dump(statement)]]


def _rebinds(old: Module, new: Module) -> bool:
    """Whether a variable that the candidate adds to its file is one that the original's functions read or bind."""
    known = {node.id for node in old.of(ast.Name)}
    added = (
        node for statement in _added(old, new) if isinstance(statement, ast.Assign) for node in ast.walk(statement)
    )
    return any(isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id in known for node in added)


def _harmless(statement: ast.stmt, module: Module) -> bool:
    """Whether a statement at the top of a file does no more than define."""
    if isinstance(statement, ast.FunctionDef):
        return _plainly_defined(statement)
    if isinstance(statement, ast.Import):
        return {alias.name for alias in statement.names} <= _LIBRARY
    if isinstance(statement, ast.ImportFrom):
        return not statement.level and statement.module in _LIBRARY
    return isinstance(statement, ast.Assign) and module.pure(statement.value)


def _plainly_defined(function: ast.FunctionDef) -> bool:
    defaults = [*function.args.defaults, *filter(None, function.args.kw_defaults)]
    return not function.decorator_list and all(isinstance(each, ast.Constant) for each in defaults)


# --- types


def _types(function: ast.FunctionDef, cases: Sequence[Case]) -> tuple[list[str], bool, list[str]]:
    """The types of the arguments; whether some are guessed; what is unsure about them.

    Raises:
        UsageError: there is no type for one.
    """
    read = [_argument(place, given, cases) for place, given in enumerate(function.args.args)]
    words = " ".join(hint for hint, _ in read)
    unsure = ["floats may be taken for real numbers"] if "float" in words else []
    unsure += [f"nothing is proved about a {kind}" for kind in ("dict", "set") if kind in words]
    return [hint for hint, _ in read], any(guessed for _, guessed in read), unsure


def _argument(place: int, given: ast.arg, cases: Sequence[Case]) -> tuple[str, bool]:
    """Its type, by its hint or else by the known calls, and whether it was those."""
    hint = None if given.annotation is None else _hint(given.annotation)
    if hint is not None:
        return hint, False
    guess = _type_of([case.arguments[place] for case in cases[:_MOST_CASES] if len(case.arguments) > place])
    if guess is None:
        raise UsageError(f"the type of {given.arg!r} is not known, or none that can be symbolic")
    return guess, True


def _hint(node: ast.expr) -> str | None:
    """A hint in words of built-in types; `None` if it says too little, or something else."""
    read = _HINTS.get(type(node))
    return None if read is None else read(node)


def _name(node: Any) -> str:
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")


def _named(node: Any) -> str | None:
    name = _name(node)
    return name if name in _NAMES else None


def _quoted(node: Any) -> str | None:
    if not isinstance(node.value, str):
        return {None: "None", Ellipsis: "..."}.get(node.value)
    try:
        return _hint(ast.parse(node.value, mode="eval").body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _either(node: Any) -> str | None:
    return _union([_hint(node.left), _hint(node.right)]) if isinstance(node.op, ast.BitOr) else None


def _generic(node: Any) -> str | None:
    name = _name(node.value)
    parts = [_hint(each) for each in (node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice])]
    if name in ("Optional", "Union"):
        return _union([*parts, "None"] if name == "Optional" else parts)
    return _joined(_KINDS[name], parts) if name in _KINDS else None


_HINTS: dict[type[ast.expr], Callable[[Any], str | None]] = {
    ast.Constant: _quoted, ast.Name: _named, ast.Attribute: _named, ast.BinOp: _either, ast.Subscript: _generic,
}  # fmt: skip


def _joined(kind: str, parts: Sequence[str | None]) -> str | None:
    return f"{kind}[{', '.join(map(str, parts))}]" if parts and all(parts) else None


def _union(parts: Sequence[str | None]) -> str | None:
    words = list(dict.fromkeys(parts))
    return words[0] if len(words) == 1 else _joined("Union", words)


def _type_of(values: Iterable[object]) -> str | None:
    """The type that fits all these values; `None` if there is none that can be told, or no value."""
    return _union(list(map(_type, values)))


def _type(value: object) -> str | None:
    kind = type(value)
    return _LEAVES.get(kind) or _HELD.get(kind, _unknown)(value)


def _unknown(_: Any) -> str | None:
    return None


def _places(value: Any) -> str | None:
    return _joined("tuple", list(map(_type, value)))


def _items(value: Any) -> str | None:
    return _joined(type(value).__name__, [_type_of(value)])


def _pairs(value: Any) -> str | None:
    return _joined("dict", [_type_of(value), _type_of(value.values())])


_LEAVES: dict[type, str] = {type(None): "None", **{kind: kind.__name__ for kind in (int, bool, str, bytes, float)}}
_HELD: dict[type, Callable[[Any], str | None]] = {
    tuple: _places, list: _items, set: _items, frozenset: _items, dict: _pairs,
}  # fmt: skip
