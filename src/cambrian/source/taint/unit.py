"""A file: its imports, functions and classes, and what reaches a sink in it. One walk; nothing is executed."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import NamedTuple, Protocol

from .frame import Frame, Function, Hit, Summary
from .knowledge import REQUEST_NAMES, ROUTES
from .statements import Statements, unlabelled
from .value import CLEAN, HOSTILE, TAINTED, UNKNOWN, Step, Value, joined

__all__ = ["Others", "Unit"]

_WEB = frozenset({
    "flask", "quart", "django", "fastapi", "starlette", "bottle", "aiohttp", "sanic", "rest_framework", "falcon",
    "pyramid", "flask_restful", "flask_restx", "litestar",
})  # fmt: skip
_FRAMEWORK_REQUEST = {
    "django": "django.http.HttpRequest", "rest_framework": "django.http.HttpRequest", "aiohttp": "aiohttp.web.Request",
    "fastapi": "fastapi.Request", "starlette": "fastapi.Request", "sanic": "sanic.Request",
    "pyramid": "pyramid.request.Request",
    "falcon": "falcon.Request",
}  # fmt: skip
_NUMBERS = frozenset({
    "int", "float", "bool", "UUID", "Decimal", "date", "datetime", "Literal", "PositiveInt", "NonNegativeInt", "conint",
})  # fmt: skip
_HTTP_METHODS = frozenset({"get", "post", "put", "delete", "patch", "head", "on_get", "on_post", "on_put", "on_delete"})
_DEPTH = 12
"""Functions that are looked through because others call them, one inside of the other."""


class Others(Protocol):
    """The other files of a project."""

    def exported(self, file: str, module: str, name: str, level: int) -> Value | None:
        """A name of another file; ``None`` if the project has no such file.

        Args:
            file: who asks.
            module: dotted, as imported.
            name: of a function, a class or a variable; ``""`` for the module itself.
            level: leading dots of a relative import.
        """
        ...

    def summary(self, own: tuple[str, str]) -> Summary | None:
        """What a function of another file does."""
        ...

    def field(self, owner: tuple[str, str], name: str, instance: Value) -> Value | None:
        """An attribute of a class or an object of another file."""
        ...


class _Class(NamedTuple):
    """A class: its methods, what its attributes hold, and what it is derived from."""

    node: ast.ClassDef
    methods: dict[str, Function]
    fields: dict[str, Value]
    bases: tuple[Value, ...]


class Unit(Statements):
    """A file.

    Args:
        tree: of bounded depth.
        file: relative path.
        others: the rest of the project.
    """

    def __init__(self, tree: ast.Module, file: str = "program.py", others: Others | None = None) -> None:
        super().__init__(file)
        self.others = others
        self.frameworks: set[str] = set()
        self.modules: set[str] = set()
        """Dotted names of what is imported."""
        self._functions: dict[str, Function] = {}
        self._closures: dict[str, tuple[Mapping[str, Value], ...]] = {}
        self._classes: dict[str, _Class] = {}
        self._summaries: dict[str, Summary] = {}
        self._under_way: set[str] = set()
        self._patterns: dict[str, str] = {}
        self._look(tree)

    @property
    def patterns(self) -> Mapping[str, str]:
        """Names of compiled regular expressions → their patterns."""
        return self._patterns

    def _look(self, tree: ast.Module) -> None:
        self._note_patterns(tree)
        self.block(tree.body)
        for name in list(self._functions):
            self.summary((self.file, name))

    def _note_patterns(self, tree: ast.Module) -> None:
        for node in tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and node.value.args:
                first, target = node.value.args[0], node.targets[0]
                compiles = getattr(node.value.func, "attr", getattr(node.value.func, "id", "")) == "compile"
                if compiles and isinstance(first, ast.Constant) and isinstance(first.value, str):
                    self._patterns[getattr(target, "id", "")] = first.value

    # --- names -------------------------------------------------------------------------------------------------

    def imports(self, node: ast.Import | ast.ImportFrom) -> None:
        """Names that an import binds."""
        if isinstance(node, ast.Import):
            for alias in node.names:
                self._note(alias.name)
                name = alias.name if alias.asname else alias.name.partition(".")[0]
                known = self._exported(alias.name, "", 0) if alias.asname or "." not in alias.name else None
                self.frame.variables[alias.asname or name] = known or CLEAN.tagged(name)
            return
        module = node.module or ""
        self._note(module)
        for alias in node.names:
            known = self._exported(module, alias.name, node.level)
            value = known or CLEAN.tagged(f"{module}.{alias.name}" if module else alias.name)
            self.frame.variables[alias.asname or alias.name] = value

    def _note(self, module: str) -> None:
        self.modules.add(module)
        root = module.partition(".")[0]
        if root in _WEB:
            self.frameworks.add(root)

    def _exported(self, module: str, name: str, level: int) -> Value | None:
        return None if self.others is None else self.others.exported(self.file, module, name, level)

    def exported(self, name: str) -> Value:
        """What a name of this file is for other files."""
        value = self.module.get(name)
        return UNKNOWN if value is None else unlabelled(value)

    def define(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> None:
        """A function or a class."""
        scope = f"{self.frame.scope}.{node.name}" if self.frame.scope else node.name
        for decorator in node.decorator_list:
            self.value(decorator)
        self.frame.variables[node.name] = Value(tag="", own=(self.file, scope))
        if isinstance(node, ast.ClassDef):
            self._define_class(node, scope)
            return
        self._functions[scope] = node
        inside = self.frame.function is not None
        self._closures[scope] = (self.frame.variables, *self.frame.outer) if inside else ()
        for default in (*node.args.defaults, *node.args.kw_defaults):
            if default is not None:
                self.value(default)

    def _define_class(self, node: ast.ClassDef, scope: str) -> None:
        bases = tuple(self.value(base) for base in node.bases)
        methods = {each.name: each for each in node.body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)}
        made = _Class(node, methods, {}, bases)
        self._classes[scope] = made
        outer = self.frame
        self.frame = Frame(scope=scope, owner=scope, outer=(outer.variables, *outer.outer))
        self.block(node.body)
        for name, value in self.frame.variables.items():
            if name not in methods:
                made.fields[name] = unlabelled(value)
        self.frame = outer
        if "__init__" in methods:
            self.summary((self.file, f"{scope}.__init__"))

    def set_field(self, target: ast.Attribute, value: Value) -> None:
        """An attribute of ``self`` gets a value."""
        holder = self.lookup(target.value.id) if isinstance(target.value, ast.Name) else CLEAN
        if holder.own is None or holder.own[0] != self.file or holder.own[1] not in self._classes:
            return
        fields = self._classes[holder.own[1]].fields
        value = unlabelled(value)
        fields[target.attr] = joined((fields[target.attr], value)) if target.attr in fields else value

    def field(self, owner: tuple[str, str], name: str, instance: Value) -> Value | None:
        """An attribute of a class, of its objects, or a method."""
        file, scope = owner
        if file != self.file:
            return self.others.field(owner, name, instance) if self.others is not None else None
        found = self._classes.get(scope)
        if found is None:
            return None
        if name in found.methods:
            return self._method(found, file, scope, name)
        if instance.level == HOSTILE:  # a model that a request was read into
            return CLEAN if self._is_number(found, name) else None
        return found.fields[name] if name in found.fields else self._inherited(found, owner, name, instance)

    def _inherited(self, found: _Class, owner: tuple[str, str], name: str, instance: Value) -> Value:
        for base in found.bases:
            if base.own is not None and base.own != owner:
                inherited = self.field(base.own, name, instance)
                if inherited is not None:
                    return inherited
        return UNKNOWN

    def _method(self, found: _Class, file: str, scope: str, name: str) -> Value:
        kinds = {getattr(each, "id", getattr(each, "attr", "")) for each in found.methods[name].decorator_list}
        own = Value(own=(file, f"{scope}.{name}"))
        if not kinds & {"property", "cached_property"}:
            return own
        summary = self.summary((file, f"{scope}.{name}"))
        return UNKNOWN if summary is None else unlabelled(summary.returns)

    def _is_number(self, found: _Class, name: str) -> bool:
        for each in found.node.body:
            if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name) and each.target.id == name:
                return _only_numbers(each.annotation)
        return False

    # --- functions ---------------------------------------------------------------------------------------------

    def summary(self, own: tuple[str, str]) -> Summary | None:
        """What a function does; of a class, what making an object of it does."""
        file, scope = own
        if file != self.file:
            return self.others.summary(own) if self.others is not None else None
        if scope in self._summaries:
            return self._summaries[scope]
        if scope in self._classes:
            return self._constructed(scope)
        if scope not in self._functions or scope in self._under_way or len(self._under_way) > _DEPTH:
            return None
        self._under_way.add(scope)
        found = self._examine(scope, self._functions[scope])
        self._under_way.discard(scope)
        self._summaries[scope] = found
        return found

    def _constructed(self, scope: str) -> Summary:
        made = self._classes[scope]
        instance = Value(own=(self.file, scope))
        if _is_enumeration(made):
            return Summary(returns=CLEAN)
        init = self.summary((self.file, f"{scope}.__init__")) if "__init__" in made.methods else None
        return Summary(returns=instance) if init is None else init._replace(returns=instance)

    def _examine(self, scope: str, node: Function) -> Summary:
        owner = scope.rpartition(".")[0]
        method = owner in self._classes and not _decorated(node, "staticmethod")
        frame = Frame(scope=scope, function=node, owner=owner if method else "", outer=self._closures[scope])
        frame.handler = self._answers(node, owner if method else "")
        names = [each.arg for each in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
        kept, self.frame = self.frame, frame
        for place, each in enumerate((*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)):
            frame.variables[each.arg] = self._parameter(node, each, place, method=method)
        for extra in (node.args.vararg, node.args.kwarg):
            if extra is not None:
                frame.variables[extra.arg] = UNKNOWN
        self.block(node.body)
        self.frame = kept
        returns = joined(frame.returned)
        return Summary(tuple(names), returns, tuple(frame.reached), int(method))

    def _parameter(self, node: Function, each: ast.arg, place: int, *, method: bool) -> Value:
        if method and place == 0:
            return Value(own=(self.file, self.frame.owner))
        hint = self._hinted(each.annotation)
        if hint is not None and hint.tag.endswith(("Request", "WebSocket", "HttpRequest")):
            return hint
        if each.arg in REQUEST_NAMES and self.frameworks and (hint is None or not hint.tag):
            framework = next((name for name in _FRAMEWORK_REQUEST if name in self.frameworks), "")
            if framework:
                return CLEAN.tagged(_FRAMEWORK_REQUEST[framework])
        if self.frame.handler:
            return self._from_client(node, each, hint)
        tag, own = (hint.tag, hint.own) if hint is not None else ("", None)
        return Value(labels=frozenset((place,)), tag=tag, own=own, step=self.step(each, f"parameter {each.arg!r}"))

    def _hinted(self, annotation: ast.expr | None) -> Value | None:
        if annotation is None or isinstance(annotation, ast.Constant):
            return None
        if isinstance(annotation, ast.BinOp):  # X | None
            return self._hinted(annotation.left)
        if isinstance(annotation, ast.Subscript):  # Annotated[X, …], Optional[X]
            inner = annotation.slice
            return self._hinted(inner.elts[0] if isinstance(inner, ast.Tuple) and inner.elts else inner)
        return self.value(annotation)

    def _from_client(self, node: Function, each: ast.arg, hint: Value | None) -> Value:
        """A parameter of a function that answers requests."""
        given = self._injected(node, each)
        if given is not None:
            return given.tagged(given.tag or (hint.tag if hint is not None else ""))
        if _only_numbers(each.annotation) or self._converted(node, each.arg):
            return CLEAN
        if hint is not None and hint.own is not None and _is_enumeration(self._classes.get(hint.own[1])):
            return CLEAN
        step = self.step(each, f"parameter {each.arg!r} comes from a client")
        return TAINTED._replace(step=step, own=hint.own if hint is not None else None)

    def _injected(self, node: Function, each: ast.arg) -> Value | None:
        """What a dependency hands in: ``db = Depends(get_db)``."""
        positional = [*node.args.posonlyargs, *node.args.args]
        defaults = dict(zip(reversed([a.arg for a in positional]), reversed(node.args.defaults), strict=False))
        defaults |= {
            a.arg: d for a, d in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True) if d is not None
        }
        spots = [spot for spot in (defaults.get(each.arg), each.annotation) if spot is not None]
        for call in (inner for spot in spots for inner in ast.walk(spot) if isinstance(inner, ast.Call)):
            if getattr(call.func, "id", getattr(call.func, "attr", "")) in {"Depends", "Security"}:
                supplier = self.value(call.args[0]) if call.args else CLEAN
                summary = self.summary(supplier.own) if supplier.own is not None else None
                return UNKNOWN if summary is None else unlabelled(summary.returns)
        return None

    def _converted(self, node: Function, name: str) -> bool:
        """Whether the route takes numbers only for this part of its path."""
        for decorator in node.decorator_list:
            for each in ast.walk(decorator):
                text = each.value if isinstance(each, ast.Constant) and isinstance(each.value, str) else ""
                if any(f"<{kind}:{name}>" in text for kind in ("int", "float", "uuid")):
                    return True
        return False

    def _answers(self, node: Function, owner: str) -> bool:
        """Whether a function answers requests."""
        if not self.frameworks:
            return False
        for decorator in node.decorator_list:
            called = decorator.func if isinstance(decorator, ast.Call) else decorator
            if isinstance(called, ast.Attribute) and called.attr in ROUTES:
                return True
            if isinstance(called, ast.Name) and called.id in {"api_view", "route", "get", "post"}:
                return True
        if owner and node.name in _HTTP_METHODS and self._classes[owner].bases:
            tags = [base.tag for base in self._classes[owner].bases]
            return any(tag.endswith(("View", "Resource", "APIView", "MethodView", "HTTPEndpoint")) for tag in tags)
        return False

    # --- answers -----------------------------------------------------------------------------------------------

    def of(self, *sinks: str) -> Iterator[Hit]:
        """What reaches sinks of these classes, in the order of the file."""
        found = [hit for (sink, _), hit in self.hits.items() if sink in sinks]
        yield from sorted(found, key=lambda hit: (hit.node.lineno, hit.node.col_offset))

    def alarm(self, hit: Hit, argument: int | str) -> Step | None:
        """The path by which something from outside reaches a sink through calls in this file, if one does."""
        spot = (self.file, hit.sink, hit.node.lineno, hit.node.col_offset, argument)
        for each in self.alarms:
            if (each.file, each.sink, each.line, each.column, each.argument) == spot:
                return each.step
        return None

    def summaries(self) -> Mapping[str, Summary]:
        """Of all functions."""
        return self._summaries

    def classes(self) -> Iterator[tuple[str, Mapping[str, Value], tuple[str, ...]]]:
        """Classes with what their attributes hold, and the names of their methods."""
        for name, each in self._classes.items():
            yield name, each.fields, tuple(each.methods)


def _is_enumeration(found: _Class | None) -> bool:
    return found is not None and any(base.tag.startswith("enum.") for base in found.bases)


def _decorated(node: Function, name: str) -> bool:
    return any(isinstance(each, ast.Name) and each.id == name for each in node.decorator_list)


def _only_numbers(annotation: ast.expr | None) -> bool:
    """Whether a framework that converts by annotations gives nothing but numbers and the like."""
    if annotation is None:
        return False
    names = {getattr(each, "id", getattr(each, "attr", "")) for each in ast.walk(annotation)} - {"", "Optional", "None"}
    names -= {"Annotated", "Path", "Query", "Body", "list", "List", "set"}
    return bool(names) and names <= _NUMBERS
