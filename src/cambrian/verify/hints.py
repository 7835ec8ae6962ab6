"""Values by type hints. The hints are read from the program's text (PEP 484 and what followed); nothing is imported.

A class of the program's own (dataclass, named tuple, enumeration) gives `Shape`s, of which the jail makes objects; a
`TypedDict` gives dicts. A hint that says nothing (``Any``, none at all) gives small plain values of every kind.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from random import Random
from typing import Any, NamedTuple, cast

from cambrian.core.codec import Shape
from cambrian.core.errors import UsageError

from .cases import EDGES

__all__ = ["Hints", "Kind"]

_DEPTH = 4


class Kind:
    """A set of values.

    Args:
        draw: gives one, of about so many parts.
        fits: says whether a value belongs to it.
    """

    def __init__(self, draw: Callable[[Random, int], object], fits: Callable[[object], bool]) -> None:
        self.draw = draw
        self.fits = fits


class Hints:
    """The hints of one file of a program.

    Args:
        tree: the file's syntax tree.
        module: the name under which a jail imports it.
    """

    def __init__(self, tree: ast.Module, module: str) -> None:
        self._module = module
        self._names = dict(_definitions(tree))
        self._active: list[str] = []

    def of_function(self, name: str) -> tuple[tuple[str, Kind], ...]:
        """Name and values of each positional argument that has to be given.

        Raises:
            UsageError: there is no such function, a hint cannot be understood, or a keyword must be given.
        """
        node = self._names.get(name)
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            raise UsageError(f"the program has no function {name!r} at its top level")
        given = node.args
        needed = [
            item.arg for item, default in zip(given.kwonlyargs, given.kw_defaults, strict=True) if default is None
        ]
        if needed:
            raise UsageError(f"{name}() needs the keyword {needed[0]!r}; arguments are given by position, so wrap it")
        return tuple((item.arg, self.of(item.annotation)) for item in [*given.posonlyargs, *given.args])

    def of(self, hint: ast.expr | None) -> Kind:
        """The values that a hint describes.

        Raises:
            UsageError: it cannot be understood.
        """
        if hint is None:
            return _anything()
        if isinstance(hint, ast.Constant):
            return self._constant(hint)
        if isinstance(hint, ast.BinOp) and isinstance(hint.op, ast.BitOr):
            return _either(self._kinds([hint.left, hint.right]))
        if isinstance(hint, ast.Subscript):
            arguments = hint.slice.elts if isinstance(hint.slice, ast.Tuple) else [hint.slice]
            return self._generic(_last(hint.value), arguments)
        return self._named(_last(hint))

    def _constant(self, hint: ast.Constant) -> Kind:
        if hint.value is None:
            return _leaf(type(None))
        if isinstance(hint.value, str):
            return self.of(ast.parse(hint.value, mode="eval").body)
        raise UsageError(f"the hint {ast.unparse(hint)!r} is no type")

    def _named(self, name: str) -> Kind:
        if name in _LEAVES:
            return _leaf(_LEAVES[name])
        if name in ("Any", "object", "Hashable"):
            return _anything()
        if name in _GENERICS:
            return self._generic(name, [])
        node = self._names.get(name)
        if node is None:
            raise UsageError(f"values of {name!r} cannot be made up; give examples, or a hint of plain types")
        if name in self._active:  # a class that holds itself ends somewhere
            raise _Endless(name)
        self._active.append(name)
        try:
            return self._own(name, node)
        finally:
            self._active.pop()

    def _own(self, name: str, node: ast.AST) -> Kind:
        if isinstance(node, ast.ClassDef):
            return self._class(name, node)
        if isinstance(node, ast.Call):  # NewType("UserId", int), TypeVar("T", bound=...)
            bound = [*node.args[1:2], *(word.value for word in node.keywords if word.arg == "bound")]
            return self.of(bound[0] if bound else None)
        return self.of(cast("ast.expr", node))

    def _class(self, name: str, node: ast.ClassDef) -> Kind:
        bases = {_last(base) for base in node.bases}
        full = f"{self._module}.{name}"
        if any(base.endswith(("Enum", "Flag")) for base in bases):
            return _members(full, [target for target, _ in _assigned(node)])
        fields = [(field.target.id, field.annotation) for field in _annotated(node)]
        if "TypedDict" in bases:
            return _record([(key, self.of(hint)) for key, hint in fields], dict, dict)
        is_data = any("dataclass" in ast.unparse(mark) or "define" in ast.unparse(mark) for mark in node.decorator_list)
        if not is_data and "NamedTuple" not in bases and "Struct" not in bases:
            raise UsageError(
                f"class {name!r} is no dataclass, named tuple, TypedDict or enumeration: it cannot be made up"
            )
        return _record(
            [(key, self.of(hint)) for key, hint in fields],
            lambda known: Shape(full, tuple((f".{key}", value) for key, value in known)), Shape,
        )  # fmt: skip

    def _generic(self, name: str, arguments: list[ast.expr]) -> Kind:
        if name == "Literal":
            values = [cast("object", ast.literal_eval(item)) for item in arguments]
            return Kind(lambda rng, _: rng.choice(values), lambda v: any(type(v) is type(x) and v == x for x in values))
        if name in ("Annotated", "Final", "ClassVar", "Required", "NotRequired", "ReadOnly"):
            return self.of(arguments[0])
        if name in ("Optional", "Union"):
            return _either(self._kinds([*arguments, *([ast.Constant(None)] if name == "Optional" else [])]))
        if name in ("tuple", "Tuple") and arguments and not _is_ellipsis(arguments[-1]):
            return _places([self.of(item) for item in arguments])
        if name not in _GENERICS:
            return self._named(name)
        return self._collection(_GENERICS[name], [item for item in arguments if not _is_ellipsis(item)])

    def _kinds(self, arguments: list[ast.expr]) -> list[Kind]:
        """Of a union: those members that end."""
        kinds: list[Kind] = []
        for item in arguments:
            try:
                kinds.append(self.of(item))
            except _Endless:
                continue
        if not kinds:
            raise _Endless(ast.unparse(arguments[0]))
        return kinds

    def _collection(self, kind: type, arguments: list[ast.expr]) -> Kind:
        try:
            inner = [self.of(item) for item in arguments]
        except _Endless:
            return Kind(lambda _r, _n: kind(), lambda value: type(value) is kind)
        if kind is dict:
            key, value = inner if len(inner) == 2 else (_leaf(str), _anything())
            return _mapping(key, value)
        item = inner[0] if inner else (_leaf(int) if kind in (set, frozenset) else _anything())
        return _sequence(kind, item)


class _Endless(UsageError):
    """A class that always holds another of its own."""

    def __init__(self, name: str) -> None:
        super().__init__(f"a value of {name!r} would never end: every one holds another")


_LEAVES: dict[str, type] = {
    "int": int, "float": float, "bool": bool, "str": str, "bytes": bytes, "complex": complex, "None": type(None),
    "LiteralString": str, "AnyStr": str, "SupportsInt": int, "SupportsFloat": float, "SupportsIndex": int,
}  # fmt: skip
_GENERICS: dict[str, type] = {
    **dict.fromkeys(("list", "List", "Sequence", "MutableSequence", "Iterable", "Collection", "Reversible"), list),
    **dict.fromkeys(("dict", "Dict", "Mapping", "MutableMapping"), dict),
    **dict.fromkeys(("set", "Set", "MutableSet", "AbstractSet"), set),
    **dict.fromkeys(("frozenset", "FrozenSet"), frozenset), "tuple": tuple, "Tuple": tuple,
}  # fmt: skip


def _definitions(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    for node in tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, node.value
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            yield node.target.id, node.value
        elif type(node).__name__ == "TypeAlias":  # Python 3.12's ``type X = …``
            alias = cast("Any", node)
            yield str(alias.name.id), alias.value


def _assigned(node: ast.ClassDef) -> list[tuple[str, ast.expr]]:
    return [
        (item.targets[0].id, item.value) for item in node.body
        if isinstance(item, ast.Assign) and isinstance(item.targets[0], ast.Name) and item.targets[0].id[0] != "_"
    ]  # fmt: skip


class _Field(NamedTuple):
    target: ast.Name
    annotation: ast.expr


def _annotated(node: ast.ClassDef) -> list[_Field]:
    return [
        _Field(item.target, item.annotation) for item in node.body
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name)
        and "ClassVar" not in ast.unparse(item.annotation)
    ]  # fmt: skip


def _last(node: ast.expr) -> str:
    """``typing.List`` → ``List``."""
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Subscript):
        return _last(node.value)
    if isinstance(node, ast.Name):
        return node.id
    raise UsageError(f"the hint {ast.unparse(node)!r} cannot be understood")


def _is_ellipsis(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is Ellipsis


def _leaf(kind: type) -> Kind:
    edges = EDGES[kind]

    def draw(rng: Random, room: int) -> object:
        if rng.random() < 0.3:
            return rng.choice(edges)
        return _USUAL[kind](rng, room)

    return Kind(draw, lambda value: type(value) is kind)


_LETTERS = "abcxyzABC012 _-.,;:\n\"'\\/()[]{}é日🙂"
_USUAL: dict[type, Callable[[Random, int], object]] = {
    int: lambda rng, _: rng.randint(-10, 100) if rng.random() < 0.8 else rng.randint(-(10**6), 10**6),
    float: lambda rng, _: rng.choice((float(rng.randint(-10, 10)), rng.uniform(-1, 1), rng.gauss(0, 1000))),
    bool: lambda rng, _: rng.random() < 0.5,
    str: lambda rng, room: "".join(rng.choices(_LETTERS, k=rng.randint(0, 2 + room))),
    bytes: lambda rng, room: rng.randbytes(rng.randint(0, 2 + room)),
    complex: lambda rng, _: complex(rng.randint(-3, 3), rng.uniform(-1, 1)),
    type(None): lambda _r, _n: None,
}


def _either(kinds: list[Kind]) -> Kind:
    return Kind(lambda rng, room: rng.choice(kinds).draw(rng, room), lambda value: any(k.fits(value) for k in kinds))


def _places(kinds: list[Kind]) -> Kind:
    def fits(value: object) -> bool:
        items = cast("tuple[object, ...]", value)
        return type(value) is tuple and len(items) == len(kinds) and all(map(_fits, kinds, items))

    return Kind(lambda rng, room: tuple(kind.draw(rng, room) for kind in kinds), fits)


def _fits(kind: Kind, value: object) -> bool:
    return kind.fits(value)


def _sequence(kind: type, item: Kind) -> Kind:
    def draw(rng: Random, room: int) -> object:
        items = [item.draw(rng, room // 2) for _ in range(_length(rng, room))]
        return kind(_arranged(items, rng) if kind in (list, tuple) else filter(_is_hashable, items))

    return Kind(draw, lambda value: type(value) is kind and all(map(item.fits, cast("list[object]", value))))


def _mapping(key: Kind, value: Kind) -> Kind:
    def draw(rng: Random, room: int) -> object:
        keys = filter(_is_hashable, [key.draw(rng, 2) for _ in range(_length(rng, room))])
        return {one: value.draw(rng, room // 2) for one in keys}

    def fits(given: object) -> bool:
        held = cast("dict[object, object]", given)
        return type(given) is dict and all(key.fits(k) and value.fits(v) for k, v in held.items())

    return Kind(draw, fits)


def _is_hashable(value: object) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return True


def _length(rng: Random, room: int) -> int:
    return rng.choice((0, 1, 2, rng.randint(0, max(2, room)), rng.randint(0, max(2, room))))


def _arranged(items: list[Any], rng: Random) -> list[Any]:
    """Now and then sorted, reversed, or with repetitions."""
    how = rng.random()
    if how < 0.1 and items:
        return [rng.choice(items)] * len(items)
    if how < 0.2:
        return items + items[: len(items) // 2]
    if how < 0.4:
        try:
            return sorted(items, reverse=how < 0.3)
        except TypeError:
            return items
    return items


def _record(fields: list[tuple[str, Kind]], make: Callable[[list[tuple[str, object]]], object], kind: type) -> Kind:
    def fits(value: object) -> bool:
        if type(value) is not kind:
            return False
        held = dict(value.parts) if isinstance(value, Shape) else cast("dict[str, object]", value)
        mark = "." if kind is Shape else ""
        return len(held) == len(fields) and all(f"{mark}{k}" in held and t.fits(held[f"{mark}{k}"]) for k, t in fields)

    return Kind(lambda rng, room: make([(key, of.draw(rng, room // 2)) for key, of in fields]), fits)


def _members(name: str, members: list[str]) -> Kind:
    def fits(value: object) -> bool:
        return isinstance(value, Shape) and value.type == name and dict(value.parts).get(".name") in members

    return Kind(lambda rng, _: Shape(name, ((".name", rng.choice(members)),)), fits)


def _anything(depth: int = 0) -> Kind:
    leaves = [_leaf(kind) for kind in (int, float, str, bool, type(None))]

    def draw(rng: Random, room: int) -> object:
        if depth >= _DEPTH or rng.random() < 0.5:
            return rng.choice(leaves).draw(rng, room)
        inner = _anything(depth + 1)
        made = rng.choice((_sequence(list, inner), _sequence(tuple, inner), _mapping(_leaf(str), inner)))
        return made.draw(rng, min(room, 4))

    return Kind(draw, lambda _: True)
