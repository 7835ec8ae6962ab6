"""Which variable a name is, as the compiler sees it: functions, classes, comprehensions, ``global``, ``nonlocal``."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Literal, NamedTuple

from .index import COMPREHENSIONS, Comprehension, Function, Index

__all__ = ["Binding", "Scope", "Scopes", "Variable"]

How = Literal["assign", "augment", "for", "parameter", "import", "def", "class", "annotation", "other"]
"""``"annotation"`` declares a variable and gives it no value; ``"other"``: a value that nothing is known of."""
ScopeKind = Literal["module", "function", "class", "comprehension"]
_DYNAMIC = frozenset({"exec", "eval", "locals", "globals", "vars", "dir"})
"""Names with which a file can read or write its variables unseen."""


class Binding(NamedTuple):
    """A place that gives a variable a value.

    Args:
        node: the name, parameter, alias, function or class.
        how: ``"assign"`` (also ``:=``), ``"augment"`` (``+=``), ``"for"`` (an item of what is looped over) …
        value: what is assigned, added or looped over, where there is an expression for it.
        path: which item of the value, where it is unpacked: ``(1, 0)`` for ``b`` in ``a, (b, c) = …``.
    """

    node: ast.AST
    how: How
    value: ast.expr | None = None
    path: tuple[int, ...] = ()


class Variable:
    """A name in the scope that owns it. Complete once the file's scopes are.

    Args:
        name: as written.
        scope: the owner.
    """

    __slots__ = ("bindings", "captured", "deletes", "name", "reads", "scope")

    def __init__(self, name: str, scope: Scope) -> None:
        self.name = name
        self.scope = scope
        self.bindings: list[Binding] = []
        self.reads: list[ast.Name] = []
        self.deletes: list[ast.AST] = []
        self.captured = False
        """Whether code that may run at another time (an inner function, a generator) reads or binds it."""

    @property
    def secret(self) -> bool:
        """Whether values may come and go unseen: ``exec`` and the like in its scope, or a name that classes mangle."""
        return self.scope.dynamic or (self.name.startswith("__") and not self.name.endswith("__"))


class Scope:
    """A module, function, class or comprehension.

    Args:
        node: what makes it.
        kind: which of these.
        parent: the scope around it.
    """

    def __init__(self, node: ast.AST, kind: ScopeKind, parent: Scope | None) -> None:
        self.node = node
        self.kind: ScopeKind = kind
        self.parent = parent
        self.variables: dict[str, Variable] = {}
        self.declared: dict[str, Literal["global", "nonlocal"]] = {}
        self.dynamic = False
        self.star = False
        self.bound: list[tuple[str, Binding]] = []
        self.loads: list[ast.Name] = []
        self.deletes: list[tuple[str, ast.AST]] = []

    @property
    def frame(self) -> Scope:
        """The scope whose code runs this one's: a comprehension runs in the function around it, a generator alone."""
        here = self
        while here.kind == "comprehension" and not isinstance(here.node, ast.GeneratorExp) and here.parent:
            here = here.parent
        return here

    def chain(self) -> Iterator[Scope]:
        """This scope and those in which its names are looked for: outer ones, but no outer classes."""
        yield self
        outer = self.parent
        while outer is not None:
            if outer.kind != "class":
                yield outer
            outer = outer.parent


