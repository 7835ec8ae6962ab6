"""What a function is called with in trials: calls that are known, and where others are drawn from. Runs nothing.

Known calls come from a person's file of inputs, from tests, from examples in docstrings, and from calls with literals
in the function's own file.
"""

from __future__ import annotations

import ast
import copy
import doctest
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random
from typing import cast

import msgspec

from cambrian.core.codec import encode
from cambrian.core.errors import CodecError, UsageError
from cambrian.source.syntax import Problem, parse
from cambrian.verify.cases import Case, size
from cambrian.verify.generators import FromExamples, FromHints, Mixed, Source, from_tests
from cambrian.verify.growth import grown

from .targets import Function, Target, functions

__all__ = ["Inputs", "check_calls", "inputs_of", "misfit", "read_inputs"]

_VAGUE = ("Any", "object", "Callable", "list", "dict", "set", "tuple", "List", "Dict", "Set", "Tuple", "Iterable",
    "Sequence", "Collection", "Mapping", "Iterator")  # fmt: skip
_FACTORS = (4, 16, 64, 256, 1024, 4096)
_SMALL = 300
"""Parts of a call of which neighbours are drawn: more of them are looked at in the time than of large ones."""
_GROWN = 3
"""Known calls that are grown, the largest first."""


class Inputs(msgspec.Struct, frozen=True, kw_only=True):
    """Calls of a function.

    Args:
        given: by a person: what is timed, if there are any.
        known: all that are known, those included.
        source: draws more.
        told: where they come from, for people.
    """

    given: tuple[Case, ...]
    known: tuple[Case, ...]
    source: Source
    told: str

    def larger(self, calls: Sequence[Case], seed: int) -> tuple[tuple[Case, ...], ...]:
        """Calls grown by ever greater factors, to see what a cost does as they grow: the largest calls first.

        Args:
            calls: that work.
            seed: of what is new in them.
        """
        rng = Random(seed)
        by_size = sorted(calls, key=lambda case: len(case.payload), reverse=True)
        return tuple(
            tuple(grown(case, factor, rng, whole=whole) for factor in _FACTORS)
            for case in by_size[:_GROWN] for whole in (False, True)
            if not whole or any(type(value) is int for value in case.arguments)
        )  # fmt: skip


def inputs_of(
    target: Target, *, tests: Iterable[str] = (), given: Sequence[Case] = (), recorded: Sequence[Case] = ()
) -> Inputs:  # fmt: skip
    """All that can be had for a function.

    Args:
        target: the function.
        tests: texts of test files.
        given: calls that a person gave.
        recorded: calls that were seen when something ran.

    Raises:
        UsageError: nothing could be found out; says what was tried.
    """
    function = _function(target)
    found = {"calls recorded": tuple(recorded), **_written(target, tests)}
    known = _different([*given, *(case for cases in found.values() for case in cases if not misfit(case, function))])
    sources, reason = _sources(target, function, known)
    if not sources:
        way = "; --tests CMD records calls of it, with their objects" if function.bound == "object" else ""
        raise UsageError(f"no inputs for {target.place}: {reason or 'no hints'}; and no call of it is known{way}")
    told = [f"{len(given)} given"] if given else []
    told += [f"{len(cases)} of {where}" for where, cases in found.items() if cases]
    told += ["type hints"] if any(isinstance(source, FromHints) for source in sources) else []
    return Inputs(
        given=tuple(given), known=known, source=sources[0] if len(sources) == 1 else Mixed(sources),
        told=", ".join(told),
    )  # fmt: skip


def _written(target: Target, tests: Iterable[str]) -> dict[str, tuple[Case, ...]]:
    """Calls that stand in texts, by where; of a method none, as its object would have to be read, too."""
    name = target.name.rpartition(".")[2]
    texts = {"tests": tests, "docstrings": [_examples(target.text)], "calls in its file": [target.text]}
    return {where: () if "." in target.name else tuple(from_tests(each, name)) for where, each in texts.items()}


def _sources(target: Target, function: Function, known: Sequence[Case]) -> tuple[list[Source], str]:
    """What draws more calls, and why hints do not, if they were asked."""
    small = [case for case in known if size(case) <= _SMALL] or sorted(known, key=size)[:1]
    sources: list[Source] = [FromExamples(small)] if small else []
    if known and any(map(_is_vague, _annotations(function))):
        return sources, ""
    try:
        return [*sources, _by_hints(target, function)], ""
    except UsageError as error:
        return sources, str(error)


def _function(target: Target) -> Function:
    tree = parse(target.text, target.path)
    assert not isinstance(tree, Problem)
    return next(each for each in functions(tree) if each.name == target.name)


