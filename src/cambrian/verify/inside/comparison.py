"""Runs in jails and beside them: whether two values are the same under rules, and where they differ first.

Standard library and the core codec only. No code of a compared object runs: see `structure`. Nothing here recurses with
the values' depth, cycles end, and after `LIMIT` steps the answer is that the values were *not compared*, which never
counts as the same.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Literal, NamedTuple, cast

from cambrian.core.codec import Shape

from .arrays import first_unequal, is_numbers
from .show import Label, Path, place, show
from .structure import is_mutable, name_of, opened

__all__ = ["LIMIT", "STRICT", "Difference", "Rules", "compare"]

LIMIT = 2_000_000
"""Pairs of values that one comparison looks at."""
_NESTED = 30
_NUMBERS = frozenset(map(id, (bool, int, float, complex)))
_ATOMS = frozenset(map(id, (type(None), bool, int, str, bytes, type(...), type(NotImplemented))))
"""Types by identity: to look a class up by itself would run its metaclass's ``__hash__``."""

Pair = tuple[object, object, Path | None]


class Rules(NamedTuple):
    """What counts as the same. `verify.policy.Policy` tells what each means."""

    float_rtol: float = 0.0
    float_atol: float = 0.0
    types: Literal["strict", "numeric"] = "strict"
    nan_equal: bool = True
    signed_zero: bool = True
    order: Literal["all", "dict", "none"] = "dict"
    arrays: Literal["strict", "values"] = "strict"
    identity: bool = False


STRICT = Rules()
"""Equal types, equal values, all the way down."""


class Difference(NamedTuple):
    """Where two values differ first, and how.

    `place` is a path such as ``answer[2].x``; `what` says the rest of the sentence; `compared` is false if it could not
    be found out whether they differ.
    """

    place: str
    what: str
    compared: bool = True

    def __str__(self) -> str:
        return f"{self.place} {self.what}"


def compare(
    expected: object, got: object, rules: Rules = STRICT, *, name: str = "answer", limit: int = LIMIT
) -> Difference | None:
    """The first difference between two values; `None` if they are the same.

    Args:
        expected: the value as it should be.
        got: the value to be judged.
        rules: what counts as the same.
        name: what a difference calls the whole value.
        limit: pairs to look at before giving up.
    """
    walk = _Walk(rules, limit)
    try:
        walk.run([(expected, got, None)])
    except _Differs as found:
        return Difference(place(name, found.path), found.what, found.compared and not walk.gave_up)
    return None


class _Differs(Exception):
    def __init__(self, path: Path | None, what: str, *, compared: bool = True) -> None:
        super().__init__(what)
        self.path, self.what, self.compared = path, what, compared