class Scopes:
    """All scopes of a file.

    Args:
        index: the file's tree.
    """

    def __init__(self, index: Index) -> None:
        self._index = index
        self.module = Scope(index.tree, "module", None)
        self.all: list[Scope] = [self.module]
        self.by_node: dict[ast.AST, Scope] = {index.tree: self.module}
        self._variables: dict[ast.AST, Variable] = {}
        self._free: set[ast.AST] = set()
        for statement in index.tree.body:
            self._visit(statement, self.module)
        self._resolve()

    def variable(self, node: ast.AST) -> Variable | None:
        """The variable that a name, parameter, alias or definition reads or binds; ``None`` for builtins, unknowns."""
        return self._variables.get(node)

    def is_builtin(self, node: ast.expr, name: str | None = None) -> bool:
        """Whether a name certainly means the builtin so called (any, if no name is given)."""
        named = isinstance(node, ast.Name) and (name is None or node.id == name)
        return named and node in self._free and not self.module.star and not self.module.dynamic

    def of(self, node: ast.AST) -> Scope:
        """The scope that a function, class or comprehension makes; of any other node, the one it is evaluated in."""
        here = self.by_node.get(node)
        below = node
        for above in self._index.ancestors(node):
            if here is not None:
                return here
            scope = self.by_node.get(above)
            if scope is not None and _belongs(above, below, node):
                here = scope
            below = above
        return here or self.module

    # --- first pass: who binds and reads what

    def _visit(self, node: ast.AST, scope: Scope) -> None:
        visit = getattr(self, f"_visit_{type(node).__name__}", None)
        if visit is not None:
            visit(node, scope)
        else:
            self._children(node, scope)

    def _children(self, node: ast.AST, scope: Scope) -> None:
        for child in ast.iter_child_nodes(node):
            if not isinstance(child, ast.expr_context | ast.operator):
                self._visit(child, scope)

    def _open(self, node: ast.AST, kind: ScopeKind, parent: Scope) -> Scope:
        made = Scope(node, kind, parent)
        self.all.append(made)
        self.by_node[node] = made
        return made

    def _bind(self, scope: Scope, name: str, binding: Binding) -> None:
        scope.bound.append((name, binding))

    def _visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> None:  # noqa: N802
        self._bind(scope, node.name, Binding(node, "def"))
        for decorator in node.decorator_list:
            self._visit(decorator, scope)
        if node.returns:
            self._visit(node.returns, scope)
        inner = self._parameters(node, scope)
        for parameter in getattr(node, "type_params", ()):
            self._bind(inner, parameter.name, Binding(parameter, "other"))
        for statement in node.body:
            self._visit(statement, inner)

    _visit_AsyncFunctionDef = _visit_FunctionDef  # noqa: N815

    def _visit_Lambda(self, node: ast.Lambda, scope: Scope) -> None:  # noqa: N802
        self._visit(node.body, self._parameters(node, scope))

    def _parameters(self, node: Function, scope: Scope) -> Scope:
        arguments = node.args
        for default in (*arguments.defaults, *arguments.kw_defaults):
            if default is not None:
                self._visit(default, scope)
        inner = self._open(node, "function", scope)
        for argument in parameters(arguments):
            if argument.annotation:
                self._visit(argument.annotation, scope)
            self._bind(inner, argument.arg, Binding(argument, "parameter"))
        return inner

    def _visit_ClassDef(self, node: ast.ClassDef, scope: Scope) -> None:  # noqa: N802
        self._bind(scope, node.name, Binding(node, "class"))
        for part in (*node.decorator_list, *node.bases, *node.keywords):
            self._visit(part, scope)
        inner = self._open(node, "class", scope)
        for parameter in getattr(node, "type_params", ()):
            self._bind(inner, parameter.name, Binding(parameter, "other"))
        for statement in node.body:
            self._visit(statement, inner)

    def _comprehension(self, node: Comprehension, scope: Scope) -> None:
        first = node.generators[0].iter
        self._visit(first, scope)
        inner = self._open(node, "comprehension", scope)
        for generator in node.generators:
            if generator.iter is not first:
                self._visit(generator.iter, inner)
            self._target(generator.target, inner, "other" if generator.is_async else "for", generator.iter, ())
            for condition in generator.ifs:
                self._visit(condition, inner)
        results = (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,)
        for result in results:
            self._visit(result, inner)

    _visit_ListComp = _visit_SetComp = _visit_DictComp = _visit_GeneratorExp = _comprehension  # noqa: N815

    def _target(self, node: ast.expr, scope: Scope, how: How, value: ast.expr | None, path: tuple[int, ...]) -> None:
        """Bind the names of a target; other parts of it are looked at as expressions."""
        if isinstance(node, ast.Name):
            self._bind(scope, node.id, Binding(node, how, value, path))
        elif isinstance(node, ast.Tuple | ast.List):
            spread = any(isinstance(item, ast.Starred) for item in node.elts)
            for place, item in enumerate(node.elts):
                if spread:
                    self._target(item, scope, "other", None, ())
                elif how == "assign" and not path and (values := _values(value, len(node.elts))):
                    self._target(item, scope, how, values[place], ())
                else:
                    self._target(item, scope, how, value, (*path, place))
        elif isinstance(node, ast.Starred):
            self._target(node.value, scope, "other", None, ())
        else:
            self._visit(node, scope)

    def _visit_Assign(self, node: ast.Assign, scope: Scope) -> None:  # noqa: N802
        self._visit(node.value, scope)
        for target in node.targets:
            self._target(target, scope, "assign", node.value, ())

    def _visit_AnnAssign(self, node: ast.AnnAssign, scope: Scope) -> None:  # noqa: N802
        self._visit(node.annotation, scope)
        if node.value is not None:
            self._visit(node.value, scope)
            self._target(node.target, scope, "assign", node.value, ())
        elif isinstance(node.target, ast.Name):
            if node.simple:
                self._bind(scope, node.target.id, Binding(node.target, "annotation"))
        else:
            self._visit(node.target, scope)

    def _visit_AugAssign(self, node: ast.AugAssign, scope: Scope) -> None:  # noqa: N802
        self._visit(node.value, scope)
        if isinstance(node.target, ast.Name):
            self._bind(scope, node.target.id, Binding(node.target, "augment", node.value))
        else:
            self._visit(node.target, scope)

    def _visit_NamedExpr(self, node: ast.NamedExpr, scope: Scope) -> None:  # noqa: N802
        self._visit(node.value, scope)
        owner = scope
        while owner.kind == "comprehension" and owner.parent is not None:
            owner = owner.parent
        self._target(node.target, owner, "assign", node.value, ())

    def _visit_For(self, node: ast.For, scope: Scope) -> None:  # noqa: N802
        self._loop(node, scope, "for")

    def _visit_AsyncFor(self, node: ast.AsyncFor, scope: Scope) -> None:  # noqa: N802
        self._loop(node, scope, "other")

    def _loop(self, node: ast.For | ast.AsyncFor, scope: Scope, how: How) -> None:
        self._visit(node.iter, scope)
        self._target(node.target, scope, how, node.iter, ())
        for statement in (*node.body, *node.orelse):
            self._visit(statement, scope)

    def _visit_Import(self, node: ast.Import | ast.ImportFrom, scope: Scope) -> None:  # noqa: N802
        for alias in node.names:
            if alias.name == "*":
                scope.star = self.module.star = True
            else:
                self._bind(scope, alias.asname or alias.name.partition(".")[0], Binding(alias, "import"))

    _visit_ImportFrom = _visit_Import  # noqa: N815

    def _visit_Global(self, node: ast.Global, scope: Scope) -> None:  # noqa: N802
        scope.declared.update(dict.fromkeys(node.names, "global"))

    def _visit_Nonlocal(self, node: ast.Nonlocal, scope: Scope) -> None:  # noqa: N802
        scope.declared.update(dict.fromkeys(node.names, "nonlocal"))

    def _visit_ExceptHandler(self, node: ast.ExceptHandler, scope: Scope) -> None:  # noqa: N802
        if node.name:
            self._bind(scope, node.name, Binding(node, "other"))
            scope.deletes.append((node.name, node))
        self._children(node, scope)

    def _named_pattern(self, node: ast.MatchAs | ast.MatchStar, scope: Scope) -> None:
        if node.name:
            self._bind(scope, node.name, Binding(node, "other"))
        self._children(node, scope)

    _visit_MatchAs = _visit_MatchStar = _named_pattern  # noqa: N815

    def _visit_MatchMapping(self, node: ast.MatchMapping, scope: Scope) -> None:  # noqa: N802
        if node.rest:
            self._bind(scope, node.rest, Binding(node, "other"))
        self._children(node, scope)

    def _visit_Attribute(self, node: ast.Attribute, scope: Scope) -> None:  # noqa: N802
        if node.attr == "_getframe":
            self._dynamic(scope)
        self._visit(node.value, scope)

    def _visit_Name(self, node: ast.Name, scope: Scope) -> None:  # noqa: N802
        if isinstance(node.ctx, ast.Load):
            scope.loads.append(node)
            if node.id in _DYNAMIC and not self._of_an_object(node):
                self._dynamic(scope)
        elif isinstance(node.ctx, ast.Store):
            self._bind(scope, node.id, Binding(node, "other"))
        else:
            scope.deletes.append((node.id, node))

    def _of_an_object(self, node: ast.Name) -> bool:
        """Whether it is ``vars(something)``, or ``eval(input())``: nothing there names the variables here."""
        call = self._index.parent(node)
        if node.id == "eval" and isinstance(call, ast.Call) and len(call.args) == 1 and call.func is node:
            asked = call.args[0]
            return isinstance(asked, ast.Call) and isinstance(asked.func, ast.Name) and asked.func.id == "input"
        return node.id in {"vars", "dir"} and isinstance(call, ast.Call) and bool(call.args)

    def _dynamic(self, scope: Scope) -> None:
        for around in (scope, *scope.chain()):
            around.dynamic = True

    # --- second pass: whose name it is

    def _resolve(self) -> None:
        for scope in self.all:
            for name in (*(name for name, _ in scope.bound), *(name for name, _ in scope.deletes)):
                if name not in scope.declared:
                    scope.variables.setdefault(name, Variable(name, scope))
                elif scope.declared[name] == "global":
                    self.module.variables.setdefault(name, Variable(name, self.module))
        for scope in self.all:
            self._resolve_names(scope)

    def _resolve_names(self, scope: Scope) -> None:
        for name, binding in scope.bound:
            variable = self._owner(scope, name)
            if variable is not None:
                self._variables[binding.node] = variable
                variable.bindings.append(binding)
                variable.captured |= variable.scope.frame is not scope.frame
        for name, node in scope.deletes:
            variable = self._owner(scope, name)
            if variable is not None:
                variable.deletes.append(node)
                variable.captured |= variable.scope.frame is not scope.frame
        for node in scope.loads:
            variable = self._owner(scope, node.id)
            if variable is None:
                self._free.add(node)
            else:
                self._variables[node] = variable
                variable.reads.append(node)
                variable.captured |= variable.scope.frame is not scope.frame

    def _owner(self, scope: Scope, name: str) -> Variable | None:
        if scope.declared.get(name) == "global":
            return self.module.variables.get(name)
        skip = scope.declared.get(name) == "nonlocal"
        for around in scope.chain():
            if skip and (around is scope or around.kind == "module"):
                continue
            if around.declared.get(name) == "global":
                return self.module.variables.get(name)
            if name in around.variables:
                return around.variables[name]
        return None


def parameters(arguments: ast.arguments) -> list[ast.arg]:
    """All parameters of a function, ``*args`` and ``**kwargs`` included."""
    extra = [argument for argument in (arguments.vararg, arguments.kwarg) if argument is not None]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *extra]


def _values(value: ast.expr | None, count: int) -> list[ast.expr]:
    """The items of a display of so many, to be unpacked one by one; else none."""
    if not isinstance(value, ast.Tuple | ast.List) or any(isinstance(item, ast.Starred) for item in value.elts):
        return []
    return value.elts if len(value.elts) == count else []


def _belongs(owner: ast.AST, below: ast.AST, node: ast.AST) -> bool:
    """Whether a part of what makes a scope is evaluated in that scope, not in the one around it."""
    if isinstance(owner, ast.Lambda):
        return below is owner.body
    if isinstance(owner, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return below in owner.body or isinstance(node, ast.arg)
    if isinstance(owner, COMPREHENSIONS) and below is owner.generators[0]:
        first: ast.AST = owner.generators[0].iter
        return not any(part is node for part in ast.walk(first))
    return True
