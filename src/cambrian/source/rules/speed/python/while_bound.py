"""``while i <= int(math.sqrt(n)) + 1:`` where n changes now and then: the bound is worked out when n changes."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cambrian.source.analysis import Binding, Module, Variable
from cambrian.source.analysis.index import within
from cambrian.source.analysis.ownership import lasting
from cambrian.source.analysis.shapes import has
from cambrian.source.rules.catching import caught
from cambrian.source.rules.loops import names_in
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite


class WhileBound(PythonRule):
    """Reduction of a loop's test: what it needs is kept up to date where it changes, not asked for on each turn."""

    id = "while-bound"
    title = "Work out the bound of a loop when it changes, not on each turn"
    why = (
        "`while i <= math.sqrt(n):` takes a root on each turn, though n changes on few of them, if at all. The bound "
        "gets a variable of its own, set before the loop and again behind each statement that gives n another value. "
        "The guard sees that the bound hangs on plain variables of the function alone, and that it is not as often "
        "set as it was asked for. That it can be worked out whenever n changes is assumed unless the text shows it."
    )
    words = ("while ",)
    examples = (
        Example(
            note="the rest that is still to be divided",
            before=(
                "import math\n\n\n"
                "def factors(n: int):\n"
                "    out = []\n"
                "    i = 2\n"
                "    while i <= int(math.sqrt(n) + 1):\n"
                "        if n % i == 0:\n"
                "            out.append(i)\n"
                "            n //= i\n"
                "        else:\n"
                "            i += 1\n"
                "    if n > 1:\n"
                "        out.append(n)\n"
                "    return out\n"
            ),
            after=(
                "import math\n\n\n"
                "def factors(n: int):\n"
                "    out = []\n"
                "    i = 2\n"
                "    bound = int(math.sqrt(n) + 1)\n"
                "    while i <= bound:\n"
                "        if n % i == 0:\n"
                "            out.append(i)\n"
                "            n //= i\n"
                "            bound = int(math.sqrt(n) + 1)\n"
                "        else:\n"
                "            i += 1\n"
                "    if n > 1:\n"
                "        out.append(n)\n"
                "    return out\n"
            ),
            calls=("[factors(n) for n in range(1, 200)]",),
        ),
        Example(
            note="a root as a power",
            before=(
                "def is_prime(n: int):\n"
                "    i = 2\n"
                "    while i <= n ** 0.5 and n > 1:\n"
                "        if n % i == 0:\n"
                "            return False\n"
                "        i += 1\n"
                "    return n > 1\n"
            ),
            after=(
                "def is_prime(n: int):\n"
                "    i = 2\n"
                "    bound = n ** 0.5\n"
                "    while i <= bound and n > 1:\n"
                "        if n % i == 0:\n"
                "            return False\n"
                "        i += 1\n"
                "    return n > 1\n"
            ),
            calls=("[is_prime(n) for n in range(100)]",),
        ),
        Example(
            note="it changes on each turn",
            before=(
                "import math\n\n\n"
                "def halves(n: int):\n"
                "    i = 0\n"
                "    while i <= math.sqrt(n):\n"
                "        n //= 2\n"
                "        i += 1\n"
                "    return i\n"
            ),
            after=None,
        ),
        Example(
            note="it hangs on an object, which others may change",
            before=(
                "import math\n\n\n"
                "def drain(box, use):\n"
                "    i = 0\n"
                "    while i <= math.sqrt(box.size):\n"
                "        use(box)\n"
                "        i += 1\n"
                "    return i\n"
            ),
            after=None,
        ),
        Example(
            note="another function may set it",
            before=(
                "import math\n\n\n"
                "def outer(n, step):\n"
                "    def smaller():\n"
                "        nonlocal n\n"
                "        n -= 1\n\n"
                "    i = 0\n"
                "    while i <= math.sqrt(n):\n"
                "        step(smaller)\n"
                "        i += 1\n"
                "    return i\n"
            ),
            after=None,
        ),
    )  # fmt: skip

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for loop in parsed.of(ast.While):
            test = loop.test
            first = test.values[0] if isinstance(test, ast.BoolOp) else test
            if not isinstance(first, ast.Compare) or len(first.ops) != 1 or not parsed.alone(loop):
                continue
            sides = (first.left, first.comparators[0])
            if not any(isinstance(side, ast.Name | ast.Constant) for side in sides):
                continue
            for bound in sides:
                found = self._at(parsed, loop, bound) if _costs(parsed, bound) else None
                if found is not None:
                    yield found

    def _at(self, module: Module, loop: ast.While, bound: ast.expr) -> Rewrite | None:
        assumes: set[str] = set()
        changes = _changes(module, loop, bound)
        text = module.segment(bound)
        called = has(bound, ast.Call)
        if changes is None or (not changes and called) or "\n" in text or "\r" in text or caught(module, loop):
            return None  # a call of which nothing changes is moved by invariant-call
        if not module.pure(bound, assumes) or module.scope(loop).kind == "class":
            return None
        module.safe(bound, assumes)
        name = module.fresh("bound", "limit")
        line = f"{name} = {text}"
        splices = [module.before(loop, line), module.splice(bound, name)]
        splices += [module.after(one, line) for one in changes]
        return self.at(module, bound, f"{text!r} is worked out on each turn", splices, assumes=assumes, gain=3.0)


def _costs(module: Module, node: ast.expr) -> bool:
    """Whether an expression takes longer than reading a variable, by far, and is made of numbers alone."""
    dear = False
    for part in ast.walk(node):
        if isinstance(part, ast.Call):
            meaning = module.meaning(part.func)
            if not (meaning.startswith("math.") or meaning in {"builtins.int", "builtins.round"}) or part.keywords:
                return False
            dear = True
        elif isinstance(part, ast.BinOp):
            dear |= isinstance(part.op, ast.Pow) and isinstance(part.right, ast.Constant)
        elif isinstance(part, ast.Attribute):
            if not module.meaning(part).startswith("math."):
                return False
        elif not isinstance(
            part, ast.Name | ast.Constant | ast.operator | ast.unaryop | ast.UnaryOp | ast.expr_context
        ):
            return False
    return dear


def _changes(module: Module, loop: ast.While, bound: ast.expr) -> list[ast.stmt] | None:
    """The statements in a loop, each on some turns only, that set what a bound hangs on; ``None`` if that is unsure."""
    found: list[ast.stmt] = []
    for name in names_in(bound):
        if module.meaning(name):
            continue
        variable = module.variable(name)
        if not lasting(variable) or not _own(module, variable, loop):
            return None
        for binding in variable.bindings:
            if within(binding.node, loop):
                if not _sometimes(module, binding, loop):
                    return None
                found.append(module.statement(binding.node))
    return list(dict.fromkeys(found))


def _own(module: Module, variable: Variable, loop: ast.While) -> bool:
    """Whether it belongs to the function that the loop is in."""
    return variable.scope.kind != "module" and variable.scope.frame is module.scope(loop).frame


def _sometimes(module: Module, binding: Binding, loop: ast.While) -> bool:
    """Whether a plain statement further inside sets it, not on each turn."""
    statement = module.statement(binding.node)
    if not isinstance(statement, ast.Assign | ast.AugAssign) or binding.how not in {"assign", "augment"}:
        return False
    if not module.alone(statement) or statement in loop.body or within(binding.node, loop.test):
        return False
    return not isinstance(module.parent(binding.node), ast.NamedExpr)


RULE = WhileBound()
