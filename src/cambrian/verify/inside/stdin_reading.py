"""Runs beside a program in its jail: reads from the text what becomes of what it reads. Standard library only.

A call that reads (`input()`, `sys.stdin.readline()` …) is followed outwards, by abstract interpretation of the text
around it: through `strip`, `split`, `int`, `map(int, …)`, comprehensions, unpacking and names. What is left open
("how many?", "how large?") is tried out by `stdin_drawing`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

__all__ = ["Facts", "Use"]

_SAME_TEXT = {"strip", "rstrip", "lstrip", "decode", "encode", "lower", "upper", "swapcase", "replace"}
_NUMBERS = {"int": "int", "float": "float", "Decimal": "float", "Fraction": "int", "complex": "float", "ord": "str"}
_GATHER = {"list", "tuple", "sorted", "set", "reversed", "deque", "array", "frozenset", "iter", "enumerate", "Counter"}
_TEXTUAL = {"count", "find", "index", "startswith", "endswith", "isdigit", "isupper", "islower", "join", "rfind"}


@dataclass(frozen=True)
class Use:
    """What becomes of one read text.

    `kind` is ``"int"``, ``"float"``, ``"str"`` or "" (open); `split`: it is several fields; `fields`: so many, 0 if
    open; `names`: of the fields; `chars`: each character is an item; `code`: it is evaluated; `passed`: it goes to the
    caller; `looped`: it is read in a loop without a count; `guarded`: the end of the input is expected there.
    """

    kind: str = ""
    split: bool = False
    fields: int = 0
    names: tuple[str, ...] = ()
    chars: bool = False
    code: bool = False
    passed: bool = False
    looped: bool = False
    guarded: bool = False
    rest: bool = False


@dataclass
class Facts:
    """What a program's text says. Nothing of it is run."""

    text: str
    parents: dict[ast.AST, ast.AST] = field(default_factory=dict[ast.AST, ast.AST])
    calls: dict[tuple[int, int, int, int], ast.expr] = field(default_factory=dict[tuple[int, int, int, int], ast.expr])
    counts: set[str] = field(default_factory=set[str])
    numbers: list[int] = field(default_factory=list[int])
    words: list[str] = field(default_factory=list[str])
    lowercase: bool = False
    uppercase: bool = False

    def __post_init__(self) -> None:
        self.tree = ast.parse(self.text)
        for node in ast.walk(self.tree):
            for child in ast.iter_child_nodes(node):
                self.parents[child] = node
            if isinstance(node, ast.Call | ast.For | ast.comprehension):
                self._keep(node.iter if isinstance(node, ast.For | ast.comprehension) else node)
            self._constant(node)
            self._counted(node)

    def _keep(self, node: ast.expr) -> None:
        self.calls[node.lineno, node.end_lineno or 0, node.col_offset, node.end_col_offset or 0] = node

    def _constant(self, node: ast.AST) -> None:
        if isinstance(node, ast.Constant) and type(node.value) is int and abs(node.value) < 10**6:
            self.numbers.append(node.value)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and 0 < len(node.value) <= 16:
            if not isinstance(self.parents.get(node), ast.Compare | ast.Call | ast.List | ast.Tuple | ast.Set):
                return
            self.words.append(node.value)
        if isinstance(node, ast.Name | ast.Attribute):
            name = node.id if isinstance(node, ast.Name) else node.attr
            self.lowercase |= name == "ascii_lowercase"
            self.uppercase |= name == "ascii_uppercase"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "ord":
            letter = node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else None
            self.lowercase |= letter == "a"
            self.uppercase |= letter == "A"

    def _counted(self, node: ast.AST) -> None:
        """Names that say how often something is done, or how long something is."""
        held: list[ast.AST] = []
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range":
            held = list(node.args)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.LShift):
            sides = (node.left, node.right)
            if any(isinstance(side, ast.List) for side in sides) or isinstance(node.op, ast.LShift):
                held = [side for side in sides if not isinstance(side, ast.List)]
        elif isinstance(node, ast.While):
            held = [node.test]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
            held = list(node.args) if name in ("factorial", "combinations", "permutations", "zeros") else []
        for each in held:
            self.counts |= {part.id for part in ast.walk(each) if isinstance(part, ast.Name)}

    def use_at(self, place: tuple[int, int, int, int]) -> Use | None:
        """What becomes of the value of the call at a place; `None` if there is no call."""
        node = self.calls.get(place)
        return None if node is None else self._around(node, self._up(node, Use(), 0))

    def _around(self, node: ast.AST, use: Use) -> Use:
        looped = guarded = False
        walked: ast.AST | None = node
        while walked is not None and not isinstance(walked, ast.FunctionDef | ast.Lambda):
            parent = self.parents.get(walked)
            looped |= isinstance(walked, ast.While)
            guarded |= isinstance(parent, ast.Try) and walked in parent.body
            walked = parent
        return replace(use, looped=looped, guarded=guarded)

    def _up(self, node: ast.AST, use: Use, depth: int) -> Use:
        """Follow a value outwards."""
        parent = self.parents.get(node)
        if parent is None or depth > 20:
            return use
        for step in (self._method, self._argument, self._iterated, self._stored):
            found = step(node, parent, use, depth + 1)
            if found is not None:
                return found
        return use

    def _method(self, node: ast.AST, parent: ast.AST, use: Use, depth: int) -> Use | None:
        if isinstance(parent, ast.Subscript) and parent.value is node:
            return self._up(parent, use, depth)
        if not isinstance(parent, ast.Attribute):
            return None
        call = self.parents.get(parent)
        if not isinstance(call, ast.Call) or call.func is not parent:
            return use
        if parent.attr in _SAME_TEXT or parent.attr in ("split", "splitlines"):
            return self._up(call, replace(use, split=use.split or "split" in parent.attr), depth)
        return replace(use, kind=use.kind or "str") if parent.attr in _TEXTUAL else use

    def _argument(self, node: ast.AST, parent: ast.AST, use: Use, depth: int) -> Use | None:
        if isinstance(parent, ast.Starred):
            return self._up(parent, use, depth)
        if not isinstance(parent, ast.Call) or node not in parent.args:
            return None
        return self._given(node, parent, use, depth)

    def _given(self, node: ast.AST, parent: ast.Call, use: Use, depth: int) -> Use:
        """What a function makes of it."""
        function = parent.func
        name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
        if name == "map" and parent.args[0] is not node:
            kind = self._kind_of(parent.args[0])
            return self._up(parent, replace(use, kind=use.kind or kind, chars=use.chars or not use.split), depth)
        if name == "eval" or name in _NUMBERS:
            kind = use.kind or _NUMBERS.get(name, "")
            return self._up(parent, replace(use, kind=kind, code=use.code or name == "eval"), depth)
        if name in _GATHER:
            chars = use.chars or not (use.split or use.kind)
            return self._up(parent, replace(use, chars=chars, kind=use.kind or ("str" if chars else "")), depth)
        if name == "len" and not use.split:
            use = replace(use, kind=use.kind or "str")
        if name == "append" and isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
            use = replace(use, names=(function.value.id,))
        return self._up(parent, use, depth) if name == "str" else use

    def _kind_of(self, function: ast.expr) -> str:
        if isinstance(function, ast.Name) and function.id in _NUMBERS:
            return _NUMBERS[function.id]
        if isinstance(function, ast.Name):
            return "str" if function.id == "str" else ""
        return _number_in(function)

    def _iterated(self, node: ast.AST, parent: ast.AST, use: Use, depth: int) -> Use | None:
        if isinstance(parent, ast.comprehension) and parent.iter is node:
            made = self.parents[parent]
            element = getattr(made, "elt", None)
            kind = _number_in(element) if isinstance(element, ast.AST) else ""
            chars = use.chars or not use.split
            return self._up(made, replace(use, kind=use.kind or kind, chars=chars), depth)
        if isinstance(parent, ast.ListComp | ast.GeneratorExp | ast.SetComp):
            return self._up(parent, use, depth) if isinstance(self.parents.get(parent), ast.Assign) else use
        if isinstance(parent, ast.For) and parent.iter is node:
            return replace(use, chars=not use.split, names=_names(parent.target))
        return None

    def _stored(self, node: ast.AST, parent: ast.AST, use: Use, depth: int) -> Use | None:
        if isinstance(parent, ast.Return) or (isinstance(parent, ast.Lambda) and parent.body is node):
            return replace(use, passed=True)
        if isinstance(parent, ast.BinOp | ast.Compare | ast.IfExp | ast.NamedExpr | ast.List | ast.Tuple):
            return use
        if not isinstance(parent, ast.Assign | ast.AnnAssign | ast.AugAssign):
            return None
        target = parent.targets[0] if isinstance(parent, ast.Assign) else parent.target
        if isinstance(target, ast.Tuple | ast.List):
            return self._unpacked(target, parent, use)
        names = _names(target)
        rows = isinstance(node, ast.ListComp)
        settled = use.kind and not use.code
        return replace(use, names=names) if settled or rows or depth > 12 else self._followed(parent, names, use, depth)

    def _unpacked(self, target: ast.Tuple | ast.List, statement: ast.AST, use: Use) -> Use:
        names = tuple(next(iter(_names(each)), "") for each in target.elts)
        rest = any(isinstance(each, ast.Starred) for each in target.elts)
        given = len(names) - 1 if rest else len(names)
        kind = use.kind
        if not kind:
            kinds = {self._up(read, Use(), 1).kind for name in names for read in self._reads(statement, (name,))}
            kind = "int" if "int" in kinds else ""
        return replace(use, fields=given, names=names, rest=rest, chars=not use.split, kind=kind)

    def _followed(self, statement: ast.AST, names: tuple[str, ...], use: Use, depth: int) -> Use:
        """What its reads say, where the statement itself does not."""
        best = replace(use, names=names)
        for read in self._reads(statement, names):
            found = self._up(read, Use(split=use.split, kind=use.kind), depth + 4)
            if found.kind or found.split:
                best = replace(best, kind=best.kind or found.kind, split=best.split or found.split)
                best = replace(best, chars=best.chars or (found.chars and not best.split), fields=found.fields)
                break
        if not best.kind and not best.split and any(map(self._indexed, self._reads(statement, names))):
            best = replace(best, kind="str")
        return best

    def _indexed(self, read: ast.Name) -> bool:
        parent = self.parents.get(read)
        return (isinstance(parent, ast.Subscript) and parent.value is read) or (
            isinstance(parent, ast.For | ast.comprehension) and parent.iter is read
        )

    def _reads(self, statement: ast.AST, names: tuple[str, ...]) -> Iterator[ast.Name]:
        last = getattr(statement, "lineno", 0)
        for node in ast.walk(self.tree):
            if (
                isinstance(node, ast.Name)
                and node.id in names
                and node.lineno >= last
                and isinstance(node.ctx, ast.Load)
            ):
                yield node


def _number_in(node: ast.AST) -> str:
    """The first kind of number that a function or an expression makes."""
    named = [part.id for part in ast.walk(node) if isinstance(part, ast.Name)]
    return next((_NUMBERS[name] for name in named if name in _NUMBERS), "")


def _names(target: ast.AST) -> tuple[str, ...]:
    return tuple(node.id for node in ast.walk(target) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