class _Walk:
    """One comparison: depth first, in the order of the values, with a stack of its own.

    Two containers that are met again as a pair, as in a cycle, are taken to be the same: if they were not, the first
    meeting finds it.
    """

    def __init__(self, rules: Rules, limit: int) -> None:
        self._rules = rules
        self._left = limit
        self._met: dict[tuple[int, int], tuple[object, object]] = {}  # holds the pair, so that ids stay theirs
        self._twins: tuple[dict[int, int], dict[int, int]] = ({}, {})
        self._trail: list[tuple[int, int]] = []
        self._nested = 0
        self._shortcut = not rules.identity
        self.gave_up = False

    def run(self, pairs: Iterable[Pair]) -> None:
        stack = [iter(pairs)]
        while stack:
            pair = next(stack[-1], None)
            if pair is None:
                stack.pop()
                continue
            self._left -= 1
            if self._left < 0:
                self._give_up(pair[2], "is too large to be compared")
            inner = self._pairs(*pair)
            if inner is not None:
                stack.append(inner)

    def _give_up(self, path: Path | None, what: str) -> None:
        self.gave_up = True
        raise _Differs(path, what, compared=False)

    def _pairs(self, a: object, b: object, path: Path | None) -> Iterator[Pair] | None:
        """Judge two values by themselves; what is inside them is left to be judged."""
        if a is b and self._shortcut and (self._rules.nan_equal or id(type(a)) in _ATOMS):
            return None
        kind: type = type(a)
        if kind is not type(b):
            return self._unlike(a, b, path)
        if id(kind) in _ATOMS:
            if a != b:
                raise self._unequal(a, b, path)
            return None
        if kind is float or kind is complex:
            if not self._numbers_same(cast("complex", a), cast("complex", b)):
                raise self._unequal(a, b, path)
            return None
        if self._met_before(a, b, path):
            return None
        return self._inside(a, b, path)

    def _inside(self, a: Any, b: Any, path: Path | None) -> Iterator[Pair] | None:
        kind = type(cast("object", a))
        if kind is list or kind is tuple:
            return self._sequences(a, b, path)
        if kind is dict:
            return self._dicts(a, b, path)
        if kind is set or kind is frozenset:
            return self._sets(a, b, path)
        if is_numbers(a):
            return self._arrays(a, b, path)
        return self._objects(a, b, path)

    @staticmethod
    def _unequal(a: object, b: object, path: Path | None) -> _Differs:
        return _Differs(path, f"is {show(b)}, expected {show(a)}")

    def _unlike(self, a: object, b: object, path: Path | None) -> Iterator[Pair] | None:
        """Values of two types: numbers may be the same all the same, and so may objects of a class loaded twice."""
        if self._rules.types == "numeric":
            a, b = _number(a), _number(b)
            if id(type(a)) in _NUMBERS and id(type(b)) in _NUMBERS:
                if self._numbers_same(cast("complex", a), cast("complex", b)):
                    return None
                raise self._unequal(a, b, path)
        one, other = self._open(a), self._open(b)
        if one is not None and other is not None and one.type == other.type:
            return None if self._met_before(a, b, path) else self._parts(one, other, path)
        raise _Differs(path, f"is {_kind(b)} {show(b)}, expected {_kind(a)} {show(a)}")

    def _open(self, value: object) -> Shape | None:
        return None if id(type(value)) in _ATOMS or id(type(value)) in _NUMBERS else opened(value)

    def _numbers_same(self, a: complex, b: complex) -> bool:
        if type(a) is complex or type(b) is complex:
            return self._numbers_same(a.real, b.real) and self._numbers_same(a.imag, b.imag)
        return _floats_same(cast("float", a), cast("float", b), self._rules)

    def _met_before(self, a: object, b: object, path: Path | None) -> bool:
        key = (id(a), id(b))
        if key in self._met:
            return True
        self._met[key] = (a, b)
        self._trail.append(key)
        if self._rules.identity and is_mutable(type(a)):
            there, back = self._twins
            if there.setdefault(key[0], key[1]) != key[1] or back.setdefault(key[1], key[0]) != key[0]:
                raise _Differs(path, "is the same object as another part in one of the two, but not in both")
        return False

    def _rewind(self, mark: int) -> None:
        """Forget what was assumed since a mark: the trial that assumed it has failed."""
        there, back = self._twins
        while len(self._trail) > mark:
            key = self._trail.pop()
            del self._met[key]
            if there.get(key[0]) == key[1]:
                del there[key[0]]
            if back.get(key[1]) == key[0]:
                del back[key[1]]

    def _sequences(self, a: Any, b: Any, path: Path | None) -> Iterator[Pair] | None:
        if len(a) != len(b):
            raise _Differs(path, f"has {len(b)} items, expected {len(a)}")
        self._left -= len(a) // 64
        if _plainly_same(a, b, self._rules):
            return None
        return ((x, y, (path, index)) for index, (x, y) in enumerate(zip(a, b, strict=True)))

    def _dicts(self, a: Any, b: Any, path: Path | None) -> Iterator[Pair] | None:
        if len(a) != len(b):
            raise _Differs(path, f"has {len(b)} keys, expected {len(a)}: {show(b)}, expected {show(a)}")
        if self._rules.order != "none":
            return self._ordered_dicts(a, b, path)
        ours, theirs = _keyed(a, self._rules), _keyed(b, self._rules)
        for key, (shown, _) in ours[0].items():
            if key not in theirs[0]:
                raise _Differs(path, f"lacks the key {show(shown)}")
        self._match(ours[1], theirs[1], path)
        return ((value, theirs[0][key][1], (path, shown)) for key, (shown, value) in ours[0].items())

    def _ordered_dicts(self, a: Any, b: Any, path: Path | None) -> Iterator[Pair]:
        for (key, value), (other, theirs) in zip(a.items(), b.items(), strict=True):
            plain = type(key) is str and type(other) is str
            if not (key == other if plain else self._trial(key, other)):
                known = _keyed(a, self._rules)[0].keys() == _keyed(b, self._rules)[0].keys()
                what = "has its keys in another order" if known else "has other keys"
                raise _Differs(path, f"{what}: {show(other)} where {show(key)} is expected")
            yield value, theirs, (path, key)

    def _sets(self, a: Any, b: Any, path: Path | None) -> Iterator[Pair] | None:
        if len(a) != len(b):
            raise _Differs(path, f"has {len(b)} items, expected {len(a)}: {show(b)}, expected {show(a)}")
        if self._rules.order == "all":
            return ((x, y, (path, index)) for index, (x, y) in enumerate(zip(a, b, strict=True)))
        ours, theirs = _atoms(a, self._rules), _atoms(b, self._rules)
        if ours[0] != theirs[0]:
            raise _Differs(path, f"is {show(b)}, expected {show(a)}")
        self._match(ours[1], theirs[1], path)
        return None

    def _match(self, a: list[object], b: list[object], path: Path | None) -> None:
        """Pair up two bags of values, each with one that is the same: bipartite matching by augmenting paths."""
        if len(a) != len(b):
            raise _Differs(path, "has other items than expected")
        holds: dict[int, int] = {}  # place in a → place in b
        for index, item in enumerate(a):
            if not self._augment(a, b, index, holds):
                raise _Differs(path, f"has nothing that is the same as {show(item)}")

    def _augment(self, a: list[object], b: list[object], start: int, holds: dict[int, int]) -> bool:
        holder = {there: here for here, there in holds.items()}
        wanted: dict[int, int] = {}  # place in b → place in a that asked for it
        todo = [start]
        for here in todo:
            for there in (here, *range(len(b))):
                if there in wanted or not self._trial(a[here], b[there]):
                    continue
                wanted[there] = here
                if there in holder:
                    todo.append(holder[there])
                    continue
                _flip(start, there, wanted, holds)
                return True
        return False

    def _trial(self, a: object, b: object) -> bool:
        """Whether two values are the same, with all that was assumed so far."""
        if self._nested >= _NESTED:
            self._give_up(None, "is nested too deeply in sets and keys to be compared")
        mark = len(self._trail)
        self._nested += 1
        try:
            self.run([(a, b, None)])
        except _Differs:
            self._rewind(mark)
            if self.gave_up:
                raise
            return False
        finally:
            self._nested -= 1
        return True

    def _arrays(self, a: Any, b: Any, path: Path | None) -> None:
        if a.shape != b.shape or (self._rules.arrays == "strict" and a.dtype != b.dtype):
            raise _Differs(path, f"is {b.dtype}{list(b.shape)}, expected {a.dtype}{list(a.shape)}")
        if "c" in (a.dtype.kind, b.dtype.kind) and a.dtype.kind != b.dtype.kind:
            raise _Differs(path, f"is {b.dtype}, expected {a.dtype}")
        self._left -= a.size // 64
        index = first_unequal(a, b, self._rules)
        if index is not None:
            raise self._unequal(a[index].item(), b[index].item(), (path, index[0] if len(index) == 1 else index))

    def _objects(self, a: object, b: object, path: Path | None) -> Iterator[Pair] | None:
        if a is b:
            return None
        one, other = opened(a), opened(b)
        if one is None or other is None:
            self._give_up(path, f"is a {name_of(type(b))}, which cannot be compared")
        return self._parts(cast("Shape", one), cast("Shape", other), path)

    def _parts(self, a: Shape, b: Shape, path: Path | None) -> Iterator[Pair]:
        if a.type != b.type:
            raise _Differs(path, f"is a {b.type}, expected a {a.type}")
        if a.type == "numpy.ndarray" and self._rules.arrays == "values":
            a, b = _values_only(a), _values_only(b)
        names, theirs = [label for label, _ in a.parts], [label for label, _ in b.parts]
        if names != theirs:
            missing, extra = sorted(set(names) - set(theirs)), sorted(set(theirs) - set(names))
            raise _Differs(path, f"lacks the parts {missing!r} and has {extra!r} too many")
        for (label, value), (_, other) in zip(a.parts, b.parts, strict=True):
            if a.type in _BAGS and label == "" and type(value) is list and type(other) is list:
                self._sets(value, other, path)
            else:
                yield value, other, (path, Label(label))


