"""Awaits one behind the other, where none needs the answer of another: they wait together."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cambrian.source.analysis import Module, Variable
from cambrian.source.analysis.index import within
from cambrian.source.analysis.ownership import followed
from cambrian.source.analysis.shapes import assigned
from cambrian.source.edit import Splice
from cambrian.source.rules.catching import caught
from cambrian.source.rules.loops import names_in, unit
from cambrian.source.rules.overlapping import awaited, may_overlap
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite

_AT_ONCE = 32
_FAILING = (
    "should a call fail: later ones have begun by then, nothing was done with the answers of earlier ones, and of "
    "several errors the first in time is raised, not the first in order"
)


class _Each(NamedTuple):
    """A call that is awaited for each item."""

    call: ast.Call
    target: ast.expr
    items: ast.expr
    place: ast.stmt
    """In front of which the bounded call is defined."""


class GatheredAwaits(PythonRule):
    """`asyncio.gather`, at most 32 at a time."""

    id = "gathered-awaits"
    title = "Wait for independent calls at the same time"
    why = (
        "A loop that awaits a call for each item waits for the sum of all; `asyncio.gather` starts them together "
        "and waits for the longest. A semaphore lets at most 32 run at a time. Results come in the order of the "
        "items. The guard sees that no call reads what the loop works out, that the loop does not end early, that "
        "answers are used (calls made for their effects alone stay in order), and that functions of the file that "
        "are called change nothing that others see. That calls of a function from elsewhere may run at the same "
        "time is an assumption, as is what becomes of the others when one fails."
    )
    tags = ("async",)
    words = ("await ",)
    examples = (
        Example(
            note="a loop",
            before=(
                "import asyncio\n\n\n"
                "async def price(name):\n"
                "    await asyncio.sleep(0.001)\n"
                "    return len(name)\n\n\n"
                "async def prices(names: list[str]):\n"
                "    out = {}\n"
                "    for name in names:\n"
                "        found = await price(name)  # slow\n"
                "        if found > 1:\n"
                "            out[name] = found\n"
                "    return out\n"
            ),
            after=(
                "import asyncio\n\n\n"
                "async def price(name):\n"
                "    await asyncio.sleep(0.001)\n"
                "    return len(name)\n\n\n"
                "async def prices(names: list[str]):\n"
                "    out = {}\n"
                "    at_once = asyncio.Semaphore(32)\n"
                "\n"
                "    async def price_bounded(name):\n"
                "        async with at_once:\n"
                "            return await price(name)\n"
                "\n"
                "    answers = await asyncio.gather(*[price_bounded(name) for name in names])\n"
                "    for name, answer in zip(names, answers):\n"
                "        found = answer  # slow\n"
                "        if found > 1:\n"
                "            out[name] = found\n"
                "    return out\n"
            ),
            calls=("asyncio.run(prices(['a', 'bb', 'ccc'] * 9))", "asyncio.run(prices([]))"),
        ),
        Example(
            note="a comprehension",
            before=(
                "from shop import price\n\n\n"
                "async def prices(names: list[str], day):\n"
                "    return [await price(name, day) for name in names]\n"
            ),
            after=(
                "from asyncio import Semaphore\n"
                "from asyncio import gather\n"
                "from shop import price\n\n\n"
                "async def prices(names: list[str], day):\n"
                "    at_once = Semaphore(32)\n"
                "\n"
                "    async def price_bounded(name):\n"
                "        async with at_once:\n"
                "            return await price(name, day)\n"
                "\n"
                "    return await gather(*[price_bounded(name) for name in names])\n"
            ),
        ),
        Example(
            note="several, one behind the other",
            before=(
                "import asyncio\n\n\n"
                "async def fetch(number):\n"
                "    await asyncio.sleep(0)\n"
                "    return number + 1\n\n\n"
                "async def page(number):\n"
                "    user = await fetch(number)\n"
                "    orders = await fetch(number * 2)\n"
                "    return user, orders\n"
            ),
            after=(
                "import asyncio\n\n\n"
                "async def fetch(number):\n"
                "    await asyncio.sleep(0)\n"
                "    return number + 1\n\n\n"
                "async def page(number):\n"
                "    user, orders = await asyncio.gather(fetch(number), fetch(number * 2))\n"
                "    return user, orders\n"
            ),
            calls=("asyncio.run(page(5))",),
        ),
        Example(
            note="each call needs the answer of the one before",
            before=(
                "async def pages(fetch):\n"
                "    out = []\n"
                "    at = 0\n"
                "    for _ in range(9):\n"
                "        at = await fetch(at)\n"
                "        out.append(at)\n"
                "    return out\n"
            ),
            after=None,
        ),
        Example(
            note="it stops at the first",
            before=(
                "async def first(names: list[str], fetch):\n"
                "    for name in names:\n"
                "        found = await fetch(name)\n"
                "        if found:\n"
                "            return found\n"
            ),
            after=None,
        ),
        Example(
            note="what was found until an error counts",
            before=(
                "async def some(names: list[str], fetch):\n"
                "    out = {}\n"
                "    try:\n"
                "        for name in names:\n"
                "            out[name] = await fetch(name)\n"
                "    except OSError:\n"
                "        pass\n"
                "    return out\n"
            ),
            after=None,
        ),
        Example(
            note="the second needs the first",
            before=(
                "async def page(fetch, number):\n"
                "    user = await fetch(number)\n"
                "    orders = await fetch(user)\n"
                "    return user, orders\n"
            ),
            after=None,
        ),
        Example(
            note="calls for their effects",
            before=(
                "async def tell(names: list[str], mail):\n"
                "    for name in names:\n"
                "        await mail(name)\n"
            ),
            after=None,
        ),
        Example(
            note="a function that counts what it is asked",
            before=(
                "COUNT = {}\n\n\n"
                "async def price(name):\n"
                "    COUNT[name] = COUNT.get(name, 0) + 1\n"
                "    return COUNT[name]\n\n\n"
                "async def prices(names: list[str]):\n"
                "    return [await price(name) for name in names]\n"
            ),
            after=None,
        ),
        Example(
            note="a connection serves one at a time",
            before=(
                "from store import row_of\n\n\n"
                "async def rows(connection, keys: list[int]):\n"
                "    return [await row_of(connection, key) for key in keys]\n"
            ),
            after=None,
        ),
    )  # fmt: skip

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for loop in parsed.of(ast.For):
            found = self._loop(parsed, loop)
            if found is not None:
                yield found
        for made in parsed.of(ast.ListComp):
            found = self._comprehension(parsed, made)
            if found is not None:
                yield found
        for function in parsed.of(ast.AsyncFunctionDef):
            for part in ast.walk(function):
                block = isinstance(part, ast.AsyncFunctionDef | ast.For | ast.While | ast.If | ast.With | ast.Try)
                if block and parsed.function(part.body[0]) is function:
                    yield from self._row(parsed, part.body)

    def _loop(self, module: Module, loop: ast.For) -> Rewrite | None:
        first = loop.body[0]
        call = _answer(first)
        if call is None or loop.orelse or not module.alone(loop):
            return None
        if not _names(loop.target) or _leaves(module, loop, call) or caught(module, loop):
            return None
        assumes: set[str] = set()
        each = _Each(call, loop.target, loop.iter, loop)
        if not _independent(module, each, loop.body, assumes):
            return None
        answers, answer, pairs = module.fresh("answers"), module.fresh("answer"), module.builtin("zip")
        gathered, splices, lines = _written(module, each)
        items = module.segment(loop.iter)
        lines += [f"{answers} = {gathered}"]
        waiting = module.parent(call)
        assert isinstance(waiting, ast.Await)
        target = module.segment(loop.target)
        plain = isinstance(loop.target, ast.Name) or target.startswith(("(", "["))
        head = [
            module.splice(loop.target, f"{target if plain else f'({target})'}, {answer}"),
            module.splice(loop.iter, f"{pairs.spelling}({items}, {answers})"),
        ]
        splices += [_before(module, loop, lines), *head, module.splice(waiting, answer), *pairs.splices]
        return self._found(module, loop, call, splices, assumes)

    def _comprehension(self, module: Module, made: ast.ListComp) -> Rewrite | None:
        part, call = made.generators[0], awaited(made.elt)
        place = module.statement(made)
        if call is None or len(made.generators) > 1 or part.ifs or part.is_async or not module.alone(place):
            return None
        if not isinstance(place, ast.Return | ast.Assign | ast.Expr) or not _names(part.target):
            return None
        if module.parent(made) is not place or not isinstance(module.function(made), ast.AsyncFunctionDef):
            return None
        assumes: set[str] = set()
        each = _Each(call, part.target, part.iter, place)
        if isinstance(place, ast.Expr) or not _independent(module, each, [], assumes):
            return None
        gathered, splices, lines = _written(module, each)
        splices += [_before(module, place, lines), module.splice(made, gathered)]
        return self._found(module, made, call, splices, assumes)

    def _row(self, module: Module, body: list[ast.stmt]) -> Iterator[Rewrite]:
        """Assignments of awaited calls in neighbouring statements."""
        place = 0
        while place < len(body):
            row: list[tuple[ast.Assign, ast.Call]] = []
            assumes: set[str] = set()
            while place < len(body) and (one := _next(module, body[place], row, assumes)) is not None:
                row.append(one)
                place += 1
            if len(row) > 1:
                yield self._together(module, row, assumes)
            place += not row
        return

    def _together(self, module: Module, row: list[tuple[ast.Assign, ast.Call]], assumes: set[str]) -> Rewrite:
        gather = module.importing("asyncio", "gather")
        names = ", ".join(module.segment(one.targets[0]) for one, _ in row)
        calls = ", ".join(module.segment(call) for _, call in row)
        start, stop = module.locator.range(row[0][0])[0], module.locator.range(row[-1][0])[1]
        text = f"{names} = await {gather.spelling}({calls})"
        return self._found(module, row[0][0], row[0][1], [*gather.splices, Splice(start, stop, text)], assumes)

    def _found(
        self, module: Module, node: ast.stmt | ast.expr, call: ast.Call, splices: list[Splice], assumes: set[str]
    ) -> Rewrite:
        what = f"calls of {module.segment(call.func)!r} are awaited one behind the other"
        return self.at(module, node, what, splices, assumes={*assumes, _FAILING}, gain=10.0)


def _answer(statement: ast.stmt) -> ast.Call | None:
    """The call that a statement awaits and keeps the answer of: assigned, or put into a list."""
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        kept = isinstance(statement.targets[0], ast.Name | ast.Subscript)
        return awaited(statement.value) if kept else None
    if isinstance(statement, ast.AugAssign) and isinstance(statement.target, ast.Name):
        return awaited(statement.value)
    value = statement.value if isinstance(statement, ast.Expr) else None
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr == "append":
        return awaited(value.args[0]) if len(value.args) == 1 else None
    return None


def _leaves(module: Module, loop: ast.For, call: ast.Call) -> bool:
    """Whether a loop may end early, or waits for something else, too; or an error in it is caught here."""
    for part in (one for statement in loop.body for one in ast.walk(statement)):
        own = isinstance(part, ast.Await) and part.value is call
        if isinstance(part, ast.Break | ast.Return | ast.Raise | ast.Assert | ast.Yield | ast.AsyncFor | ast.AsyncWith):
            return True
        if isinstance(part, ast.Await) and not own:
            return True
    return not isinstance(module.function(loop), ast.AsyncFunctionDef)


def _names(target: ast.expr) -> list[ast.Name]:
    """The variables of a loop that takes items as they are, or apart into several."""
    parts = target.elts if isinstance(target, ast.Tuple | ast.List) else [target]
    return [part for part in parts if isinstance(part, ast.Name)] if all(isinstance(p, ast.Name) for p in parts) else []


def _independent(module: Module, each: _Each, body: Sequence[ast.stmt], assumes: set[str]) -> bool:
    """Whether a call for one item needs nothing that the loop does for another."""
    items, region = each.items, [each.target, *body]
    kind = module.taken(items, "list", "tuple", "range", "dict", "set", "str", "view", assumes=assumes)
    if kind is None or not module.pure(items, assumes) or not may_overlap(module, each.call, assumes):
        return False
    targets = [module.variable(name) for name in _names(each.target)]
    if not all(_bound_once(one, region) for one in targets):
        return False
    for part in names_in(items, each.call):
        variable = module.variable(part)
        if variable is None or variable in targets:
            continue
        if module.rebound(part, region) or not _only_read(module, variable, body):
            return False
        if within(part, items):
            assumes.add(f"nothing else changes {part.id!r} meanwhile")
    return True


def _bound_once(variable: Variable | None, region: Sequence[ast.AST]) -> bool:
    if not followed(variable):
        return False
    return sum(within(binding.node, region) for binding in variable.bindings) <= 1


def _only_read(module: Module, variable: Variable, body: Sequence[ast.stmt]) -> bool:
    """Whether what a loop does with an answer leaves an object alone; the calls themselves may be given it."""
    for read in variable.reads:
        use = module.use(read) if within(read, list(body)) else "read"
        if use != "read" and not (use == "escape" and within(read, body[0])):
            return False
    return True


def _written(module: Module, each: _Each) -> tuple[str, list[Splice], list[str]]:
    """The call of gather, imports, and the lines that define the bounded call."""
    bound, gather = module.importing("asyncio", "Semaphore"), module.importing("asyncio", "gather")
    func = each.call.func
    called = func.attr if isinstance(func, ast.Attribute) else module.segment(func)
    own, gate = module.fresh(f"{called}_bounded"), module.fresh("at_once", "gate")
    name = ", ".join(one.id for one in _names(each.target))
    deeper = unit(module, each.place)
    lines = [
        f"{gate} = {bound.spelling}({_AT_ONCE})", "", f"async def {own}({name}):", f"{deeper}async with {gate}:",
        f"{deeper}{deeper}return await {module.segment(each.call)}", "",
    ]  # fmt: skip
    text = (
        f"await {gather.spelling}(*[{own}({name}) for {module.segment(each.target)} in {module.segment(each.items)}])"
    )
    return text, [*bound.splices, *gather.splices], lines


def _before(module: Module, statement: ast.stmt, lines: list[str]) -> Splice:
    made = module.before(statement, *lines)
    blank = module.indentation(statement) + module.newline
    return Splice(made.start, made.stop, made.text.replace(module.newline + blank, module.newline * 2))


def _next(
    module: Module, statement: ast.stmt, row: list[tuple[ast.Assign, ast.Call]], assumes: set[str]
) -> tuple[ast.Assign, ast.Call] | None:
    """A statement as one more of those that may wait together."""
    found = assigned(statement)
    call = None if found is None else awaited(found[1])
    if found is None or call is None or not isinstance(statement, ast.Assign):
        return None
    if not module.alone(statement) or "\n" in module.segment(statement):
        return None
    mine: set[str] = set()
    if not _follows(statement, found[0], call, [one for one, _ in row]) or not may_overlap(module, call, mine):
        return None
    if "#" in module.locator.lines[statement.lineno - 1]:
        return None
    assumes |= mine
    return statement, call


def _follows(statement: ast.Assign, target: ast.Name, call: ast.Call, row: list[ast.Assign]) -> bool:
    """Whether it stands on the line behind the others, needs nothing of them, and sets something else."""
    if row and statement.lineno != (row[-1].end_lineno or 0) + 1:
        return False
    taken = {name.id for one in row for name in one.targets if isinstance(name, ast.Name)}
    return not taken & {target.id, *(name.id for name in names_in(call))}


RULE = GatheredAwaits()
