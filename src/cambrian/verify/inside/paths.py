"""Runs in a jail that has CrossHair: calls two functions with the same symbolic arguments, path by path.

On each path the two answers, exceptions and arguments after the call must be alike whatever the path leaves open; the
solver says whether they are. A path on which that cannot be said is *open*, and then nothing is proved. Each path that
was gone through to its end gives a call that takes it, for somebody who runs both without this machinery.

It shares its process with the programs, which could falsify what it says: `verify.symbolic` lets only those in whose
text leaves nothing to doubt, and runs the calls that come out elsewhere.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterable
from inspect import Parameter, Signature
from types import CodeType, FunctionType, ModuleType
from typing import Any, Union, cast

__all__ = ["look"]

Outcome = tuple[str, object]
"""``("returned", value)`` or ``("raised", exception)``."""
_PROXY = (TypeError, AttributeError, NotImplementedError, RecursionError, MemoryError)
"""What also comes of a symbolic value where C code wants a plain one, or of the depth that tracing takes: no answer."""
_TYPES: dict[str, object] = {"Union": Union, "__builtins__": {
    kind.__name__: kind for kind in (int, bool, str, bytes, float, list, tuple, dict, set, frozenset)
}}  # fmt: skip


def look(
    module: str, function: str, text: str, hints: list[str], seconds: float, exceptions: str, most: int
) -> dict[str, object]:
    """Go through the paths of two functions.

    Args:
        module: of the original, to be imported.
        function: its name there.
        text: the candidate's module.
        hints: the type of each argument, as an expression of built-in types and ``Union``.
        seconds: of CPU for all paths.
        exceptions: ``"any"``, ``"type"``, or else their arguments count too.
        most: calls that are given back.

    Returns:
        ``exhausted``: all paths were gone through and none is open; ``paths``; ``open``: why paths are open, with how
        many; ``calls``: arguments by which paths are taken; ``differs``: arguments on which the two are said to differ,
        or `None`.
    """
    search = _Search(exceptions, most)
    old = importlib.import_module(module)
    new = _loaded(module, text)
    _thaw(old)
    _thaw(new)
    pair = [getattr(each, function) for each in (old, new)]
    if not all(isinstance(each, FunctionType) for each in pair):
        return search.told(exhausted=False, why="it is no plain function")
    kinds = [cast("object", eval(hint, dict(_TYPES))) for hint in hints]
    return search.go(pair[0], pair[1], _signature(pair[0], kinds), seconds)


def _loaded(name: str, text: str) -> ModuleType:
    """A module from text, beside the one of the same name that stays in the table of modules."""
    made, known = ModuleType(name), sys.modules[name]
    made.__package__ = known.__package__
    sys.modules[name] = made
    try:
        exec(compile(text, "<candidate>", "exec", dont_inherit=True), made.__dict__)
    finally:
        sys.modules[name] = known
    return made


def _thaw(module: ModuleType) -> None:
    """Makes sets of the constants that are frozen ones: CrossHair looks into sets without asking for a hash."""
    for each in list(vars(module).values()):
        if isinstance(each, FunctionType) and each.__module__ == module.__name__:
            each.__code__ = _thawed(each.__code__)


def _thawed(code: CodeType) -> CodeType:
    constants = tuple(
        set(cast("frozenset[object]", each)) if type(each) is frozenset
        else _thawed(each) if isinstance(each, CodeType) else each
        for each in code.co_consts
    )  # fmt: skip
    return code.replace(co_consts=constants)


def _signature(function: FunctionType, kinds: Iterable[object]) -> Signature:
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    return Signature([
        Parameter(name, Parameter.POSITIONAL_OR_KEYWORD, annotation=kind)
        for name, kind in zip(names, kinds, strict=True)
    ])  # fmt: skip


class _Search:
    """CrossHair's exploration of a pair. Its parts are imported here: the file is read where it is not installed."""

    def __init__(self, exceptions: str, most: int) -> None:
        self._core: Any = importlib.import_module("crosshair.core_and_libs") and importlib.import_module(
            "crosshair.core"
        )
        self._space: Any = importlib.import_module("crosshair.statespace")
        self._options: Any = importlib.import_module("crosshair.options")
        self._tracers: Any = importlib.import_module("crosshair.tracers")
        self._util: Any = importlib.import_module("crosshair.util")
        self._copy: Any = importlib.import_module("crosshair.copyext")
        self._exceptions, self._most = exceptions, most
        self.open: dict[str, int] = {}
        self.calls: list[tuple[object, ...]] = []
        self.differs: tuple[object, ...] | None = None
        self.paths = 0
        self.floats = False

    def go(
        self, old: Callable[..., object], new: Callable[..., object], signature: Signature, seconds: float
    ) -> dict[str, object]:
        """Until all paths are gone through, a difference is found, or the time is up."""
        self._watch_floats()
        options = self._options.DEFAULT_OPTIONS.overlay(
            per_condition_timeout=seconds, per_path_timeout=max(1.0, seconds / 4), max_uninteresting_iterations=0
        )
        status = self._space.VerificationStatus

        def path(space: Any) -> Any:
            self.paths += 1
            same = self._path(space, old, new, signature)
            verdict = {True: status.CONFIRMED, False: status.REFUTED, None: status.UNKNOWN}[same]
            return self._core.PathOutcome(self._space.CallAnalysis(verdict), same is False)

        try:
            found = self._core.explore_loop(options, self._space.RootNode(), path)
        except self._util.NotDeterministic:
            return self.told(exhausted=False, why="it is not deterministic")
        top = found.top_analysis
        confirmed = top is not None and top.verification_status == status.CONFIRMED
        return self.told(exhausted=bool(found.exhausted and confirmed and not self.open))

    def told(self, *, exhausted: bool, why: str = "") -> dict[str, object]:
        """What `look` gives back."""
        if why:
            self.open[why] = self.open.get(why, 0) + 1
        if self.floats:
            self.open["it computes with floats, which are taken for real numbers"] = 1
        return {
            "exhausted": exhausted and not self.open, "paths": self.paths, "open": self.open, "calls": self.calls,
            "differs": self.differs,
        }  # fmt: skip

    def _watch_floats(self) -> None:
        """Notes each symbolic float: CrossHair may take it for a real number, which has no rounding."""
        library: Any = importlib.import_module("crosshair.libimpl.builtinslib")
        for kind in (library.SymbolicFloat, library.PreciseIeeeSymbolicFloat, library.RealBasedSymbolicFloat):
            kind.__init__ = self._noting(kind.__init__)

    def _noting(self, made: Callable[..., None]) -> Callable[..., None]:
        def noted(value: object, *args: object, **kwargs: object) -> None:
            self.floats = True
            made(value, *args, **kwargs)

        return noted

    def _path(
        self, space: Any, old: Callable[..., object], new: Callable[..., object], signature: Signature
    ) -> bool | None:
        """Whether the two are alike on one path; `None` if that cannot be said."""
        given = self._core.gen_args(signature)
        first, second = (self._copy.deepcopyext(given, self._copy.CopyMode.REGULAR, {}) for _ in range(2))
        same: bool | None = None
        arguments: tuple[object, ...] = ()
        try:
            with self._core.ExceptionFilter() as passed, self._tracers.ResumedTracing():
                one, other = self._outcome(old, first), self._outcome(new, second)
                same = self._alike(one, other) and _same(list(first.args), list(second.args))
                space.detach_path()
                arguments = tuple(self._core.deep_realize(list(given.args)))
        except _Open as error:
            return self._leave(str(error))
        except self._util.UnexploredPath as error:
            return self._leave(f"the solver gave up ({type(error).__name__})")
        if passed.ignore or passed.user_exc is not None:
            return self._leave("its values cannot be compared")
        return self._keep(same, arguments)

    def _keep(self, same: bool | None, arguments: tuple[object, ...]) -> bool | None:
        crosses = all(map(_crosses, arguments))
        if same is False and crosses:
            self.differs = arguments
        elif same is False:
            return self._leave("it may differ on a text of half characters")
        elif crosses and len(self.calls) < self._most:
            self.calls.append(arguments)
        return same

    def _leave(self, why: str) -> None:
        self.open[why] = self.open.get(why, 0) + 1

    def _outcome(self, function: Callable[..., object], arguments: Any) -> Outcome:
        with self._core.ExceptionFilter() as passed:
            return "returned", function(*arguments.args)
        if passed.user_exc is None:
            raise _Open("CrossHair left a path")
        error = passed.user_exc[0]
        if isinstance(error, _PROXY):
            raise _Open(f"it raises {type(error).__name__} with a symbolic value")
        return "raised", error

    def _alike(self, one: Outcome, other: Outcome) -> bool:
        if one[0] != other[0]:
            return False
        if one[0] == "returned":
            return _same(one[1], other[1])
        first, second = cast("BaseException", one[1]), cast("BaseException", other[1])
        if self._exceptions == "any":
            return True
        named = [(type(each).__module__, type(each).__qualname__) for each in (first, second)]
        return named[0] == named[1] and (self._exceptions == "type" or _same(first.args, second.args))


