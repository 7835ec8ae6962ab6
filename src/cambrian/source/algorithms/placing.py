"""How an algorithm is written into another function: its names, its answer, a guard before the old code. Text only."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from cambrian.source.analysis import Module
from cambrian.source.edit import Locator, Splice, apply

from .library import Algorithm

__all__ = ["Adapter", "Placement", "placed", "replaceable"]


class Adapter(NamedTuple):
    """What is made of an algorithm's answer.

    ``plain``: nothing; ``wrap``: a builtin is called on it (`first`); ``choose``: a true answer becomes the literal
    `first`, another `second`; ``sentinel``: the literal `first`, where the algorithm returns that, becomes `second`.
    """

    how: Literal["plain", "wrap", "choose", "sentinel"] = "plain"
    first: str = ""
    second: str = ""


class Placement(NamedTuple):
    """An algorithm in the place of a function.

    Args:
        algorithm: what is put there.
        arguments: names of the function's parameters, in the order of the algorithm's.
        adapter: what is made of the answer.
        guards: conditions on the parameters outside of which the function's own code is kept.
    """

    algorithm: Algorithm
    arguments: tuple[str, ...]
    adapter: Adapter = Adapter()
    guards: tuple[str, ...] = ()


def replaceable(node: ast.AST) -> bool:
    """Whether a function is one whose body another may take: no generator, no outer variables, loops or recursion."""
    if not isinstance(node, ast.FunctionDef) or node.args.vararg or node.args.kwarg or node.args.kwonlyargs:
        return False
    inner = list(ast.walk(node))
    if any(isinstance(each, ast.Yield | ast.YieldFrom | ast.Await | ast.Global | ast.Nonlocal) for each in inner):
        return False
    return any(isinstance(each, _REPEATING) or _calls(each, node.name) for each in inner)


_REPEATING = (ast.For, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_WORKERS = frozenset({"sum", "max", "min", "sorted", "reduce", "map", "filter", "permutations", "combinations"})


def _calls(node: ast.AST, own: str) -> bool:
    """Whether it is a call of the function itself, or of one that goes through what it is given."""
    if not isinstance(node, ast.Call):
        return False
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    return name == own or name in _WORKERS or name in {"count", "index", "sort"}


def placed(module: Module, node: ast.FunctionDef, placement: Placement) -> tuple[Splice, ...] | None:
    """Splices that put an algorithm into a function; `None` if names of the file are in the way.

    Args:
        module: the file.
        node: the function; its head, docstring and decorators stay.
        placement: what goes there.
    """
    first = node.body[_has_docstring(node)] if len(node.body) > _has_docstring(node) else None
    if first is None or first.lineno == _head_end(node):
        return None
    own = _names(placement.algorithm)
    if any(module.builtin(name).spelling != name for name in own.builtins):
        return None
    imports = {name: module.importing(source, name) for name, source in placement.algorithm.imports.items()}
    spelled = {name: each.spelling for name, each in imports.items()}
    taken = _words(node.args) | {word.split(".")[0] for word in spelled.values()}
    taken |= _words(node) - _bound(node) if placement.guards else set()
    given = {each.name: to for each, to in zip(placement.algorithm.parameters, placement.arguments, strict=True)}
    renames = {**given, **spelled, **_fresh(own.local, taken | set(given.values()), own.all)}
    unit = module.indentation(first)
    lines = _indented(
        _written(placement, renames), unit, unit.removeprefix(module.indentation(node)) or "    ", placement
    )
    return (*(splice for each in imports.values() for splice in each.splices), _spliced(module, node, first, lines))


def _has_docstring(node: ast.FunctionDef) -> int:
    return int(ast.get_docstring(node, clean=False) is not None)


def _head_end(node: ast.FunctionDef) -> int:
    """The last line of the head that positions tell of."""
    parts: list[ast.expr | ast.arg] = [*node.args.posonlyargs, *node.args.args, *node.args.defaults]
    parts += [node.returns] if node.returns else []
    return max([node.lineno, *(part.end_lineno or 0 for part in parts)])


class _Names(NamedTuple):
    local: frozenset[str]
    builtins: frozenset[str]
    all: frozenset[str]


def _names(algorithm: Algorithm) -> _Names:
    """Names of a function of the library: those that it binds, besides its parameters, and builtins that it uses."""
    outer = ast.parse(algorithm.text).body[0]
    assert isinstance(outer, ast.FunctionDef)
    given = {each.name for each in algorithm.parameters}
    bound: set[str] = set()
    for inner in (each for statement in outer.body for each in ast.walk(statement)):
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
            bound.add(inner.id)
        elif isinstance(inner, ast.FunctionDef):
            bound |= {inner.name, *(each.arg for each in inner.args.args)}
        elif isinstance(inner, ast.Lambda):
            bound |= {each.arg for each in inner.args.args}
    notes = {id(each) for note in _annotations(outer) for each in ast.walk(note)}
    read = {each.id for each in ast.walk(outer) if isinstance(each, ast.Name) and id(each) not in notes}
    local = bound - given
    known = {name for name in read - local - given if hasattr(builtins, name) and name not in algorithm.imports}
    return _Names(frozenset(local), frozenset(known), frozenset(read | bound | given))


def _annotations(node: ast.AST) -> Iterator[ast.expr]:
    for each in ast.walk(node):
        if isinstance(each, ast.AnnAssign):
            yield each.annotation
        elif isinstance(each, ast.FunctionDef):
            yield from (note for note in (each.returns, *(one.annotation for one in each.args.args)) if note)


def _words(node: ast.AST) -> set[str]:
    """All names that stand in a piece of code."""
    found: set[str] = set()
    for each in ast.walk(node):
        if isinstance(each, ast.Name):
            found.add(each.id)
        elif isinstance(each, ast.arg):
            found.add(each.arg)
        elif isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(each.name)
        elif isinstance(each, ast.alias):
            found.add((each.asname or each.name).split(".")[0])
    return found


def _bound(node: ast.AST) -> set[str]:
    """Names that a function assigns to: another value before they are, in code that returns, does not matter."""
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}


def _fresh(names: Collection[str], taken: Collection[str], others: Collection[str]) -> dict[str, str]:
    """Other names for those that are taken."""
    found: dict[str, str] = {}
    for name in sorted(names):
        number, new = 2, name
        while new in taken or new in found.values() or (new != name and new in others):
            new, number = f"{name}_{number}", number + 1
        if new != name:
            found[name] = new
    return found


def _written(placement: Placement, renames: Mapping[str, str]) -> list[str]:
    """The body's lines, without docstring and annotations, in the words of the function that it is put into."""
    text = placement.algorithm.text
    tree = ast.parse(text)
    outer = tree.body[0]
    assert isinstance(outer, ast.FunctionDef)
    locator = Locator(text)
    splices: list[Splice] = []
    for statement in outer.body[1:]:
        splices += _renamed(statement, locator, renames)
    splices += _returned(outer, locator, placement.adapter)
    new = apply(text, splices)
    rest = ast.parse(new).body[0]
    assert isinstance(rest, ast.FunctionDef)
    return [line.removeprefix("    ") for line in new.splitlines()[rest.body[1].lineno - 1 :]]