_BAGS = ("builtins.set", "builtins.frozenset")


def _flip(start: int, free: int, wanted: dict[int, int], holds: dict[int, int]) -> None:
    """Hand the places along an augmenting path on."""
    while True:
        here = wanted[free]
        before = holds.get(here)
        holds[here] = free
        if here == start or before is None:
            return
        free = before


def _number(value: object) -> object:
    """A scalar of numpy as the number that it is; anything else as it is."""
    if id(type(value)) in _NUMBERS or id(type(value)) in _ATOMS:
        return value
    shape = opened(value)
    if shape is not None and shape.type.startswith("numpy.") and len(shape.parts) == 1:
        return shape.parts[0][1]
    return value


def _kind(value: object) -> str:
    return value.type if type(value) is Shape else name_of(type(value)).removeprefix("builtins.")


def _floats_same(a: float, b: float, rules: Rules) -> bool:
    """Numbers of any real type: equal, or within the tolerance if one of them is a float."""
    if a == b:
        judged = not rules.signed_zero or rules.float_atol or a or type(a) is not float or type(b) is not float
        return bool(judged) or math.copysign(1, a) == math.copysign(1, b)
    if type(a) is not float and type(b) is not float:
        return False
    if a != a or b != b:  # noqa: PLR0124 - how NaN is told
        return rules.nan_equal and a != a and b != b  # noqa: PLR0124
    try:
        a, b = float(a), float(b)
    except OverflowError:
        return False
    if math.isinf(a) or math.isinf(b):
        return False
    return abs(a - b) <= max(rules.float_rtol * max(abs(a), abs(b)), rules.float_atol)


