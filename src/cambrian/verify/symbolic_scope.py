"""Which pairs of functions symbolic execution may speak about, and for which arguments. Reads text; runs nothing.

CrossHair calls both functions with symbolic values in one process. What it says of all paths is a proof only as far as
its illusion holds: no effects, no floats (which it may take for real numbers), no identities, and a candidate that
cannot reach for the machinery around it. Where any of that is in doubt, differences are searched for and nothing else.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import cast

import msgspec

from cambrian.core.errors import UsageError
from cambrian.core.ports import Program
from cambrian.sandbox.inside.importer import module_name
from cambrian.source.analysis.module import Module

from .cases import Case

__all__ = ["Question", "question"]

_SURE = {"int", "bool", "str", "bytes", "None"}
_SEQUENCES = {
    "list": "list", "List": "list", "Sequence": "list", "MutableSequence": "list", "Collection": "list",
    "Iterable": "list", "tuple": "tuple", "Tuple": "tuple",
}  # fmt: skip
_UNSURE = {
    "dict": "dict", "Dict": "dict", "Mapping": "dict", "MutableMapping": "dict", "set": "set", "Set": "set",
    "AbstractSet": "set", "frozenset": "frozenset", "FrozenSet": "frozenset",
}  # fmt: skip
"""Types that are searched, and about which nothing is proved: what they hold comes in an order of the machinery's."""
_LIBRARY = {"bisect", "collections", "functools", "heapq", "itertools", "math", "operator", "re", "string", "typing"}
_IDENTITY = {"id", "type", "hash"}
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
    found = [node for node in module.tree.body if isinstance(node, ast.FunctionDef) and node.name == name]
    if len(found) != 1 or found[0].decorator_list or _takes_more(found[0].args):
        raise UsageError("it is no plain function at the top of its file")
    return found[0]


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
    for module, function in ((old, before), (new, after)):
        if any(isinstance(node, ast.Yield | ast.YieldFrom) for node in ast.walk(function)):
            yield "it is a generator"
        elif not module.computes(function, set()):
            yield "it is not certain that it only computes"
            break
    if any(map(_minds_identity, (old, new))):
        yield "its file asks for identities"
    if not all(_harmless(statement, new) for statement in _added(old, new)):
        yield "the candidate adds more than functions to its file"


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


def _harmless(statement: ast.stmt, module: Module) -> bool:
    """Whether a statement at the top of a file does no more than define."""
    if isinstance(statement, ast.FunctionDef):
        plain = all(isinstance(each, ast.Constant) for each in [*statement.args.defaults, *statement.args.kw_defaults])
        return plain and not statement.decorator_list
    if isinstance(statement, ast.Import):
        return all(alias.name in _LIBRARY for alias in statement.names)
    if isinstance(statement, ast.ImportFrom):
        return not statement.level and statement.module in _LIBRARY
    return isinstance(statement, ast.Assign) and module.pure(statement.value)


# --- types


def _types(function: ast.FunctionDef, cases: Sequence[Case]) -> tuple[list[str], bool, list[str]]:
    """The types of the arguments; whether some are guessed; what is unsure about them.

    Raises:
        UsageError: there is no type for one.
    """
    hints: list[str] = []
    guessed = False
    for place, given in enumerate(function.args.args):
        hint = None if given.annotation is None else _hint(given.annotation)
        if hint is None:
            values = [case.arguments[place] for case in cases[:_MOST_CASES] if len(case.arguments) > place]
            hint, guessed = _type_of(values), True
        if hint is None:
            raise UsageError(f"the type of {given.arg!r} is not known, or none that can be symbolic")
        hints.append(hint)
    floats = any("float" in hint for hint in hints)
    unsure = ["floats may be taken for real numbers"] if floats else []
    unsure += [f"nothing is proved about a {kind}" for kind in ("dict", "set") if any(kind in hint for hint in hints)]
    return hints, guessed, unsure


def _hint(node: ast.expr) -> str | None:
    """A hint in words of built-in types; `None` if it says too little, or something else."""
    if isinstance(node, ast.Constant):
        return _quoted(node)
    if isinstance(node, ast.Name | ast.Attribute):
        name = node.id if isinstance(node, ast.Name) else node.attr
        return name if name in _SURE or name == "float" else None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return _union([_hint(node.left), _hint(node.right)])
    return _generic(node) if isinstance(node, ast.Subscript) else None


def _quoted(node: ast.Constant) -> str | None:
    if node.value is None:
        return "None"
    if not isinstance(node.value, str):
        return None
    try:
        return _hint(ast.parse(node.value, mode="eval").body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _generic(node: ast.Subscript) -> str | None:
    name = node.value.id if isinstance(node.value, ast.Name) else getattr(node.value, "attr", "")
    inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    more = isinstance(inner[-1], ast.Constant) and inner[-1].value is Ellipsis
    parts = [_hint(each) for each in (inner[:-1] if more else inner)]
    if name in ("Optional", "Union"):
        return _union([*parts, *(["None"] if name == "Optional" else [])])
    kind = {**_SEQUENCES, **_UNSURE}.get(name)
    if kind is None or not all(parts):
        return None
    words = [part for part in parts if part] + (["..."] if more else [])
    return f"{kind}[{', '.join(words)}]"


def _union(parts: Sequence[str | None]) -> str | None:
    words = dict.fromkeys(part for part in parts if part)
    if not all(parts) or not words:
        return None
    return next(iter(words)) if len(words) == 1 else f"Union[{', '.join(words)}]"


def _type_of(values: Iterable[object]) -> str | None:
    """The type that fits all these values; `None` if there is none that can be told, or no value."""
    given = list(values)
    return _union([_type(value) for value in given]) if given else None


def _type(value: object) -> str | None:
    if value is None or type(value) in (int, bool, str, bytes, float):
        return "None" if value is None else type(value).__name__
    if type(value) is tuple:
        parts = [_type(item) for item in cast("tuple[object, ...]", value)]
        return f"tuple[{', '.join(part for part in parts if part)}]" if parts and all(parts) else None
    if type(value) in (list, set, frozenset):
        item = _type_of(cast("list[object]", value))
        return item and f"{type(value).__name__}[{item}]"
    if type(value) is dict:
        held = cast("dict[object, object]", value)
        key, item = _type_of(held), _type_of(held.values())
        return f"dict[{key}, {item}]" if key and item else None
    return None
