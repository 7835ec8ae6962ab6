"""What an expression's value certainly is: by literals, builtins, operators, methods, and all bindings of a variable.

Kinds of variables are the least fixed point over the bindings that may reach a read: begun with "no value yet", joined
until nothing changes. Kinds of items count all that is put into an object, as long as it does not escape.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from .flow import Flow
from .guessing import Guessing
from .hints import annotated
from .index import Index
from .kind import NEVER, Kind, clean, item_of, join, operated, value_of
from .meaning import Meanings
from .purity import functions
from .scopes import Binding, Scopes, Variable
from .tables import CHANGES, CONSTANTS, KEEPS, READING, RETURNS, SCALARS, STORES_ITEMS
from .uses import Uses

__all__ = ["Kind", "Kinds"]

_ROUNDS = 12
_CALLS = 6
"""Functions of the file that are looked into, one behind the other."""
_DEEP = 25
"""Variables whose kind hangs on another's, one behind the other; beyond, a kind is unknown."""
_MANY = 60
"""Bindings that may reach one read; of a variable that has more, the kind is unknown."""
_Version = tuple[Binding, ...]
_SAME_ITEMS = frozenset({"list", "tuple", "set", "frozenset", "sorted", "reversed", "iter", "deque", "Counter"})
_DISPLAYS: dict[type[ast.AST], str] = {
    ast.List: "list",
    ast.Tuple: "tuple",
    ast.Set: "set",
    ast.ListComp: "list",
    ast.SetComp: "set",
    ast.GeneratorExp: "generator",
}


