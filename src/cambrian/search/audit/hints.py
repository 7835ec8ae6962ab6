"""What an evaluator's text gives away before anything is run. A hint is no proof: it chooses probes, and is a risk.

Which names hold something of the candidate's is followed through assignments, loops and calls, by name: enough to tell
the candidate's own numbers from the task's.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

import msgspec

from .findings import Finding, Notes

__all__ = ["Hints", "note_risks", "read_hints"]

_SWALLOW = (ast.Pass, ast.Continue, ast.Return, ast.Assign)
_EXECUTES = {"eval", "exec", "compile", "loads", "load", "unsafe_load", "full_load"}
_RANDOM = {
    "random", "randint", "randrange", "uniform", "gauss", "choice", "choices", "shuffle", "sample", "normal", "rand",
    "randn",
}  # fmt: skip
_GROWS = {"append", "add", "update", "extend", "setdefault", "insert", "pop", "clear"}
_CLOCK = {"time", "perf_counter", "monotonic", "process_time", "now"}


class Hints(msgspec.Struct, frozen=True, kw_only=True):
    """Lines of the evaluator, 0 where there is nothing of the kind.

    Args:
        pairing: pairs the candidate's values with its own without asking for as many.
        swallowing: passes over an exception.
        executing: executes or unpickles text.
        random: draws numbers from a generator that nobody seeded.
        state: changes something that outlives a call.
        clock: reads a clock.
        divisor: divides by what the candidate gave.
        averaging: takes a mean over as many values as the candidate gave, and never asks how many.
        indexing: uses the candidate's values as indices.
        sizes: lengths of the lists that its text holds.
        imports: modules that it imports, by line.
    """

    pairing: int = 0
    swallowing: int = 0
    executing: int = 0
    random: int = 0
    state: int = 0
    clock: int = 0
    divisor: int = 0
    averaging: int = 0
    indexing: int = 0
    sizes: tuple[int, ...] = ()
    imports: dict[str, int] = {}


def read_hints(text: str, entries: tuple[str, ...] = ("score", "check")) -> Hints:
    """Hints in a text; none if it does not parse.

    Args:
        text: the evaluator's.
        entries: functions whose first argument is the candidate's.
    """
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return Hints()
    theirs = _theirs(tree, entries)
    within = [node for item in _functions(tree) for node in ast.walk(item)]
    first = _first(within)
    return Hints(
        pairing=0 if _asks_for_length(within, theirs, exactly=True) else first(lambda node: _pairs(node, theirs)),
        averaging=0 if _asks_for_length(within, theirs) else first(lambda node: _averages(node, theirs)),
        indexing=first(lambda node: _indexes(node, theirs)), sizes=_sizes(tree),
        swallowing=first(_swallows), executing=first(_executes), random=_unseeded(tree, first),
        state=first(lambda node: _changes(node, _outer(tree))) or first(_keeps), clock=first(_reads_clock),
        divisor=first(lambda node: _divides(node, theirs)),
        imports=dict(_imports(tree)),
    )  # fmt: skip


def _first(nodes: list[ast.AST]) -> Callable[[Callable[[ast.AST], bool]], int]:
    def line(test: Callable[[ast.AST], bool]) -> int:
        return min((getattr(node, "lineno", 0) for node in nodes if test(node)), default=0)

    return line


def _functions(tree: ast.Module) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def _names(node: ast.AST) -> set[str]:
    return {item.id for item in ast.walk(node) if isinstance(item, ast.Name)}


def _theirs(tree: ast.Module, entries: tuple[str, ...]) -> set[str]:
    """Names that hold something of the candidate's."""
    functions = {item.name: item for item in _functions(tree)}
    known = {item.args.args[0].arg for name, item in functions.items() if name in entries and item.args.args}
    for _ in range(4):
        for node in ast.walk(tree):
            known |= _passed_on(node, known, functions)
    return known


def _passed_on(node: ast.AST, known: set[str], functions: dict[str, ast.FunctionDef]) -> set[str]:
    if isinstance(node, ast.Assign) and _names(node.value) & known:
        return {name for target in node.targets for name in _stored(target)}
    if isinstance(node, (ast.For, ast.comprehension)) and _names(node.iter) & known:
        return _of_loop(node, known)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in functions:
        pairs = zip(functions[node.func.id].args.args, node.args, strict=False)
        return {parameter.arg for parameter, given in pairs if _names(given) & known}
    return set()


def _stored(target: ast.AST) -> set[str]:
    return {item.id for item in ast.walk(target) if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store)}


def _of_loop(node: ast.For | ast.comprehension, known: set[str]) -> set[str]:
    """Of ``for a, b in zip(theirs, ours)`` only what stands where theirs does."""
    call, target = node.iter, node.target
    if isinstance(call, ast.Call) and isinstance(target, ast.Tuple) and len(call.args) == len(target.elts):
        pairs = zip(target.elts, call.args, strict=True)
        return {name for item, given in pairs if _names(given) & known for name in _stored(item)}
    return _stored(target)


def _pairs(node: ast.AST, theirs: set[str]) -> bool:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and len(node.args) > 1):
        return False
    if node.func.id != "zip" or any(word.arg == "strict" for word in node.keywords):
        return False
    of_theirs = [bool(_names(item) & theirs) for item in node.args]
    return any(of_theirs) and not all(of_theirs)


_EQUATIONS = (ast.Eq, ast.NotEq)
_WHOLE = ("len(", ".shape", ".size", "set(", "sorted(", ".keys(")