def _plainly_same(a: Any, b: Any, rules: Rules) -> bool:
    """Whether two sequences are the same, as far as one look at them can tell. False says nothing."""
    if len(a) < 8:  # below that the look costs more than it saves
        return False
    kinds = set(map(id, map(type, a)))
    if len(kinds) > 1 or not kinds <= _PLAIN or set(map(id, map(type, b))) != kinds:
        return False
    floats = id(float) in kinds
    if floats and (not rules.nan_equal or (rules.signed_zero and 0.0 in a)):
        return False
    return bool(a == b)


_PLAIN = frozenset(map(id, (int, str, bytes, bool, float, type(None))))


def _atom(value: object, rules: Rules) -> tuple[object, ...] | None:
    """What two values share exactly if they are the same; `None` where that cannot be said of one by itself."""
    kind = type(value)
    if id(kind) not in _ATOMS and kind is not float:
        return None
    numeric = rules.types == "numeric" and id(kind) in _NUMBERS
    if (kind is float or numeric) and (rules.float_rtol or rules.float_atol):
        return None
    if kind is float:
        return _float_atom(cast("float", value), rules, "number" if numeric else "float")
    return ("number" if numeric else kind.__name__, value)


def _float_atom(value: float, rules: Rules, kind: str) -> tuple[object, ...] | None:
    if value != value:  # noqa: PLR0124 - how NaN is told
        return ("nan",) if rules.nan_equal else None
    if value == 0 and rules.signed_zero and math.copysign(1, value) < 0:
        return None if kind == "number" else ("-0.0",)  # the same as the integer 0 and not the same as 0.0
    return (None if kind == "number" and value == 0 and rules.signed_zero else kind, value)


def _atoms(values: Iterable[object], rules: Rules) -> tuple[Counter[tuple[object, ...]], list[object]]:
    """What can be told apart by itself, counted, and the rest."""
    known: Counter[tuple[object, ...]] = Counter()
    rest: list[object] = []
    for value in values:
        key = _atom(value, rules)
        if key is None:
            rest.append(value)
        else:
            known[key] += 1
    return known, rest


def _keyed(
    given: dict[object, object], rules: Rules
) -> tuple[dict[tuple[object, ...], tuple[object, object]], list[object]]:
    """The same for a dict: (key, value) by what its key shares, and the other pairs."""
    known: dict[tuple[object, ...], tuple[object, object]] = {}
    rest: list[object] = []
    for key, value in given.items():
        atom = _atom(key, rules)
        if atom is None:
            rest.append((key, value))
        else:
            known[atom] = (key, value)
    return known, rest


def _values_only(shape: Shape) -> Shape:
    return Shape(shape.type, tuple(part for part in shape.parts if part[0] != ".dtype"))
