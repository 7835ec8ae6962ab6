"""A function that calls itself twice computes the same things again and again: it remembers them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from cambrian.source.analysis import Module
from cambrian.source.analysis.ownership import followed
from cambrian.source.analysis.tables import SCALARS
from cambrian.source.edit import Splice, apply, lines
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.remembering import answers_are_values, path_calls
from cambrian.source.rules.rule import Example, Rewrite

_MANY = 200_000
"""Answers that are kept during one call: some tens of megabytes."""


class RecursionCache(PythonRule):
    """Memoisation (Michie 1968), for the length of one call from outside."""

    id = "recursion-cache"
    title = "Remember what a function that calls itself has worked out"
    why = (
        "`fib(n - 1) + fib(n - 2)` asks for the same values over and over: time doubles with each step of n. The body "
        "moves into an inner function that looks its arguments up first; what it knows is dropped when the call from "
        "outside ends, so nothing is shared between calls, and at most 200,000 answers are kept. The guard sees that "
        "the function only computes, that it calls itself at least twice on one path, that the arguments that vary are "
        "numbers or text (arguments that are handed on as they are may be anything), and that answers are values that "
        "nobody can change. (`functools.lru_cache` would keep answers for good, and make recursion less deep.)"
    )
    words = ("def ",)
    examples = (
        Example(
            note="two calls in one expression",
            before=(
                "def lucas(n: int) -> int:\n"
                '    """Lucas numbers."""\n'
                "    if n == 0:\n"
                "        return 2\n"
                "    # the second\n"
                "    if n == 1:\n"
                "        return 1\n"
                "    return lucas(n - 1) + lucas(n - 2)\n"
            ),
            after=(
                "def lucas(n: int) -> int:\n"
                '    """Lucas numbers."""\n'
                "    known = {}\n"
                "\n"
                "    def lucas_of(n):\n"
                "        if n in known:\n"
                "            return known[n]\n"
                "        if n == 0:\n"
                "            return 2\n"
                "        # the second\n"
                "        if n == 1:\n"
                "            return 1\n"
                "        found = lucas_of(n - 1) + lucas_of(n - 2)\n"
                "        if len(known) < 200_000:\n"
                "            known[n] = found\n"
                "        return found\n"
                "\n"
                "    return lucas_of(n)\n"
            ),
            calls=("[lucas(n) for n in range(15)]",),
        ),
        Example(
            note="arguments that are handed on as they are stay out of the key",
            before=(
                "def best(weights, values, room, n):\n"
                "    if n == 0 or room == 0:\n"
                "        return 0\n"
                "    if weights[n - 1] > room:\n"
                "        return best(weights, values, room, n - 1)\n"
                "    taken = values[n - 1] + best(weights, values, room - weights[n - 1], n - 1)\n"
                "    return max(taken, best(weights, values, room, n - 1))\n"
            ),
            after=(
                "def best(weights, values, room, n):\n"
                "    known = {}\n"
                "\n"
                "    def best_of(weights, values, room, n):\n"
                "        if (room, n) in known:\n"
                "            return known[room, n]\n"
                "        if n == 0 or room == 0:\n"
                "            return 0\n"
                "        if weights[n - 1] > room:\n"
                "            found = best_of(weights, values, room, n - 1)\n"
                "            if len(known) < 200_000:\n"
                "                known[room, n] = found\n"
                "            return found\n"
                "        taken = values[n - 1] + best_of(weights, values, room - weights[n - 1], n - 1)\n"
                "        found = max(taken, best_of(weights, values, room, n - 1))\n"
                "        if len(known) < 200_000:\n"
                "            known[room, n] = found\n"
                "        return found\n"
                "\n"
                "    return best_of(weights, values, room, n)\n"
            ),
            calls=("best([1, 3, 4, 5], [1, 4, 5, 7], 7, 4)", "best([], [], 0, 0)", "best([1], [1], 1, 3)"),
        ),
        Example(
            note="one call on each path",
            before=(
                "def steps(n):\n"
                "    if n == 1:\n"
                "        return 0\n"
                "    if n % 2:\n"
                "        return 1 + steps(3 * n + 1)\n"
                "    return 1 + steps(n // 2)\n"
            ),
            after=None,
        ),
        Example(
            note="each call tells what it does",
            before=(
                "def moves(n):\n"
                "    print(n)\n"
                "    return 0 if n < 1 else moves(n - 1) + moves(n - 2)\n"
            ),
            after=None,
        ),
        Example(
            note="lists as answers: who gets one may change it",
            before=(
                "def trees(n):\n"
                "    if n == 0:\n"
                "        return []\n"
                "    return [trees(n - 1), trees(n - 1)]\n"
            ),
            after=None,
        ),
        Example(
            note="what varies is a list",
            before=(
                "def least(items):\n"
                "    if len(items) == 1:\n"
                "        return 1\n"
                "    half = len(items) // 2\n"
                "    return least(items[:half]) + least(items[half:])\n"
            ),
            after=None,
        ),
        Example(
            note="it remembers already",
            before=(
                "def paths(n, seen):\n"
                "    if n < 2:\n"
                "        return 1\n"
                "    seen.append(n)\n"
                "    return paths(n - 1, seen) + paths(n - 2, seen)\n"
            ),
            after=None,
        ),
    )  # fmt: skip

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for function in parsed.of(ast.FunctionDef):
            calls = _self_calls(parsed, function)
            found = self._at(parsed, function, calls) if len(calls) >= 1 else None
            if found is not None:
                yield found

    def _at(self, module: Module, function: ast.FunctionDef, calls: list[ast.Call]) -> Rewrite | None:
        assumes: set[str] = set()
        names = _parameters(module, function)
        if names is None or path_calls(function.body, calls) < 2 or not _can_be_moved(module, function, calls):
            return None
        key = [name for place, name in enumerate(names) if not _handed_on(calls, name, place)]
        if not key or not all(_is_a_value(module, function, name, assumes) for name in key):
            return None
        trusted: set[str] = set()
        if not module.computes(function, trusted) or not answers_are_values(module, function, calls, key, assumes):
            return None
        assumes |= {words for words in trusted if not words.endswith("is no iterator that is used up")}
        assumes.add(f"arguments of {function.name!r} that are equal, as 1 and 1.0 are, give equal answers")
        what = f"{function.name!r} calls itself more than once, often with arguments it has had before"
        splices = _splices(module, function, calls, names, key)
        return self.at(module, function, what, splices, assumes=assumes, gain=1000.0)


def _self_calls(module: Module, function: ast.FunctionDef) -> list[ast.Call]:
    """Calls of a function in itself; none if it is used there in another way, or more is unknown."""
    variable = module.variable(function)
    if variable is None or variable.secret or variable.deletes or len(variable.bindings) != 1:
        return []
    if function.decorator_list or variable.scope.kind == "class":
        return []
    inside = [read for read in variable.reads if any(above is function for above in module.ancestors(read))]
    calls = [call for read in inside if isinstance(call := module.parent(read), ast.Call) and call.func is read]
    plain = all(module.function(call) is function and not _spread(call) for call in calls)
    return calls if len(calls) == len(inside) and plain else []


def _spread(call: ast.Call) -> bool:
    """Whether it takes arguments out of a sequence or dict."""
    return any(isinstance(one, ast.Starred) for one in call.args) or any(word.arg is None for word in call.keywords)


def _parameters(module: Module, function: ast.FunctionDef) -> list[str] | None:
    """Names of the parameters if they are plain ones that keep their values."""
    given = function.args
    if given.vararg or given.kwarg or given.kwonlyargs or given.posonlyargs:
        return None
    if not all(isinstance(default, ast.Constant) for default in given.defaults):
        return None
    for one in given.args:
        variable = module.variable(one)
        if not followed(variable) or len(variable.bindings) != 1 or variable.deletes:
            return None
    return [one.arg for one in given.args]


def _can_be_moved(module: Module, function: ast.FunctionDef, calls: list[ast.Call]) -> bool:
    """Whether a body can be moved in by one step, and its returns written otherwise."""
    body = _body(function)
    if not body or not all(module.alone(statement) for statement in (function, body[0], body[-1])):
        return False
    for part in (one for statement in body for one in ast.walk(statement)):
        if isinstance(part, ast.Yield | ast.YieldFrom | ast.Global | ast.Nonlocal | ast.FunctionDef | ast.ClassDef):
            return False
        if isinstance(part, ast.Constant | ast.JoinedStr) and part.lineno != part.end_lineno:
            return False
    asking = _returns(module, function, calls)
    return bool(asking) and all(module.alone(one) for one in asking)


def _body(function: ast.FunctionDef) -> list[ast.stmt]:
    first = function.body[0]
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return function.body[1:] if documented else function.body


def _returns(module: Module, function: ast.FunctionDef, calls: list[ast.Call]) -> list[ast.Return]:
    """The returns behind the first call of itself: their answers are worth keeping."""
    first = min((call.lineno, call.col_offset) for call in calls)
    found = [part for part in ast.walk(function) if isinstance(part, ast.Return) and part.value is not None]
    within_call = [one for one in found if (one.end_lineno or 0, one.end_col_offset or 0) > first]
    return [one for one in within_call if module.function(one) is function and not isinstance(one.value, ast.Constant)]


def _handed_on(calls: list[ast.Call], name: str, place: int) -> bool:
    """Whether all calls of itself give a parameter the value it has."""
    for call in calls:
        given = call.args[place] if place < len(call.args) else None
        given = next((word.value for word in call.keywords if word.arg == name), given)
        if not isinstance(given, ast.Name) or given.id != name:
            return False
    return True


def _is_a_value(module: Module, function: ast.FunctionDef, name: str, assumes: set[str]) -> bool:
    """Whether a parameter is a number or text, by its hint or by what is done with it."""
    argument = next(one for one in function.args.args if one.arg == name)
    variable = module.variable(argument)
    reads = [] if variable is None else variable.reads
    if not reads:
        return False
    hinted = module.hinted(reads[0])
    if hinted is not None and (hinted.name in SCALARS or hinted.name == "number"):
        assumes |= hinted.hints
        return True
    if hinted is not None or argument.annotation is not None or not all(_reads_number(module, read) for read in reads):
        return False
    if not any(_counts(module, read) for read in reads):
        return False
    assumes.add(f"{name!r} is a number")
    return True


def _reads_number(module: Module, read: ast.Name) -> bool:
    """Whether nothing at a place speaks against a number."""
    above = module.parent(read)
    if isinstance(above, ast.Attribute | ast.Starred | ast.For | ast.comprehension):
        return False
    if isinstance(above, ast.Subscript):
        return above.value is not read
    if isinstance(above, ast.Call):
        return above.func is not read and not module.calls(above, "builtins.len", "builtins.sum", "builtins.sorted")
    return not (isinstance(above, ast.Compare) and any(isinstance(op, ast.In | ast.NotIn) for op in above.ops))


def _counts(module: Module, read: ast.Name) -> bool:
    """Whether a place shows a number: less something, times something, or compared with a number."""
    above = module.parent(read)
    if isinstance(above, ast.BinOp):
        other = above.right if above.left is read else above.left
        number = isinstance(other, ast.Constant) and type(other.value) in {int, float}
        return number and not isinstance(above.op, ast.Mod | ast.Mult)
    if isinstance(above, ast.Compare):
        return any(
            isinstance(side, ast.Constant) and type(side.value) is int for side in (above.left, *above.comparators)
        )
    return False


def _splices(
    module: Module, function: ast.FunctionDef, calls: list[ast.Call], names: list[str], key: Sequence[str]
) -> list[Splice]:
    inner = module.fresh(f"{function.name}_of", f"{function.name}_at")
    known = module.fresh("known", f"known_{function.name}")
    found = module.fresh("found", f"found_{function.name}")
    body = _body(function)
    outer = module.indentation(body[0])
    unit = "\t" if outer.startswith("\t") else "    "
    length = module.builtin("len")
    place = f"{known}[{', '.join(key)}]"
    inside = [module.splice(call.func, inner) for call in calls]
    for one in _returns(module, function, calls):
        start = module.locator.range(one)[0]
        kept = (f"if {length.spelling}({known}) < {_MANY:_}:", f"{unit}{place} = {found}", f"return {found}")
        inside += [Splice(start, start + len("return"), f"{found} ="), module.after(one, *kept)]
    first = body[0].lineno if body is function.body else (function.body[0].end_lineno or 0) + 1
    start, stop = module.locator.line_start(first), module.locator.line_start((body[-1].end_lineno or 0) + 1)
    moved = apply(module.text[start:stop], [Splice(one.start - start, one.stop - start, one.text) for one in inside])
    looked = place[len(known) + 1 : -1]
    head = [
        f"{known} = {{}}", "", f"def {inner}({_signature(module, function)}):",
        f"{unit}if {f'({looked})' if len(key) > 1 else looked} in {known}:", f"{unit}{unit}return {place}",
    ]  # fmt: skip
    newline = module.newline
    text = [outer + line if line else "" for line in head]
    text += [unit + line if line.strip() else line for line in (line.rstrip("\r\n") for line in lines(moved))]
    text += ["", f"{outer}return {inner}({', '.join(names)})", ""]
    return [Splice(start, stop, newline.join(text)), *length.splices]


def _signature(module: Module, function: ast.FunctionDef) -> str:
    given = function.args
    plain = len(given.args) - len(given.defaults)
    names = [one.arg for one in given.args]
    defaults = [f"{name}={module.segment(value)}" for name, value in zip(names[plain:], given.defaults, strict=True)]
    return ", ".join([*names[:plain], *defaults])


RULE = RecursionCache()
