"""`Module`: a Python file and all that can be asked of it. What is asked for the first time is worked out then."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property
from typing import TypeVar

from cambrian.core.errors import UsageError
from cambrian.source.edit import Splice
from cambrian.source.tree import Problem, parse

from .effects import Effects
from .flow import Flow
from .guessing import Guessing
from .importing import Imported, Importing
from .index import Block, Function, Index, Loop, Region
from .kinds import Kind, Kinds
from .meaning import Meanings
from .objects import Objects
from .purity import functions
from .scopes import Binding, Scope, Scopes, Variable
from .uses import Use, Uses

__all__ = ["Module"]

Node = TypeVar("Node", bound=ast.AST)


class Module:
    """A Python file, for rules. Answers are certain, see the package's docstring; `assumes` takes what is trusted.

    Args:
        text: the file; untrusted.
        name: how messages call it.
        tree: its tree, if it was parsed already by `source.tree.parse`.

    Raises:
        UsageError: it does not parse; `read` tells that instead.
    """

    def __init__(self, text: str, name: str = "program.py", tree: ast.Module | None = None) -> None:
        found = parse(text, name) if tree is None else tree
        if isinstance(found, Problem):
            raise UsageError(str(found))
        self.text = text
        self.name = name
        self.tree = found
        self.index = Index(text, found)
        self.locator = self.index.locator
        self.newline = self.index.newline

    @classmethod
    def read(cls, text: str, name: str = "program.py") -> Module | Problem:
        """The file, or why it does not parse. Never raises for any text."""
        tree = parse(text, name)
        return tree if isinstance(tree, Problem) else cls(text, name, tree)

    # --- the tree in the text

    def of(self, *types: type[Node]) -> list[Node]:
        """All nodes of these types; of one type in the order of the tree."""
        return self.index.of(*types)

    def parent(self, node: ast.AST) -> ast.AST | None:
        """The node that this one is a part of."""
        return self.index.parent(node)

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """Parent, its parent and so on, up to the module."""
        return self.index.ancestors(node)

    def statement(self, node: ast.AST) -> ast.stmt:
        """The innermost statement that the node is, or is a part of."""
        return self.index.statement(node)

    def block(self, statement: ast.stmt) -> Block:
        """The statements that this one stands among, and its place there."""
        return self.index.block(statement)

    def function(self, node: ast.AST) -> Function | None:
        """The innermost function or lambda in whose body the node is."""
        return self.index.function(node)

    def loops(self, node: ast.AST) -> list[Loop]:
        """Loops and comprehensions of the same function that evaluate the node on each turn, innermost first."""
        return self.index.loops(node)

    def qualname(self, node: ast.AST) -> str:
        """Dotted name of the functions and classes the node stands in, itself included; ``""`` at the top."""
        return self.index.qualname(node)

    def segment(self, node: ast.expr | ast.stmt) -> str:
        """The node's own text."""
        return self.locator.segment(node)

    def splice(self, node: ast.expr | ast.stmt, text: str) -> Splice:
        """A splice that replaces the node by `text`."""
        return self.locator.splice(node, text)

    def indentation(self, statement: ast.stmt) -> str:
        """The blanks before a statement."""
        return self.index.indentation(statement)

    def alone(self, statement: ast.stmt) -> bool:
        """Whether no other statement shares a line with this one."""
        return self.index.alone(statement)

    def before(self, statement: ast.stmt, *lines: str) -> Splice:
        """A splice that puts lines before a statement that is `alone`, indented as it is."""
        return self.index.before(statement, *lines)

    def after(self, statement: ast.stmt, *lines: str) -> Splice:
        """A splice that puts lines behind a statement that is `alone`, indented as it is."""
        return self.index.after(statement, *lines)

    # --- names

    @cached_property
    def scopes(self) -> Scopes:
        """The file's scopes."""
        return Scopes(self.index)

    @cached_property
    def flow(self) -> Flow:
        """Which bindings reach a read."""
        return Flow(self.index, self.scopes)

    @cached_property
    def _meanings(self) -> Meanings:
        return Meanings(self.index, self.scopes)

    def variable(self, node: ast.AST) -> Variable | None:
        """The variable that a name, parameter, alias or definition reads or binds; ``None`` for builtins, unknowns."""
        return self.scopes.variable(node)

    def scope(self, node: ast.AST) -> Scope:
        """The scope that a function, class or comprehension makes; of another node, the one it is evaluated in."""
        return self.scopes.of(node)

    def reaching(self, node: ast.Name) -> tuple[Binding, ...]:
        """The bindings whose value a read may see: a superset of those that can."""
        return self.flow.reaching(node)

    def value(self, node: ast.expr) -> ast.expr:
        """What a name was certainly assigned by a single plain assignment; else the node itself."""
        bindings = self.reaching(node) if isinstance(node, ast.Name) else ()
        if (
            len(bindings) == 1
            and bindings[0].how == "assign"
            and not bindings[0].path
            and bindings[0].value is not None
        ):
            return bindings[0].value
        return node

    def is_builtin(self, node: ast.expr, name: str | None = None) -> bool:
        """Whether a name certainly means the builtin so called (any, if no name is given)."""
        return self.scopes.is_builtin(node, name)

    def meaning(self, node: ast.expr) -> str:
        """The dotted name of what an expression certainly is: ``"collections.deque"``, ``"builtins.len"``; or none."""
        return self._meanings.of(node)

    def calls(self, node: ast.AST | None, *meanings: str) -> bool:
        """Whether a node certainly is a call of one of these functions, by dotted name."""
        return isinstance(node, ast.Call) and self.meaning(node.func) in meanings

    def own_function(self, node: ast.expr) -> ast.FunctionDef | None:
        """The undecorated function of this file that a name certainly means."""
        return functions(self.scopes, node)

    # --- kinds and uses

    @cached_property
    def _uses(self) -> Uses:
        return Uses(self.index, self._meanings)

    @cached_property
    def _guessing(self) -> Guessing:
        return Guessing(self.index, self.scopes, self._meanings)

    @cached_property
    def _kinds(self) -> Kinds:
        return Kinds(self.index, self.scopes, self.flow, self._meanings, self._uses, None)

    @cached_property
    def _hinted(self) -> Kinds:
        return Kinds(self.index, self.scopes, self.flow, self._meanings, self._uses, self._guessing)

    @cached_property
    def _objects(self) -> Objects:
        return Objects(
            self.index, self.scopes, self.flow, self._meanings, self._uses, self._kinds, self._hinted,
            self._guessing,
        )  # fmt: skip

    @cached_property
    def _effects(self) -> Effects:
        return Effects(self.index, self.scopes, self._meanings, self._kinds, self._objects)

    def kind(self, node: ast.expr, assumes: set[str] | None = None) -> Kind | None:
        """An expression's kind; with `assumes` also one that follows from type hints, which are then told there."""
        return self._objects.kind(node, assumes)

    def hinted(self, node: ast.expr) -> Kind | None:
        """The kind that follows if type hints hold and bare parameters are what they seem; its `hints` say which."""
        return self._hinted.of(node)

    def is_kind(self, node: ast.expr, *names: str, assumes: set[str] | None = None) -> bool:
        """Whether an expression's kind is one of those named."""
        mine: set[str] = set()
        kind = self.kind(node, None if assumes is None else mine)
        if kind is None or kind.name not in names:
            return False
        if assumes is not None:
            assumes |= mine
        return True

    def taken(self, node: ast.expr, *names: str, assumes: set[str]) -> Kind | None:
        """An expression's kind if it is one of those named; a bare parameter is assumed to be the first of them."""
        return self._objects.taken(node, names, assumes)

    def use(self, node: ast.expr) -> Use:
        """What happens to a builtin container there: it is read, changed, returned, or escapes to what is unknown."""
        return self._uses.use(node)

    # --- effects

    def pure(self, node: ast.expr, assumes: set[str] | None = None) -> bool:
        """Whether evaluating has no effects that anybody sees, and depends on nothing but the values it reads."""
        return self._effects.pure(node, assumes)

    def computes(self, function: ast.FunctionDef, assumes: set[str]) -> bool:
        """Whether a function of the file only computes from what it reads; it may raise, and call itself."""
        return self._effects.computes(function, assumes)

    def safe(self, node: ast.expr, assumes: set[str] | None = None) -> bool:
        """Whether evaluating raises nothing."""
        return self._effects.safe(node, assumes)

    def invariant(self, node: ast.expr, loop: Loop, assumes: set[str] | None = None) -> bool:
        """Whether an expression is pure and has an equal value on every turn of a loop. It may still raise."""
        return self._effects.invariant(node, loop, assumes)

    def constant(self, node: ast.expr, region: Region, assumes: set[str] | None = None) -> bool:
        """Whether an expression is pure and has an equal value all through a stretch of code. It may still raise."""
        return self._effects.constant(node, region, assumes)

    def bound(self, node: ast.Name) -> bool:
        """Whether a variable certainly has a value there."""
        return self._objects.safe(node)

    def owned(self, node: ast.Name) -> bool:
        """Whether nothing else holds the object of a variable: it was made here, and does not get away."""
        return self._objects.owned(node)

    def unchanged(self, node: ast.expr, region: Region, assumes: set[str] | None = None, *, deep: bool = False) -> bool:
        """Whether a variable or attribute keeps its object in a stretch of code, and the object its contents.

        Args:
            node: a name, or a chain of attributes of one.
            region: a node, or several.
            assumes: takes what has to be trusted.
            deep: whether the items of a container must not change, either.
        """
        return self._objects.unchanged(node, region, assumes, deep=deep)

    def rebound(self, node: ast.Name, region: Region) -> bool:
        """Whether a variable may get another value in a stretch of code."""
        return self._objects.rebound(node, region)

    def quiet(self, region: Region) -> bool:
        """Whether a stretch of code calls nothing unknown, and changes only objects that it alone holds."""
        return self._objects.quiet(region)

    # --- writing

    @cached_property
    def _importing(self) -> Importing:
        return Importing(self.index, self.scopes)

    def fresh(self, *wishes: str) -> str:
        """A name that stands nowhere in the file: the first one wished for that is free, or one made from it."""
        return self._importing.fresh(*wishes)

    def importing(self, module: str, attribute: str) -> Imported:
        """How to write ``module.attribute`` here: the spelling, and the splices that import it if it is not yet."""
        return self._importing.name(module, attribute)

    def builtin(self, name: str) -> Imported:
        """How to write a builtin here: its name, or an import where the file binds that name to something else."""
        return self._importing.builtin(name)