class Kinds:
    """Kinds of a file's expressions.

    Args:
        index: the file's tree.
        scopes: its scopes.
        flow: which bindings reach a read.
        meanings: what its names refer to.
        uses: what happens to objects.
        guessing: what bare parameters are taken for, if that and type hints are believed; the kind then names them.
    """

    def __init__(
        self, index: Index, scopes: Scopes, flow: Flow, meanings: Meanings, uses: Uses, guessing: Guessing | None
    ) -> None:
        self._index, self._scopes, self._flow, self._meanings, self._uses = index, scopes, flow, meanings, uses
        self._guessing = guessing
        self._done: dict[_Version, Kind | None] = {}
        self._now: dict[_Version, Kind | None] = {}
        self._seen: set[_Version] = set()
        self._depth = 0
        self._returned: dict[ast.AST, Kind | None] = {}
        self._asked: set[ast.AST] = set()
        self._changed = False

    def of(self, node: ast.expr) -> Kind | None:
        """The kind of an expression, ``None`` if it is not certain."""
        return clean(self._of(node))

    # --- expressions

    def _of(self, node: ast.expr | None) -> Kind | None:
        if node is None:
            return None
        if type(node) in _DISPLAYS:
            return self._display(node)
        of = getattr(self, f"_of_{type(node).__name__}", None)
        return of(node) if of is not None else None

    def _display(self, node: ast.expr) -> Kind | None:
        name = _DISPLAYS[type(node)]
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            return Kind(name, self._joined(node.elts))
        assert isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp)
        return Kind(name, self._of(node.elt))

    def _joined(self, nodes: Iterable[ast.expr]) -> Kind | None:
        found: Kind | None = NEVER
        for node in nodes:
            if isinstance(node, ast.Starred):
                found = join(found, item_of(self._of(node.value)))
            else:
                found = join(found, self._of(node))
            if found is None:
                return None
        return found

    def _of_Constant(self, node: ast.Constant) -> Kind | None:  # noqa: N802
        return Kind(type(node.value).__name__)

    def _of_JoinedStr(self, node: ast.JoinedStr) -> Kind | None:  # noqa: ARG002, N802
        return Kind("str")

    def _of_Lambda(self, node: ast.Lambda) -> Kind | None:  # noqa: ARG002, N802
        return Kind("function")

    def _of_Dict(self, node: ast.Dict) -> Kind | None:  # noqa: N802
        if any(key is None for key in node.keys):
            return Kind("dict")
        return Kind("dict", self._joined(key for key in node.keys if key), self._joined(node.values))

    def _of_DictComp(self, node: ast.DictComp) -> Kind | None:  # noqa: N802
        return Kind("dict", self._of(node.key), self._of(node.value))

    def _of_NamedExpr(self, node: ast.NamedExpr) -> Kind | None:  # noqa: N802
        return self._of(node.value)

    def _of_IfExp(self, node: ast.IfExp) -> Kind | None:  # noqa: N802
        return join(self._of(node.body), self._of(node.orelse))

    def _of_BoolOp(self, node: ast.BoolOp) -> Kind | None:  # noqa: N802
        return self._joined(node.values)

    def _of_UnaryOp(self, node: ast.UnaryOp) -> Kind | None:  # noqa: N802
        if isinstance(node.op, ast.Not):
            return Kind("bool")
        operand = self._of(node.operand)
        if operand is None or operand is NEVER:
            return operand
        if operand.name in {"int", "bool"}:
            return Kind("int", hints=operand.hints)
        return operand if operand.name in {"float", "number"} and not isinstance(node.op, ast.Invert) else None

    def _of_BinOp(self, node: ast.BinOp) -> Kind | None:  # noqa: N802
        return operated(node.op, self._of(node.left), self._of(node.right), node.right)

    def _of_Compare(self, node: ast.Compare) -> Kind | None:  # noqa: N802
        if all(isinstance(op, ast.In | ast.NotIn | ast.Is | ast.IsNot) for op in node.ops):
            return Kind("bool")
        hints: frozenset[str] = frozenset()
        for operand in (node.left, *node.comparators):
            kind = self._of(operand)
            if kind is None:
                return None
            hints |= kind.hints
        return Kind("bool", hints=hints)

    def _of_Subscript(self, node: ast.Subscript) -> Kind | None:  # noqa: N802
        owner = self._of(node.value)
        if owner is None or owner is NEVER:
            return owner
        if isinstance(node.slice, ast.Slice):
            return owner if owner.name in {"list", "str", "tuple", "bytes", "range"} else None
        if owner.name in {"dict", "Counter", "defaultdict", "OrderedDict"}:
            return value_of(owner)
        return item_of(owner) if owner.name in {"list", "str", "tuple", "bytes", "range", "deque"} else None

    def _of_Attribute(self, node: ast.Attribute) -> Kind | None:  # noqa: N802
        meaning = self._meanings.of(node)
        return Kind(CONSTANTS[meaning]) if meaning in CONSTANTS else None

    def _of_Name(self, node: ast.Name) -> Kind | None:  # noqa: N802
        version = self._flow.reaching(node)
        return self._of_version(version) if version else None

    def _of_Call(self, node: ast.Call) -> Kind | None:  # noqa: N802
        meaning = self._meanings.of(node.func)
        if meaning:
            return self._of_function(meaning, node)
        if isinstance(node.func, ast.Attribute):
            return self._of_method(node.func, node)
        function = functions(self._scopes, node.func)
        return None if function is None else self._of_own(function)

    def _of_own(self, function: ast.FunctionDef) -> Kind | None:
        """What all returns of a function of the file give; unknown if that hangs on itself."""
        if function in self._returned:
            return self._returned[function]
        if len(self._asked) >= _CALLS or function in self._asked:
            return None
        state = self._now, self._seen, self._depth, self._changed  # its variables are worked out by themselves
        self._now, self._seen, self._depth = {}, set(), 0
        self._asked.add(function)
        try:
            kind = self._all_returns(function)
        finally:
            self._asked.discard(function)
            self._now, self._seen, self._depth, self._changed = state
        self._returned[function] = kind
        return kind

    def _all_returns(self, function: ast.FunctionDef) -> Kind | None:
        own = [part for part in ast.walk(function) if self._index.function(part) is function]
        found = [part for part in own if isinstance(part, ast.Return)]
        suspends = any(isinstance(part, ast.Yield | ast.YieldFrom) for part in own)
        if suspends or not found or not isinstance(function.body[-1], ast.Return | ast.Raise):
            return None
        kind: Kind | None = NEVER
        for one in found:
            kind = join(kind, self._of(one.value))
        return kind if kind is not None and kind.name in SCALARS else None  # others may be kept by the function

    def _of_function(self, meaning: str, node: ast.Call) -> Kind | None:
        name = RETURNS.get(meaning)
        short = meaning.rpartition(".")[2]
        first = self._of(node.args[0]) if node.args and not isinstance(node.args[0], ast.Starred) else None
        if name is None:
            return self._of_numeric(meaning, node, first)
        if short in _SAME_ITEMS or (short == "dict" and first is not None and first.name == "dict"):
            return _of_items(name, short, node, first)
        if short in {"dict", "OrderedDict", "defaultdict"}:
            return self._of_dict(name, short, node)
        return Kind(name, Kind("tuple")) if short == "enumerate" else Kind(name)

    def _of_dict(self, name: str, short: str, node: ast.Call) -> Kind:
        """The kind of a dict that is made; its items are known if it starts empty."""
        most = 1 if short == "defaultdict" else 0
        if node.keywords or len(node.args) > most:
            return Kind(name)
        return Kind(name, NEVER, self._default(node) if short == "defaultdict" else NEVER)

    def _default(self, node: ast.Call) -> Kind | None:
        """The kind of a defaultdict's values, from what makes them."""
        made = RETURNS.get(self._meanings.of(node.args[0])) if node.args else None
        return Kind(made, NEVER, NEVER) if made in {"list", "set", "dict", "int", "str", "float"} else None

    def _of_numeric(self, meaning: str, node: ast.Call, first: Kind | None) -> Kind | None:
        one = len(node.args) == 1
        if meaning == "builtins.sum" and one:
            item = item_of(first)
            return item if item is not None and item.name in {"int", "number"} else None
        if meaning in {"builtins.min", "builtins.max"}:
            kind = item_of(first) if one else self._joined(node.args)
            return None if any(word.arg == "default" for word in node.keywords) else kind
        if first is None or first.name not in {"int", "float", "number"}:
            return None
        if meaning == "builtins.round":
            return Kind("int", hints=first.hints) if one else first
        return first if meaning == "builtins.abs" else None

    def _of_method(self, func: ast.Attribute, node: ast.Call) -> Kind | None:  # noqa: PLR0911
        owner = self._of(func.value)
        if owner is None or owner is NEVER:
            return owner
        if func.attr == "pop":
            if owner.name in {"list", "deque", "set"}:
                return item_of(owner)
            return value_of(owner) if owner.name == "dict" and len(node.args) == 1 else None
        if func.attr in {"get", "setdefault"} and owner.name in {"dict", "Counter", "defaultdict"}:
            return join(value_of(owner), self._of(node.args[1])) if len(node.args) == 2 else None
        name = READING.get(owner.name, {}).get(func.attr)
        if not name:
            return None
        if name == "view":
            item = {"keys": item_of(owner), "values": value_of(owner)}.get(func.attr, Kind("tuple"))
            return Kind("view", item, hints=owner.hints)
        if func.attr in {"copy", "difference", "intersection"}:
            return owner
        strings = owner.name == "str" and name in {"list", "tuple"}
        return Kind(name, Kind("str") if strings else None, hints=owner.hints)

    # --- variables

    def _of_version(self, version: _Version) -> Kind | None:
        if len(version) > _MANY:
            return None
        if version in self._done:
            return self._done[version]
        if version in self._seen:
            return self._now.get(version, NEVER)
        if self._depth >= _DEEP:
            return None
        if self._depth:
            return self._round(version)
        self._now = {}
        for _ in range(_ROUNDS):
            self._changed, self._seen = False, set()
            self._round(version)
            if not self._changed:
                break
        else:
            self._now = dict.fromkeys(self._now)
        self._done.update((one, self._now[one]) for one in self._seen)  # others were not looked at again: stale
        self._now, self._seen = {}, set()
        return self._done[version]

    def _round(self, version: _Version) -> Kind | None:
        """Work a variable's kind out once, from what is known so far of those that it hangs on."""
        self._seen.add(version)
        self._depth += 1
        try:
            kind = self._bound(version)
        finally:
            self._depth -= 1
        if version not in self._now or self._now[version] != kind:
            self._changed = True
            self._now[version] = kind
        return kind

    def _bound(self, version: _Version) -> Kind | None:
        variable = self._scopes.variable(version[0].node)
        if variable is None or variable.secret:
            return None
        kind: Kind | None = NEVER
        for binding in version:
            if binding.how != "annotation":
                kind = join(kind, self._of_binding(binding, variable))
            if kind is None:
                return None
        if kind.item is None and kind.value is None:
            return kind
        return self._with_contents(kind, variable, version)

    def _of_binding(self, binding: Binding, variable: Variable) -> Kind | None:
        if variable.scope.kind == "module" and self._index.function(binding.node) is not None:
            return None
        if binding.how == "parameter":
            return self._of_parameter(binding.node, variable)
        if binding.how == "augment":
            statement = self._index.parent(binding.node)
            assert isinstance(statement, ast.AugAssign)
            assert isinstance(binding.node, ast.Name)
            before = self._of_version(self._flow.reaching(binding.node))
            return operated(statement.op, before, self._of(binding.value), statement.value, in_place=True)
        if binding.how == "for" and binding.value is not None:
            return self._unpacked_item(binding.value, binding.path)
        if binding.how == "assign" and binding.value is not None:
            return _path(self._of(binding.value), binding.path)
        return Kind("function") if binding.how == "def" and not getattr(binding.node, "decorator_list", ()) else None

    def _of_parameter(self, node: ast.AST, variable: Variable) -> Kind | None:
        function = variable.scope.node
        assert isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        if node is function.args.vararg:
            return Kind("tuple")
        if node is function.args.kwarg:
            return Kind("dict", Kind("str"))
        if self._guessing is None or not isinstance(node, ast.arg):
            return None
        if node.annotation is None:
            told = self._guessing.told(node)
            return Kind(told, hints=frozenset({f"{node.arg!r} is of type {told}"})) if told else None
        return annotated(node.annotation, f"{node.arg!r} is what its type hint says")

    def _unpacked_item(self, iterated: ast.expr, path: tuple[int, ...]) -> Kind | None:
        """The kind of an item of what is looped over, or of a part of it."""
        if isinstance(iterated, ast.Call) and path:
            meaning = self._meanings.of(iterated.func)
            if meaning == "builtins.enumerate" and iterated.args:
                return Kind("int") if path[0] == 0 else self._unpacked_item(iterated.args[0], path[1:])
            if meaning == "builtins.zip" and path[0] < len(iterated.args) and not _starred(iterated):
                return self._unpacked_item(iterated.args[path[0]], path[1:])
            if isinstance(iterated.func, ast.Attribute) and iterated.func.attr == "items":
                owner = self._of(iterated.func.value)
                if owner is NEVER:
                    return NEVER
                if owner is not None and owner.name in {"dict", "Counter", "defaultdict", "OrderedDict"}:
                    return _path(item_of(owner) if path[0] == 0 else value_of(owner), path[1:])
        return _path(item_of(self._of(iterated)), path)

    # --- what is put into an object

    def _with_contents(self, kind: Kind, variable: Variable, version: _Version) -> Kind | None:
        """The kind with all that is put into the object; without kinds of items where that is not known."""
        if variable.captured or (variable.scope.kind == "module" and variable.scope.dynamic):
            return Kind(kind.name, hints=kind.hints)
        if not all(self._uses.sole(binding) for binding in version if binding.how == "assign"):
            return Kind(kind.name, hints=kind.hints)
        for read in variable.reads:
            if not any(one in version for one in self._flow.reaching(read)):
                continue
            put = self._put(read, kind)
            if put is None:
                return Kind(kind.name, hints=kind.hints)
            for item, value in put:
                kind = Kind(kind.name, join(kind.item, item), join(kind.value, value), kind.hints)
        return kind

    def _put(self, read: ast.Name, kind: Kind) -> list[tuple[Kind | None, Kind | None]] | None:
        """Kinds of items and values that a use puts in; ``None`` if that cannot be known."""
        use = self._uses.use(read)
        if use in {"read", "return"}:
            return []
        parent = self._index.parent(read)
        call = self._index.parent(parent) if parent is not None else None
        if use == "escape" or parent is None:
            return None
        if isinstance(parent, ast.Subscript) and isinstance(parent.ctx, ast.Del):
            return []
        if isinstance(parent, ast.Subscript):
            return self._stored(parent, call, kind)
        if isinstance(parent, ast.Attribute) and isinstance(call, ast.Call):
            return list(self._called(parent.attr, call)) if parent.attr in CHANGES else None
        return None

    def _stored(
        self, target: ast.Subscript, statement: ast.AST | None, kind: Kind
    ) -> list[tuple[Kind | None, Kind | None]] | None:
        mapping = kind.name in {"dict", "Counter", "defaultdict", "OrderedDict"}
        if isinstance(statement, ast.Assign) and target in statement.targets:
            new = self._of(statement.value)
            if isinstance(target.slice, ast.Slice):
                new = item_of(new)
        elif isinstance(statement, ast.AugAssign) and not isinstance(target.slice, ast.Slice):
            old = kind.value if mapping else kind.item
            new = operated(statement.op, old, self._of(statement.value), statement.value)
        else:
            return None
        return [(self._of(target.slice), new)] if mapping else [(new, NEVER if kind.value is NEVER else kind.value)]

    def _called(self, method: str, call: ast.Call) -> Iterator[tuple[Kind | None, Kind | None]]:
        if method in KEEPS and method != "setdefault":
            yield (self._of(call.args[-1]) if call.args and not _starred(call) else None), NEVER
        elif method == "setdefault":
            yield (self._of(call.args[0]), self._of(call.args[1])) if len(call.args) == 2 else (None, None)
        elif method in STORES_ITEMS or method == "subtract":
            given = self._of(call.args[0]) if len(call.args) == 1 and not call.keywords else None
            yield item_of(given), value_of(given)
        elif method.endswith("_update"):
            yield None, NEVER


def _starred(call: ast.Call) -> bool:
    return any(isinstance(argument, ast.Starred) for argument in call.args)


def _path(kind: Kind | None, path: tuple[int, ...]) -> Kind | None:
    for _ in path:
        kind = item_of(kind)
    return kind


def _of_items(name: str, short: str, node: ast.Call, first: Kind | None) -> Kind:
    """The kind of a container that is made of another one's items."""
    item = item_of(first) if node.args else NEVER
    if short == "Counter":
        counted = not node.args or (first is not None and first.name in {"list", "str"})
        return Kind(name, item, Kind("int") if counted else None)
    return Kind(name, item, (value_of(first) if node.args else NEVER) if name == "dict" else None)