class _Open(BaseException):
    """Nothing can be said about a path. No `Exception`, so that no program takes it for one of its own."""


def _same(one: Any, other: Any) -> bool:
    """Equal types and equal contents; whatever else it is, is open."""
    kind = cast("type[object]", type(one))
    if kind is not type(other):
        return False
    compare = _COMPARED.get(kind)
    if compare is None:
        raise _Open(f"its answers hold a {kind.__name__}")
    return compare(one, other)


def _equal(one: Any, other: Any) -> bool:
    return bool(one == other)


def _equal_items(one: Any, other: Any) -> bool:
    return len(one) == len(other) and all(map(_same, one, other))


def _equal_pairs(one: Any, other: Any) -> bool:
    return _equal_items(list(one.items()), list(other.items()))


def _equal_members(one: Any, other: Any) -> bool:
    return bool(one == other) and set(map(type, one)) == set(map(type, other))


_COMPARED: dict[type, Callable[[Any, Any], bool]] = {
    **dict.fromkeys((int, bool, str, bytes, type(None)), _equal), list: _equal_items, tuple: _equal_items,
    dict: _equal_pairs, set: _equal_members, frozenset: _equal_members,
}  # fmt: skip


def _crosses(value: Any) -> bool:
    """Whether a value is one that the codec takes as it is."""
    if type(value) is str:
        return not any("\ud800" <= letter <= "\udfff" for letter in value)
    if type(value) is dict:
        held = cast("dict[object, object]", value)
        return all(map(_crosses, (*held, *held.values())))
    return not isinstance(value, list | tuple | set | frozenset) or all(map(_crosses, cast("Iterable[Any]", value)))