def _asks_for_length(nodes: list[ast.AST], theirs: set[str], *, exactly: bool = False) -> bool:
    """A comparison with the length, the shape or the set of something of theirs; `exactly`: an equation."""
    compared = [node for node in nodes if isinstance(node, ast.Compare) and _names(node) & theirs]
    if exactly:
        compared = [node for node in compared if any(isinstance(item, _EQUATIONS) for item in node.ops)]
    return any(word in ast.unparse(node) for node in compared for word in _WHOLE)


def _averages(node: ast.AST, theirs: set[str]) -> bool:
    """Division by a length of theirs, or a mean of what is made of theirs."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        return "len(" in ast.unparse(node.right) and bool(_names(node.right) & theirs)
    if not isinstance(node, ast.Call):
        return False
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return name in ("mean", "fmean", "average", "median") and bool(_names(node) & theirs)


def _indexes(node: ast.AST, theirs: set[str]) -> bool:
    """``OURS[theirs]``."""
    return (
        isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name)
        and node.value.id not in theirs and bool(_names(node.slice) & theirs)
    )  # fmt: skip


def _sizes(tree: ast.Module) -> tuple[int, ...]:
    found = {len(node.elts) for node in ast.walk(tree) if isinstance(node, (ast.List, ast.Tuple))}
    return tuple(sorted(size for size in found if size > 2))[:8]


def _swallows(node: ast.AST) -> bool:
    if not isinstance(node, ast.ExceptHandler):
        return False
    broad = node.type is None or ast.unparse(node.type) in ("Exception", "BaseException")
    return (
        broad
        and not any(isinstance(item, ast.Raise) for item in ast.walk(node))
        and isinstance(node.body[-1], _SWALLOW)
    )


def _executes(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Name):
        return node.func.id in ("eval", "exec")
    owner = ast.unparse(node.func.value) if isinstance(node.func, ast.Attribute) else ""
    called = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    return called in _EXECUTES and owner in ("pickle", "marshal", "dill", "cloudpickle", "joblib", "yaml", "shelve")


def _unseeded(tree: ast.Module, first: Callable[[Callable[[ast.AST], bool]], int]) -> int:
    seeds = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr == "seed"]
    return 0 if seeds else first(_draws)


def _draws(node: ast.AST) -> bool:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    owner = ast.unparse(node.func.value)
    if owner in ("random", "np.random", "numpy.random") and node.func.attr in _RANDOM:
        return True
    return node.func.attr in ("Random", "default_rng", "RandomState") and not node.args and not node.keywords


def _outer(tree: ast.Module) -> set[str]:
    """Names of the module that hold something that can be changed."""
    targets = [item for node in tree.body if isinstance(node, ast.Assign) for item in node.targets]
    targets += [node.target for node in tree.body if isinstance(node, ast.AnnAssign)]
    return {item.id for item in targets if isinstance(item, ast.Name)}


def _changes(node: ast.AST, outer: set[str]) -> bool:
    if isinstance(node, ast.Global):
        return True
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
        return node.func.attr in _GROWS and node.func.value.id in outer
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AugAssign) else []
    owners = [item.value for item in targets if isinstance(item, (ast.Subscript, ast.Attribute))]
    return any(isinstance(owner, ast.Name) and owner.id in outer for owner in owners)


def _keeps(node: ast.AST) -> bool:
    """A default argument that can be changed."""
    return isinstance(node, ast.FunctionDef) and any(
        isinstance(item, (ast.List, ast.Dict, ast.Set)) for item in (*node.args.defaults, *node.args.kw_defaults)
    )


def _reads_clock(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _CLOCK
        and ast.unparse(node.func.value) in ("time", "datetime", "datetime.datetime")
    )  # fmt: skip


def _divides(node: ast.AST, theirs: set[str]) -> bool:
    if not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)):
        return False
    return bool(_names(node.right) & theirs) and "len(" not in ast.unparse(node.right)


def _imports(tree: ast.Module) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name.partition(".")[0], node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0], node.lineno


_RISKS = {
    "swallowing": (
        "an exception that is passed over", "read: a broad except that goes on",
        "an answer that makes the evaluator fail may count as harmless, or leave out the hard cases",
        "catch only what is expected, and let it fail the whole answer: raise ValueError(...) from error",
    ),
    "executing": (
        "text that is executed", "read: eval, exec or an unpickler", "text of the candidate's may run in the scorer",
        "parse with json.loads or ast.literal_eval",
    ),
    "random": (
        "luck", "read: random numbers from a generator without a seed", "the same answer may score better next time",
        "make a generator of a fixed seed inside the function: rng = random.Random(0)",
    ),
    "state": (
        "memory between evaluations", "read: something that outlives a call is changed",
        "a score may depend on what was scored before",
        "keep nothing in the module or in default arguments: make it inside the function",
    ),
    "pairing": (
        "parts left out", "read: zip without strict=True, and the length is never compared",
        "the rest of a short answer is not looked at", "zip(..., strict=True), or compare the lengths first",
    ),
    "divisor": (
        "a divisor of the candidate's", "read: a division by something that the answer determines",
        "a score may be made by its divisor", "divide by constants of the task, or bound the divisor from below",
    ),
}  # fmt: skip


def note_risks(hints: Hints, notes: Notes) -> None:
    """What the text gives away, as risks."""
    for field, (name, tried, result, fix) in _RISKS.items():
        line = int(getattr(hints, field))
        if line:
            notes.add(Finding(grade="risk", name=name, tried=tried, result=result, fix=fix, line=line))
