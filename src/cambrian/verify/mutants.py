"""Seeded wrong mutants of a Python program: can an oracle tell them from it? Text in, text out; nothing is run.

Mutation operators after Jia and Harman, "An analysis and survey of the development of mutation testing" (2011).
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from random import Random

import msgspec

from cambrian.source.edit import Locator, Splice, apply
from cambrian.source.mistakes import FLIPPED, OPPOSITE, TOUCHING
from cambrian.source.normalise import canonical
from cambrian.source.syntax import Problem, compiled, is_python, parse

__all__ = ["Mutant", "mutants"]


class Mutant(msgspec.Struct, frozen=True, kw_only=True):
    """A program with one mistake in it.

    Args:
        files: path → text, all of them.
        operator: the kind of mistake: ``"comparison"``, ``"off by one"`` …
        place: ``file:line``.
        what: what was changed, in a few words.
    """

    files: dict[str, str]
    operator: str
    place: str
    what: str

    def __str__(self) -> str:
        return f"{self.place}: {self.operator}: {self.what}"


def mutants(
    files: Mapping[str, str], n: int, *, seed: int, lines: Mapping[str, range] | None = None, whole: bool = False
) -> tuple[Mutant, ...]:
    """At most n different mutants, the same ones for the same seed; all kinds of mistakes take turns.

    Only what stands in functions is changed, unless the whole program is asked for. Mutants that do not compile, or
    that are the same program but for its spelling, are left out.

    Args:
        files: path → text of the program.
        n: how many at most.
        seed: of the choice.
        lines: path → 1-based lines that may be changed; by default all files and lines.
        whole: also change what stands outside functions: for scripts.
    """
    rng = Random(seed)
    groups: dict[str, list[Mutant]] = {}
    for path, text in sorted(files.items()):
        if is_python(path, "python") and (lines is None or path in lines):
            for mutant in _of_file(path, text, files, None if lines is None else lines[path], whole):
                groups.setdefault(mutant.operator, []).append(mutant)
    for group in groups.values():
        rng.shuffle(group)
    chosen: list[Mutant] = []
    known: set[str] = {canonical(files, "python")}
    while len(chosen) < n and any(groups.values()):
        for group in groups.values():
            if len(chosen) < n and group:
                _take(group.pop(), chosen, known)
    return tuple(chosen)


def _take(mutant: Mutant, chosen: list[Mutant], known: set[str]) -> None:
    path = mutant.place.rpartition(":")[0]
    content = canonical(mutant.files, "python")
    if content not in known and not isinstance(compiled(mutant.files[path], path), Problem):
        known.add(content)
        chosen.append(mutant)


def _of_file(path: str, text: str, files: Mapping[str, str], lines: range | None, whole: bool) -> Iterator[Mutant]:
    tree = parse(text, path)
    if isinstance(tree, Problem):
        return
    locator = Locator(text)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    nested = {id(inner) for outer in functions for inner in ast.walk(outer) if inner is not outer}
    for owner in [tree] if whole else [function for function in functions if id(function) not in nested]:
        for node in _body_nodes(owner):
            if lines is not None and node.lineno not in lines:
                continue
            for operator, change in _OPERATORS.items():
                for new in change(node):
                    yield _mutant(path, files, locator, node, operator, new)


def _body_nodes(function: ast.FunctionDef | ast.AsyncFunctionDef | ast.Module) -> Iterator[ast.expr | ast.stmt]:
    """Statements and expressions that are executed: no annotations, no docstrings, no f-strings' insides."""
    todo: list[ast.AST] = list(function.body)
    while todo:
        node = todo.pop(0)
        if isinstance(node, ast.JoinedStr) or _is_text(node):
            continue
        if isinstance(node, ast.expr | ast.stmt):
            yield node
        skipped = {id(getattr(node, name, None)) for name in ("annotation", "returns")}
        todo += (child for child in ast.iter_child_nodes(node) if id(child) not in skipped)


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _mutant(
    path: str, files: Mapping[str, str], locator: Locator, node: ast.expr | ast.stmt, operator: str, new: str
) -> Mutant:
    old = locator.segment(node)
    splice: Splice = locator.splice(node, new)
    return Mutant(
        files={**files, path: apply(locator.text, [splice])}, operator=operator, place=f"{path}:{node.lineno}",
        what=f"{_short(old)} → {_short(new)}",
    )  # fmt: skip


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 50 else line[:49] + "…"


