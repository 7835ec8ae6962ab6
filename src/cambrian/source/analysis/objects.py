"""Whether an object may change in a stretch of code: who else may hold it, what is called."""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence

from .failing import Failing
from .flow import Flow
from .guessing import Guessing
from .index import Index, Region, within
from .kind import Kind
from .kinds import Kinds
from .meaning import Meanings
from .ownership import followed
from .purity import functions
from .scopes import Binding, Scopes, Variable
from .tables import CHANGES, CHANGES_FIRST, IMMUTABLE, READERS, READING, READS, RETURNS
from .uses import Uses

__all__ = ["Objects"]

_FRESH = (ast.List, ast.Dict, ast.Set, ast.Tuple, ast.ListComp, ast.SetComp, ast.DictComp, ast.BinOp, ast.JoinedStr)
_NEW = frozenset({"list", "dict", "set", "tuple", "deque", "Counter", "defaultdict", "OrderedDict", "str", "int"})
_SUSPENDING = (ast.Await, ast.Yield, ast.YieldFrom, ast.AsyncFor, ast.AsyncWith)
Check = Callable[[ast.expr, "set[str] | None"], bool]


class Objects:
    """Objects of a file's variables.

    Args:
        index: the file's tree.
        scopes: its scopes.
        flow: which bindings reach a read.
        meanings: what its names refer to.
        uses: what happens to objects.
        kinds: kinds that are certain.
        hinted: kinds that follow if type hints hold.
        guessing: what bare parameters may be taken for.
    """

    def __init__(
        self, index: Index, scopes: Scopes, flow: Flow, meanings: Meanings, uses: Uses, kinds: Kinds, hinted: Kinds,
        guessing: Guessing,
    ) -> None:  # fmt: skip
        self._index, self._scopes, self._flow, self._meanings, self._uses = index, scopes, flow, meanings, uses
        self._kinds, self._hinted = kinds, hinted
        self._failing = Failing(scopes, flow, meanings, kinds)
        self.safe = self._failing.safe
        self._guessing = guessing
        self._calm: dict[ast.AST, bool] = {}
        self._held: dict[tuple[Variable, tuple[Binding, ...]], bool] = {}
        self._placed: dict[Variable, tuple[list[tuple[int, int]], list[ast.Name]]] = {}

    def kind(self, node: ast.expr, assumes: set[str] | None = None) -> Kind | None:
        """An expression's kind; with `assumes` also one that follows from type hints, which are then told there."""
        kind = self._kinds.of(node)
        if kind is None and assumes is not None:
            kind = self._hinted.of(node)
            if kind is not None:
                assumes |= kind.hints
        return kind

    def taken(self, node: ast.expr, names: Sequence[str], assumes: set[str]) -> Kind | None:
        """An expression's kind if it is one of those named; of a parameter that nothing is said of, it is assumed.

        Args:
            node: the expression.
            names: kinds; the first is what a bare parameter is taken for, if no use of it speaks against that.
            assumes: takes what has to be trusted.
        """
        mine: set[str] = set()
        kind = self.kind(node, mine)
        if kind is None and isinstance(node, ast.Name) and self._guessing.seems(node, names[0]):
            kind = Kind(names[0])
            mine.add(f"{node.id!r} is a {names[0]}")
        if kind is None or kind.name not in names:
            return None
        assumes |= mine
        return kind

    def owned(self, node: ast.Name) -> bool:
        """Whether no other name, object or code holds what a variable refers to there: it was made here and stays."""
        variable = self._scopes.variable(node)
        if not followed(variable):
            return False
        version = self._flow.reaching(node)
        known = self._held.get((variable, version))
        if known is None:
            made = all(binding.how == "augment" or self._fresh(binding) for binding in version)
            known = made and all(self._uses.use(read) != "escape" for read in self._sharing(variable, version))
            self._held[variable, version] = known
        return known

    def _sharing(self, variable: Variable, version: tuple[Binding, ...]) -> Iterator[ast.Name]:
        """The reads that may see the same object."""
        return (read for read in variable.reads if any(one in version for one in self._flow.reaching(read)))

    def _fresh(self, binding: Binding) -> bool:
        value = binding.value
        if binding.how != "assign" or value is None or binding.path:
            return False
        if isinstance(value, ast.Constant):
            return True
        if not self._uses.sole(binding):
            return False
        kind = self._kinds.of(value)
        if kind is None or kind.name not in _NEW:
            return False
        if isinstance(value, ast.Call):
            method = isinstance(value.func, ast.Attribute) and value.func.attr in READS - {"get"}
            return self._meanings.of(value.func) in RETURNS or method
        return isinstance(value, _FRESH)

    # --- change

    def unchanged(self, node: ast.expr, region: Region, assumes: set[str] | None = None, *, deep: bool = False) -> bool:
        """Whether a variable or attribute keeps its object, and the object its contents, in a stretch of code.

        Args:
            node: a name, or a chain of attributes of one.
            region: a node, or several.
            assumes: takes what has to be trusted for it; without, what is not certain is a "no".
            deep: whether the items of a container must not change, either.
        """
        if isinstance(node, ast.Name):
            return self._name_unchanged(node, region, assumes, deep=deep)
        return isinstance(node, ast.Attribute) and self._attribute_unchanged(node, region, assumes)

    def rebound(self, node: ast.Name, region: Region) -> bool:
        """Whether a variable may get another value in a stretch of code (or none)."""
        variable = self._scopes.variable(node)
        if variable is None:
            return not self._scopes.is_builtin(node)
        if variable.secret:
            return True
        changing = [one.node for one in variable.bindings if one.how != "annotation"] + variable.deletes
        frame = self._scopes.of(node).frame
        return any(within(one, region) or self._later(one, variable, frame) for one in changing)

    def _later(self, node: ast.AST, variable: Variable, frame: object) -> bool:
        """Whether a binding belongs to code that may be called meanwhile: it stands in another function."""
        if not variable.captured or isinstance(node, ast.arg):
            return False
        around = self._index.parent(node) if isinstance(node, ast.stmt) else node  # a def is bound where it stands
        there = self._scopes.of(around or node).frame
        return there is not frame and there.kind != "module" and there is not variable.scope.frame

    def _name_unchanged(self, node: ast.Name, region: Region, assumes: set[str] | None, *, deep: bool) -> bool:
        variable = self._scopes.variable(node)
        if self.rebound(node, region):
            return False
        if variable is None or self._meanings.of(node) or functions(self._scopes, node) is not None:
            return True
        kind = self.kind(node, assumes)
        if kind is not None and _frozen(kind, deep=deep):
            return True
        if self._changed_meanwhile(variable, region, deep=deep):
            return False
        deeply = not deep or (kind is not None and kind.item is not None and _frozen(kind.item, deep=True))
        if (deeply and self.owned(node)) or self.quiet(region):
            return True
        return _trust(assumes, f"nothing else changes {node.id!r} meanwhile")

    def _changed_meanwhile(self, variable: Variable, region: Region, *, deep: bool) -> bool:
        """Whether a use of a variable may change its object while a stretch of code runs."""
        for read in variable.reads if variable.captured else self._reads_in(variable, region):
            inside = within(read, region)
            meanwhile = inside or (variable.captured and self._scopes.of(read).frame is not variable.scope.frame)
            if meanwhile and self._uses.use(read) not in {"read", "return"}:
                return True
            if deep and inside and self._changed_below(read):
                return True
        return False

    def _reads_in(self, variable: Variable, region: Region) -> Iterator[ast.Name]:
        """The reads of a variable that begin in a stretch of code; found by bisection: there may be thousands."""
        if variable not in self._placed:
            ordered = sorted(variable.reads, key=_place)
            self._placed[variable] = ([_place(read) for read in ordered], ordered)
        places, ordered = self._placed[variable]
        for spot in region if isinstance(region, Sequence) else (region,):
            if isinstance(spot, ast.Module):
                yield from ordered
                continue
            last = (getattr(spot, "end_lineno", 0), getattr(spot, "end_col_offset", 0))
            yield from ordered[bisect_left(places, _place(spot)) : bisect_left(places, last)]

    def _changed_below(self, read: ast.expr) -> bool:
        """Whether an item, or an item of an item, is changed where an object is used: ``grid[0][1] = 2``."""
        node, above = read, self._index.parent(read)
        while (
            isinstance(above, ast.Subscript | ast.Attribute) and above.value is node and isinstance(above.ctx, ast.Load)
        ):
            node, above = above, self._index.parent(above)
        return node is not read and self._uses.use(node) == "change"

    def _attribute_unchanged(self, node: ast.Attribute, region: Region, assumes: set[str] | None) -> bool:
        root: ast.expr = node
        chain: list[ast.Attribute] = []
        while isinstance(root, ast.Attribute):
            chain.append(root)
            root = root.value
        if not isinstance(root, ast.Name) or self.rebound(root, region):
            return False
        names = {link.attr for link in chain}
        for part in _walk(region):
            if isinstance(part, ast.Attribute) and part.attr in names:
                if not isinstance(part.ctx, ast.Load):
                    return False
                if part.attr == node.attr and self._uses.use(part) not in {"read", "return"}:
                    return False
        return self.quiet(region) or _trust(assumes, f"nothing else changes {ast.unparse(node)!r} meanwhile")

    # --- calls

    def quiet(self, region: Region) -> bool:
        """Whether a stretch of code calls nothing unknown, and changes only objects that it alone holds."""
        spots = region if isinstance(region, Sequence) else (region,)
        for spot in spots:
            if spot not in self._calm:
                self._calm[spot] = all(self._still(part) for part in ast.walk(spot))
        return all(self._calm[spot] for spot in spots)

    def _still(self, part: ast.AST) -> bool:
        if isinstance(part, _SUSPENDING):
            return False
        if isinstance(part, ast.Call):
            return self._known_call(part)
        if isinstance(part, ast.Attribute):
            return isinstance(part.ctx, ast.Load)
        if isinstance(part, ast.Subscript) and not isinstance(part.ctx, ast.Load):
            return isinstance(part.value, ast.Name) and self.owned(part.value)
        if isinstance(part, ast.AugAssign) and isinstance(part.target, ast.Name):
            kind = self._kinds.of(part.target)
            return (kind is not None and kind.name in IMMUTABLE | {"tuple", "number"}) or self.owned(part.target)
        return not isinstance(part, ast.With | ast.Import | ast.ImportFrom)

    def _known_call(self, call: ast.Call) -> bool:
        meaning = self._meanings.of(call.func)
        if meaning in CHANGES_FIRST:
            return bool(call.args) and isinstance(call.args[0], ast.Name) and self.owned(call.args[0])
        if meaning:
            keyed = any(word.arg in {"key", "file"} for word in call.keywords)
            return meaning in READERS and not keyed
        if not isinstance(call.func, ast.Attribute):
            return False
        kind = self._kinds.of(call.func.value)
        if kind is None:
            return False
        if call.func.attr in CHANGES:
            return isinstance(call.func.value, ast.Name) and self.owned(call.func.value)
        return call.func.attr in READING.get(kind.name, {})

    # --- functions

    def closed(self, function: ast.FunctionDef, pure: Check) -> bool:
        """Whether a function only computes from its arguments: no effects on anything that others can see.

        Args:
            function: any of the file.
            pure: whether an expression has no effects.
        """
        return all(self._closed_statement(statement, pure) for statement in function.body)

    def _closed_statement(self, node: ast.stmt, pure: Check) -> bool:
        if isinstance(node, ast.Pass | ast.Break | ast.Continue):
            return True
        if isinstance(node, ast.Assert | ast.Raise):
            return all(pure(part, None) for part in self._raised(node))
        if isinstance(node, ast.Return):
            return node.value is None or self._closed_value(node.value, pure)
        if isinstance(node, ast.If | ast.While | ast.For):
            return self._closed_branches(node, pure)
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
            return self._closed_assignment(node, pure)
        return isinstance(node, ast.Expr) and self._closed_expression(node.value, pure)

    def _closed_value(self, node: ast.expr, pure: Check) -> bool:
        return self._reads_constants(node) and pure(node, None)

    def _closed_branches(self, node: ast.If | ast.While | ast.For, pure: Check) -> bool:
        if isinstance(node, ast.For) and not isinstance(node.target, ast.Name | ast.Tuple):
            return False
        if not self._closed_value(node.iter if isinstance(node, ast.For) else node.test, pure):
            return False
        return all(self._closed_statement(one, pure) for one in (*node.body, *node.orelse))

    def _raised(self, node: ast.Assert | ast.Raise) -> list[ast.expr]:
        """What is evaluated to raise an error; making one of Python's own has no effects."""
        made = node.exc if isinstance(node, ast.Raise) else None
        if isinstance(made, ast.Call) and not made.keywords and not (isinstance(node, ast.Raise) and node.cause):
            meaning = self._meanings.of(made.func)
            if meaning.startswith("builtins.") and meaning.endswith(("Error", "Exception")):
                return made.args
        return [part for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr)]

    def _closed_assignment(self, node: ast.Assign | ast.AugAssign | ast.AnnAssign, pure: Check) -> bool:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if node.value is None or not (self._reads_constants(node.value) and pure(node.value, None)):
            return node.value is None
        return all(self._own_target(target, pure) for target in targets)

    def _own_target(self, target: ast.expr, pure: Check) -> bool:
        if isinstance(target, ast.Tuple | ast.List):
            return all(self._own_target(item, pure) for item in target.elts)
        if isinstance(target, ast.Subscript):
            return isinstance(target.value, ast.Name) and self.owned(target.value) and pure(target.slice, None)
        if not isinstance(target, ast.Name):
            return False
        variable = self._scopes.variable(target)
        if variable is None or variable.scope.kind == "module" or variable.captured:
            return False
        augmented = isinstance(self._index.parent(target), ast.AugAssign)
        kind = self._kinds.of(target) if augmented else None
        return not augmented or (kind is not None and kind.name in IMMUTABLE | {"number"}) or self.owned(target)

    def _closed_expression(self, node: ast.expr, pure: Check) -> bool:
        if isinstance(node, ast.Constant):
            return True
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)) or node.keywords:
            return False
        owner = node.func.value
        changes = node.func.attr in CHANGES and isinstance(owner, ast.Name) and self.owned(owner)
        return changes and all(self._reads_constants(argument) and pure(argument, None) for argument in node.args)

    def _reads_constants(self, node: ast.expr) -> bool:
        """Whether the variables of the module that an expression reads are bound once, to something unchangeable."""
        for part in ast.walk(node):
            variable = self._scopes.variable(part) if isinstance(part, ast.Name) else None
            if variable is None or variable.scope.kind != "module":
                continue
            assert isinstance(part, ast.Name)
            kind = self._kinds.of(part)
            constant = len(variable.bindings) == 1 and kind is not None and _frozen(kind, deep=True)
            if not (constant or self._meanings.of(part) or functions(self._scopes, part) is not None):
                return False
        return True


def _frozen(kind: Kind, *, deep: bool) -> bool:
    if kind.name in IMMUTABLE or kind.name == "number":
        return True
    return kind.name == "tuple" and (not deep or (kind.item is not None and _frozen(kind.item, deep=True)))


def _place(node: ast.AST) -> tuple[int, int]:
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


def _walk(region: Region) -> Iterator[ast.AST]:
    for spot in region if isinstance(region, Sequence) else (region,):
        yield from ast.walk(spot)


def _trust(assumes: set[str] | None, words: str) -> bool:
    if assumes is None:
        return False
    assumes.add(words)
    return True