def _examples(text: str) -> str:
    """Statements of all ``>>>`` examples of a file."""
    try:
        return "".join(example.source for example in doctest.DocTestParser().get_examples(text))
    except ValueError:  # inconsistent indentation
        return ""


def _different(cases: Iterable[Case]) -> tuple[Case, ...]:
    found: dict[bytes, Case] = {}
    for case in cases:
        try:
            found.setdefault(encode(case.arguments), case)
        except CodecError:
            found.setdefault(case.payload, case)
    return tuple(found.values())


def _parameters(function: Function) -> list[ast.arg]:
    """What is given by position: of a class method without the class, which is bound to it."""
    taken = [*function.node.args.posonlyargs, *function.node.args.args]
    return taken[1:] if function.bound == "class" else taken


def _annotations(function: Function) -> list[ast.expr | None]:
    """Hints of what a caller has to make up; not of a method's own object."""
    return [each.annotation for each in _parameters(function)[1 if function.bound == "object" else 0 :]]


def _is_vague(hint: ast.expr | None) -> bool:
    """Whether a hint leaves open what the values are, so that examples say more."""
    if hint is None:
        return True
    if isinstance(hint, ast.Subscript):
        inner = hint.slice.elts if isinstance(hint.slice, ast.Tuple) else [hint.slice]
        return any(map(_is_vague, inner))
    if isinstance(hint, ast.BinOp):
        return _is_vague(hint.left) or _is_vague(hint.right)
    word = hint.attr if isinstance(hint, ast.Attribute) else hint.id if isinstance(hint, ast.Name) else ""
    return word in _VAGUE


def _by_hints(target: Target, function: Function) -> Source:
    """Values by the hints; of a method with an object of its class as the first argument.

    Raises:
        UsageError: they cannot be made up.
    """
    owner, _, name = target.name.rpartition(".")
    if not owner:
        return FromHints(target.text, name, module=target.module)
    signature = ast.parse("def improve_target(): ...\n").body[0]
    assert isinstance(signature, ast.FunctionDef)
    signature.args = copy.deepcopy(function.node.args)
    first = [*signature.args.posonlyargs, *signature.args.args][:1]
    if function.bound == "class" and first:
        (signature.args.posonlyargs or signature.args.args).pop(0)
    elif function.bound == "object" and first:
        first[0].annotation = ast.Name(owner)
    words = ast.unparse(signature)
    return FromHints(f"{target.text}\n\n{words}\n", "improve_target", module=target.module)


def misfit(case: Case, function: Function) -> str:
    """Why a call cannot be one of a function, for people; "" if it can.

    Args:
        case: the call; of a method with its object first.
        function: what is called.
    """
    taken = _parameters(function)
    spread = function.node.args.vararg is not None
    least = len(taken) - min(len(taken), len(function.node.args.defaults))
    given = len(case.arguments)
    if least <= given and (spread or given <= len(taken)):
        return ""
    many = f"at least {least}" if spread else f"{least}" if least == len(taken) else f"{least} to {len(taken)}"
    names = ", ".join([each.arg for each in taken] + (["*…"] if spread else []))
    return f"gives {given} argument{'' if given == 1 else 's'}, and {function.name}({names}) takes {many}"


def check_calls(calls: Sequence[Case], function: Function) -> None:
    """Refuse calls that cannot be calls of a function.

    Raises:
        UsageError: names the first.
    """
    for number, case in enumerate(calls, 1):
        why = misfit(case, function)
        if why:
            raise UsageError(f"call {number} of those given, {str(case)[:60]}, {why}")


def read_inputs(path: Path, function: Function | None = None) -> tuple[Case, ...]:
    """Calls that a person wrote down: on each line a tuple of arguments, as a Python literal; # begins a comment.

    Args:
        path: the file.
        function: what they must be calls of, if that is known.

    Raises:
        UsageError: it cannot be read, or a line is something else.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"the inputs {str(path)!r} cannot be read: {error}") from error
    cases: list[Case] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            value = cast("object", ast.literal_eval(line.strip()))
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError) as error:
            raise UsageError(
                f"{path}:{number}: {line.strip()[:60]!r} is no Python literal; write a tuple of arguments such as "
                "([3, 1, 2], 'x')"
            ) from error
        if not isinstance(value, tuple):
            raise UsageError(f"{path}:{number}: {line.strip()[:60]!r} is no tuple; write ({line.strip()[:60]},)")
        case = Case(arguments=cast("tuple[object, ...]", value), origin="given")
        why = misfit(case, function) if function is not None else ""
        if why:
            raise UsageError(f"{path}:{number}: {line.strip()[:60]!r} {why}")
        cases.append(case)
    return tuple(cases)