Change = Callable[[ast.expr | ast.stmt], Iterator[str]]

_COMPARISONS = {**OPPOSITE, **TOUCHING}
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult, ast.FloorDiv: ast.Div,
    ast.Mod: ast.FloorDiv, ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.BitXor: ast.BitOr,
    ast.LShift: ast.RShift, ast.RShift: ast.LShift,
}  # fmt: skip


def _comparison(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Compare):
        for table in (_COMPARISONS, FLIPPED):
            other = table.get(type(node.ops[0]))
            if other is not None:
                yield _brackets(ast.Compare(node.left, [other(), *node.ops[1:]], node.comparators))


def _arithmetic(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.BinOp) and not isinstance(node.left, ast.JoinedStr):
        yield _brackets(ast.BinOp(node.left, _ARITHMETIC.get(type(node.op), ast.Add)(), node.right))
    if isinstance(node, ast.AugAssign):
        yield ast.unparse(ast.AugAssign(node.target, _ARITHMETIC.get(type(node.op), ast.Add)(), node.value))


def _constant(node: ast.AST) -> Iterator[str]:
    if not isinstance(node, ast.Constant):
        return
    value = node.value
    if isinstance(value, bool):
        yield repr(not value)
    elif isinstance(value, int):
        yield f"({value + 1})"
        yield f"({value - 1})"
    elif isinstance(value, float):
        yield f"({value * 1.5 + 1.0!r})"
    elif isinstance(value, str):
        yield repr(value[:-1] if value else "x")
    elif isinstance(value, bytes):
        yield repr(value[:-1] if value else b"x")


def _off_by_one(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Subscript) and not isinstance(node.slice, ast.Slice | ast.Tuple | ast.Constant):
        yield f"{ast.unparse(node.value)}[({ast.unparse(node.slice)}) - 1]"
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range" and node.args:
        for place, by in ((-1, "- 1"), (0, "+ 1")):
            words = [ast.unparse(argument) for argument in node.args]
            words[place] = f"({words[place]}) {by}"
            yield f"range({', '.join(words)})"


def _condition(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.BoolOp):
        other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield _brackets(ast.BoolOp(other, node.values))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield f"({ast.unparse(node.operand)})"
    if isinstance(node, ast.IfExp):
        yield _brackets(ast.IfExp(node.test, node.orelse, node.body))


_DROPPED = (ast.AugAssign, ast.Delete, ast.Raise, ast.Assert, ast.Break)


def _dropped(node: ast.AST) -> Iterator[str]:
    called = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call | ast.Await | ast.Yield)
    stored = isinstance(node, ast.Assign) and not isinstance(node.targets[0], ast.Name)
    if called or stored or isinstance(node, _DROPPED):
        yield "pass"
    elif isinstance(node, ast.Continue):
        yield "break"


def _returned(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
        yield "return None"
        if isinstance(node.value, ast.List | ast.ListComp | ast.Tuple | ast.Name | ast.Call):
            yield "return []"


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _early(node: ast.AST) -> Iterator[str]:
    """A loop that ends after its first round: `ast` gives the body's indentation back."""
    if (
        isinstance(node, ast.For | ast.While)
        and not node.orelse
        and not isinstance(node.body[-1], ast.Break | ast.Return)
    ):
        inner = [*node.body, ast.Break()]
        text = ast.unparse(
            ast.For(node.target, node.iter, inner, [], lineno=1)
            if isinstance(node, ast.For)
            else ast.While(node.test, inner, [])
        )
        yield text.replace("\n", "\n" + " " * node.col_offset)


def _swapped(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Call) and len(node.args) >= 2 and not any(isinstance(a, ast.Starred) for a in node.args):
        yield ast.unparse(ast.Call(node.func, [node.args[1], node.args[0], *node.args[2:]], node.keywords))
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub | ast.Div | ast.FloorDiv | ast.Mod | ast.Pow):
        yield _brackets(ast.BinOp(node.right, node.op, node.left))


def _brackets(node: ast.expr) -> str:
    return f"({ast.unparse(node)})"


_OPERATORS: dict[str, Change] = {
    "comparison": _comparison, "arithmetic": _arithmetic, "constant": _constant, "off by one": _off_by_one,
    "condition": _condition, "dropped statement": _dropped, "returned value": _returned, "early end": _early,
    "swapped operands": _swapped,
}  # fmt: skip