def _renamed(statement: ast.stmt, locator: Locator, renames: Mapping[str, str]) -> Iterator[Splice]:
    notes = {id(inner) for note in _annotations(statement) for inner in ast.walk(note)}
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and node.id in renames and id(node) not in notes:
            yield locator.splice(node, renames[node.id])
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            yield Splice(_end(locator, node.target), _start(locator, node.value), " = ")
        elif isinstance(node, ast.arg):
            start = locator.offset(node.lineno, node.col_offset)
            stop = locator.offset(node.end_lineno or node.lineno, node.end_col_offset or 0)
            yield Splice(start, stop, renames.get(node.arg, node.arg))
        elif isinstance(node, ast.FunctionDef):
            start = _start(locator, node) + len("def ")
            yield Splice(start, start + len(node.name), renames.get(node.name, node.name))
            if node.returns is not None:
                yield Splice(_start(locator, node.returns) - len(" -> "), _end(locator, node.returns), "")


def _start(locator: Locator, node: ast.expr | ast.stmt) -> int:
    return locator.offset(node.lineno, node.col_offset)


def _end(locator: Locator, node: ast.expr | ast.stmt) -> int:
    return locator.offset(node.end_lineno or node.lineno, node.end_col_offset or 0)


def _returns(node: ast.AST) -> Iterator[ast.expr]:
    """What a function returns; not what functions within it do."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Return) and child.value is not None:
            yield child.value
        elif not isinstance(child, ast.FunctionDef | ast.Lambda):
            yield from _returns(child)


def _returned(outer: ast.FunctionDef, locator: Locator, adapter: Adapter) -> Iterator[Splice]:
    """What becomes of each answer."""
    for value in _returns(outer):
        start, end = _start(locator, value), _end(locator, value)
        if adapter.how == "wrap":
            yield from (Splice(start, start, f"{adapter.first}("), Splice(end, end, ")"))
        elif adapter.how == "sentinel" and ast.unparse(value) == adapter.first:
            yield Splice(start, end, adapter.second)
        elif adapter.how == "choose" and isinstance(value, ast.Constant):
            yield Splice(start, end, adapter.first if value.value else adapter.second)
        elif adapter.how == "choose" and (adapter.first, adapter.second) == ("False", "True"):
            yield from (Splice(start, start, "not ("), Splice(end, end, ")"))
        elif adapter.how == "choose":
            yield from (Splice(start, start, f"{adapter.first} if "), Splice(end, end, f" else {adapter.second}"))


def _indented(lines: Sequence[str], margin: str, unit: str, placement: Placement) -> list[str]:
    """Lines at a function's indentation, under a comment that names the algorithm, behind the guard if there is one."""
    name = f"# {placement.algorithm.title}; {placement.algorithm.cost}"
    if placement.guards:
        lines = [f"if {' and '.join(placement.guards)}:", f"    {name}", *(line and f"    {line}" for line in lines)]
    else:
        lines = [name, *lines]
    return [_shifted(line, margin, unit) for line in lines]


def _shifted(line: str, margin: str, unit: str) -> str:
    depth = (len(line) - len(line.lstrip(" "))) // 4
    return f"{margin}{unit * depth}{line.lstrip(' ')}" if line else line


def _spliced(module: Module, node: ast.FunctionDef, first: ast.stmt, lines: Sequence[str]) -> Splice:
    """The lines in place of the body; where code is kept, above it."""
    text = module.locator.lines
    top = first.lineno
    floor = node.body[0].end_lineno or top if _has_docstring(node) else _head_end(node)
    while top - 1 > floor and text[top - 2].lstrip().startswith("#"):
        top -= 1
    start = module.locator.line_start(top)
    new = "".join(line + module.newline for line in lines)
    guarded = lines[0].lstrip().startswith("if ") and not lines[0].lstrip().startswith("#")
    if guarded:
        return Splice(start, start, new)
    last = node.end_lineno or node.lineno
    ended = text[last - 1].endswith(("\n", "\r"))
    return Splice(start, module.locator.line_start(last + 1), new if ended else new.removesuffix(module.newline))
