"""Functions of a file that execute what they are given, or that give statements: they learn to pass parameters on."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from cambrian.source.analysis.module import Module
from cambrian.source.edit import Splice
from cambrian.source.taint.frame import Function, Reached
from cambrian.source.taint.unit import Unit

from .assembly import CARRIED, Given
from .calling import Call, call_of
from .drivers import Driver
from .parameters import Refused
from .variables import Carriers

__all__ = ["Builder", "Wrapper"]


class Wrapper:
    """A function that executes a parameter of its own.

    Args:
        module: the file.
        function: it.
        sink: the call in it that executes the statement.
        tag: what is known of the object that executes it.
    """

    def __init__(self, module: Module, function: Function, sink: Call, tag: str) -> None:
        self.module = module
        self.function = function
        self.sink = sink
        self.tag = tag

    @classmethod
    def of(cls, module: Module, unit: Unit, reached: Reached) -> Wrapper | None:
        """The function in which a sink is, if that is in this file and executes a parameter as it is."""
        if reached.file != unit.file:
            return None
        for (sink, node), hit in unit.hits.items():
            spot = (node.lineno, node.col_offset)
            if sink == "sql" and spot == (reached.line, reached.column) and isinstance(node, ast.Call):
                call = call_of(node, getattr(node.func, "attr", ""))
                if hit.function is not None and call is not None and isinstance(call.query, ast.Name):
                    return cls(module, hit.function, call, hit.receiver.tag)
        return None

    def edits(self, call: ast.Call, given: Sequence[Given], driver: Driver) -> list[Splice] | Refused:
        """Hand parameters to the function, and in it to the database."""
        there, extra = self.sink.given, self.function.args.vararg
        if extra is not None and isinstance(there, ast.Name) and there.id == extra.arg:
            return [self._behind(call, f", {', '.join(each.source for each in given)}")]
        names = [each.arg for each in (*self.function.args.args, *self.function.args.kwonlyargs)]
        if isinstance(there, ast.Name) and there.id in names:
            name, inner = there.id, list[Splice]()
            if any(each.arg == name for each in call.keywords) or len(call.args) > 1 or self.sink.node.keywords:
                return Refused("the call has parameters already")
        elif there is not None or self.function.args.kwarg or self.function.args.vararg or self.sink.node.keywords:
            return Refused("the function that executes it cannot take parameters as it is")
        else:
            name = next(each for each in ("params", "parameters", "sql_params") if each not in self._words())
            inner = self._taught(name, driver)
        return [*inner, self._argument(call, name, _written(given))]

    def _words(self) -> set[str]:
        names = {node.id for node in ast.walk(self.function) if isinstance(node, ast.Name)}
        return names | {node.arg for node in ast.walk(self.function) if isinstance(node, ast.arg)}

    def _taught(self, name: str, driver: Driver) -> list[Splice]:
        """A parameter more, and its use."""
        locator = self.module.locator
        arguments = self.function.args
        default = "()" if driver.style == "?" else "None"
        last = arguments.args[-1]
        end = locator.offset(last.end_lineno or 0, last.end_col_offset or 0)
        if arguments.defaults:
            end = max(end, locator.range(arguments.defaults[-1])[1])
        _, stop = locator.range(self.sink.query)
        return [Splice(end, end, f", {name}={default}"), Splice(stop, stop, f", {name}")]

    def _argument(self, call: ast.Call, name: str, written: str) -> Splice:
        return self._behind(call, f", {name}={written}")

    def _behind(self, call: ast.Call, text: str) -> Splice:
        """Put something behind the last argument of a call."""
        _, stop = self.module.locator.range(call)
        ends = [self.module.locator.range(each)[1] for each in (*call.args, *(word.value for word in call.keywords))]
        rest = self.module.text[max(ends) : stop - 1]
        at = max(ends) + len(rest.rstrip().rstrip(",").rstrip())
        return Splice(at, at, text)


class Builder:
    """A function that gives a statement, which is executed where it is called.

    Args:
        module: the file.
        returned: the statement that it gives.
        uses: the calls of it: in the call that executes, or assigned to a variable that is executed.
    """

    def __init__(self, module: Module, returned: ast.expr, use: ast.Call) -> None:
        self.module = module
        self.returned = returned
        self.use = use

    @classmethod
    def of(cls, module: Module, query: ast.expr, carriers: Carriers) -> Builder | None:
        """The function that gives a statement, if only this place uses it."""
        if isinstance(query, ast.Name):
            events = carriers.events(query.id)
            if events is None or len(events) != 1:
                return None
            query = events[0].node
        match query:
            case ast.Call(func=ast.Name(id=name)) as call:
                given = _given_by(module, name)
                return None if given is None else cls(module, given, call)
            case _:
                return None

    def edits(self, call: Call, given: Sequence[Given]) -> list[Splice] | Refused:
        """The function gives the parameters, too, and the call takes them."""
        locator = self.module.locator
        sources = [each.source for each in given]
        written = f"({', '.join(sources)}{',' if len(sources) == 1 else ''})"
        if len(given) == 1 and sources[0].startswith("*"):
            written = sources[0][1:] if given[0].name == CARRIED else f"[{sources[0]}]"
        statement = self.module.statement(self.returned)
        _, end = locator.range(statement)
        give = [Splice(end, end, f", {written}")]
        if call.query is self.use:
            at, _ = locator.range(call.query)
            return [*give, Splice(at, at, "*")]
        assignment = self.module.statement(self.use)
        if not (isinstance(assignment, ast.Assign) and isinstance(call.query, ast.Name)):
            return Refused("the statement takes a way that cannot be followed")
        _, after = locator.range(assignment.targets[0])
        _, behind = locator.range(call.query)
        return [*give, Splice(after, after, ", params"), Splice(behind, behind, ", params")]


def _written(given: Sequence[Given]) -> str:
    """The parameters as one expression: a tuple, or the list that is given."""
    sources = [each.source for each in given]
    if len(given) == 1 and sources[0].startswith("*"):
        return sources[0][1:] if given[0].name == CARRIED else f"[{sources[0]}]"
    return f"({', '.join(sources)}{',' if len(sources) == 1 else ''})"


def _given_by(module: Module, name: str) -> ast.expr | None:
    """What a function returns, if there is one of this name, used once."""
    found = [node for node in module.tree.body if isinstance(node, ast.FunctionDef) and node.name == name]
    uses = [node for node in module.of(ast.Name) if node.id == name]
    if len(found) != 1 or len(uses) != 1 or found[0].decorator_list:
        return None
    returns = [node for node in ast.walk(found[0]) if isinstance(node, ast.Return)]
    return returns[0].value if len(returns) == 1 else None
