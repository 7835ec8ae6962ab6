"""Runs in a program's jail: makes its input up while it asks for it. Standard library only.

The program itself says how many lines it wants, and in which order: its reads are answered one by one, each with what
`stdin_reading` says it can take. What the text leaves open is a choice, named and weighted: those with which the
program ends well become more likely (a bandit per place, multiplicative weights).
"""

from __future__ import annotations

import inspect
import string
from collections.abc import Callable, Iterator
from random import Random
from types import FrameType
from typing import Any, NamedTuple

from .stdin_reading import Facts, Use

__all__ = ["Drawing", "Weights"]

_LINES = 300_000
_LARGE, _COUNTED, _OTHER = 100, 0.8, 0.4
"""From this scale on what is wanted is long runs: how often a number that counts, and another one, has that size."""
_BETTER, _DULL, _WORSE, _LEAST, _MOST = 1.4, 0.95, 0.75, 0.02, 40.0
Options = dict[str, float]


class Weights:
    """How well each choice has done."""

    def __init__(self) -> None:
        self._known: dict[str, Options] = {}

    def pick(self, key: str, options: Options, rng: Random) -> str:
        """One of the options; `options` has what each is worth before anything is known."""
        known = self._known.setdefault(key, {})
        for name, prior in options.items():
            known.setdefault(name, prior)
        names = list(options)
        return rng.choices(names, [known[name] for name in names])[0]

    def learn(self, made: dict[str, str], good: bool, new: bool) -> None:
        """Choices that a run made, whether it ended well, and whether its output is a new one."""
        factor = _WORSE if not good else _BETTER if new else _DULL
        for key, name in made.items():
            known = self._known.setdefault(key, {})
            known[name] = min(_MOST, max(_LEAST, known.get(name, 1.0) * factor))


class _Scalar(NamedTuple):
    name: str
    value: int


class Drawing:
    """One input in the making.

    Args:
        facts: of the program.
        weights: of choices; read only, what was chosen is in `made`.
        seed: of this input.
        scale: counts and lengths are at most this, about.
    """

    def __init__(self, facts: Facts, weights: Weights, seed: int, scale: int) -> None:
        self._facts, self._weights, self._rng, self._scale = facts, weights, Random(seed), max(1, scale)
        self.made: dict[str, str] = {}
        self.lines: list[str] = []
        self._scalars: list[_Scalar] = []
        self._visits: dict[str, int] = {}
        self._rounds = self._rng.randint(1, max(1, min(6, scale)))

    def line(self, frame: FrameType | None) -> str:
        """The next line, without its end, for the read whose own frame is given.

        Raises:
            EOFError: it was the last one.
        """
        use, key = self._site(frame)
        self._visits[key] = visits = self._visits.get(key, 0) + 1
        over = visits > self._rounds
        if len(self.lines) >= _LINES or (over and use.guarded and use.looped):
            raise EOFError
        text = self._ending(use) if over and use.looped and visits > self._rounds else self._text(use, key)
        self.lines.append(text)
        return text

    def bulk(self, frame: FrameType | None) -> list[str]:
        """All lines that are left, for a read that takes all."""
        use, key = self._site(frame)
        if use.kind and not use.split and not use.chars:
            return [self.line(frame)]
        shape = self._pick(key, "shape", {"n": 1, "n,n": 4, "n,2n": 1, "n,3n": 1, "2,n": 2, "free": 2, "1": 1})
        count = self._rng.randint(1, self._scale)
        kind = self._kind(use, key)

        def row(many: int) -> str:
            return " ".join(self._field(kind, key, "", False) for _ in range(many))

        shapes: dict[str, Callable[[], list[str]]] = {
            "n": lambda: [str(count)], "n,n": lambda: [str(count), row(count)], "1": lambda: [row(1)],
            "n,2n": lambda: [str(count), *(row(2) for _ in range(count))], "free": lambda: [row(count)],
            "n,3n": lambda: [str(count), *(row(3) for _ in range(count))],
            "2,n": lambda: [f"{count} {self._field(kind, key, '', False)}", row(count)],
        }  # fmt: skip
        made = shapes[shape]()
        self.lines += made
        return made

    def _site(self, frame: FrameType | None) -> tuple[Use, str]:
        """What becomes of it, through all callers that pass it on."""
        places: list[str] = []
        use = Use()
        frame = frame.f_back if frame is not None else None
        while frame is not None and frame.f_code.co_filename == "program.py":
            found = self._facts.use_at(_place(frame))
            if found is None:
                if frame.f_code.co_name not in ("<listcomp>", "<genexpr>", "<lambda>", "<setcomp>"):
                    break
                frame = frame.f_back
                continue
            places.append(f"{frame.f_lineno}:{_place(frame)[2]}")
            use = _merged(use, found)
            if not found.passed:
                break
            frame = frame.f_back
        return use, "/".join(places)

    def _pick(self, key: str, what: str, options: Options) -> str:
        name = f"{key} {what}"
        if name not in self.made:
            self.made[name] = self._weights.pick(name, options, self._rng)
        return self.made[name]

    def _text(self, use: Use, key: str) -> str:
        kind = self._kind(use, key)
        if not use.split and not (use.chars and kind != "str"):
            if kind == "str":
                text = self._word(key)
                return repr(text) if use.code else text
            return self._field(kind, key, next(iter(use.names), ""), scalar=True)
        count = use.fields or 0
        if not count or use.rest:
            count += self._length(key)
        named = not use.rest and use.fields > 0
        names = use.names if named else ("",) * count
        fields = [self._field(kind, f"{key}.{place}" if named else key, names[place], named) for place in range(count)]
        if use.chars and not use.split:
            return "".join(self._rng.choice(string.digits) for _ in fields)
        return " ".join(fields)

    def _ending(self, use: Use) -> str:
        """What often says that there is no more."""
        return " ".join(["0"] * max(1, use.fields))

    def _kind(self, use: Use, key: str) -> str:
        if use.kind:
            return use.kind
        if use.code:
            return self._pick(key, "kind", {"int": 3, "str": 2})
        return self._pick(key, "kind", {"str": 3, "int": 1})

    def _length(self, key: str) -> int:
        options: Options = {"free": 1.0 if self._scalars else 4.0, "2": 0.7, "3": 0.7, "4": 0.3, "1": 0.2}
        for place, scalar in enumerate(dict.fromkeys(each.name for each in self._scalars)):
            counting = scalar in self._facts.counts
            options[f"={scalar}"] = (8.0 if counting else 3.0) / (1 + 0.2 * place)
            options[f"+{scalar}"] = 0.2
            options[f"-{scalar}"] = 0.2
        chosen = self._pick(key, "length", options)
        if chosen == "free":
            return self._rng.randint(1, self._scale)
        if chosen.isdigit():
            return int(chosen)
        value = next((each.value for each in reversed(self._scalars) if each.name == chosen[1:]), 1)
        return max(1, min(value, 2 * self._scale + 2) + {"=": 0, "+": 1, "-": -1}[chosen[0]])

    def _field(self, kind: str, key: str, name: str, scalar: bool) -> str:
        if kind == "str":
            return self._word(key)
        value = self._number(key, name, scalar)
        if scalar:
            self._scalars.append(_Scalar(name or key, value))
        return f"{value + self._rng.randint(0, 99) / 100:.2f}" if kind == "float" else str(value)

    def _number(self, key: str, name: str, scalar: bool) -> int:
        counting = scalar and name in self._facts.counts
        options: Options = {
            "count": 8.0 if counting else 1.0, "mid": 0.5 if counting else 3.0, "wide": 0.3 if counting else 1.5,
            "near": 1.0 if counting else 2.0, "bit": 0.3, "signed": 0.1 if counting else 0.5,
        }  # fmt: skip
        if self._scalars:
            options["upto"] = 1.0 if counting else 2.0
            options["below"] = 0.5
        chosen = self._pick(key, "range", options)
        rng, large = self._rng, self._scale >= _LARGE
        if large and scalar and rng.random() < (_COUNTED if counting else _OTHER):
            chosen = "count"
        if chosen == "near":
            close = rng.choice(self._facts.numbers or [1])
            return max(0, close + rng.choice((-1, 0, 0, 1)))
        last = max((each.value for each in self._scalars[:3]), default=1)
        least, most = (6, 13) if large else (1, 9)
        ranges = {
            "count": (1, self._scale), "mid": (0, 100), "bit": (0, 1), "signed": (-self._scale, self._scale),
            "upto": (1, max(1, last)), "below": (0, max(0, last - 1)), "wide": (1, int(10 ** rng.uniform(least, most))),
        }  # fmt: skip
        low, high = ranges[chosen]
        return high if chosen == "count" and scalar and rng.random() < 0.4 else rng.randint(low, high)

    def _word(self, key: str) -> str:
        facts, rng = self._facts, self._rng
        letters = "".join(dict.fromkeys("".join(word for word in facts.words if len(word) <= 4 and word.isprintable())))
        letters = "".join(letters.split())
        chosen = self._pick(key, "letters", {
            "lower": 8.0 if facts.lowercase else 2.0, "upper": 6.0 if facts.uppercase else 0.5, "ab": 1.0,
            "digits": 1.0, **({"own": 4.0} if letters else {}), **({"word": 2.0} if facts.words else {}),
        })  # fmt: skip
        if chosen == "word":
            return _changed(rng.choice(facts.words), rng).strip() or "a"
        pool = {"lower": string.ascii_lowercase, "upper": string.ascii_uppercase, "digits": string.digits, "ab": "ab"}
        few = pool.get(chosen, letters)
        few = few[: rng.choice((2, 3, len(few)))]
        return "".join(rng.choices(few, k=self._length(f"{key} word")))


def _merged(inner: Use, outer: Use) -> Use:
    return Use(
        kind=inner.kind or outer.kind, split=inner.split or outer.split, fields=outer.fields or inner.fields,
        names=outer.names or inner.names, chars=inner.chars or (outer.chars and not (inner.split or inner.kind)),
        code=inner.code or outer.code, passed=outer.passed, looped=inner.looped or outer.looped,
        guarded=inner.guarded or outer.guarded, rest=outer.rest or inner.rest,
    )  # fmt: skip


def _changed(word: str, rng: Random) -> str:
    """The word, or with one character exchanged for another of its class."""
    if rng.random() < 0.5:
        return word
    at = rng.randrange(len(word))
    for pool in (string.digits, string.ascii_lowercase, string.ascii_uppercase):
        if word[at] in pool:
            return word[:at] + rng.choice(pool) + word[at + 1 :]
    return word


def _place(frame: FrameType) -> tuple[int, int, int, int]:
    """Where in the text the frame's present instruction comes from."""
    for number, place in enumerate(frame.f_code.co_positions()):
        if number == frame.f_lasti // 2:
            line, end, column, stop = place
            return line or 0, end or 0, column or 0, stop or 0
    return 0, 0, 0, 0


class Stream:
    """Stands for standard input while a drawing is made."""

    encoding = "utf-8"

    def __init__(self, drawing: Drawing, *, binary: bool = False) -> None:
        self._drawing, self._binary = drawing, binary
        if not binary:
            self.buffer = Stream(drawing, binary=True)

    def _told(self, text: str) -> Any:
        return text.encode() if self._binary else text

    def readline(self, _: int = -1) -> Any:
        """A line with its end; nothing at the end."""
        try:
            return self._told(self._drawing.line(inspect.currentframe()) + "\n")
        except EOFError:
            return self._told("")

    def read(self, _: int = -1) -> Any:
        """All that is left."""
        return self._told("\n".join(self._drawing.bulk(inspect.currentframe())) + "\n")

    def readlines(self, _: int = -1) -> list[Any]:
        """All lines that are left."""
        return [self._told(f"{line}\n") for line in self._drawing.bulk(inspect.currentframe())]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.readlines())

    def fileno(self) -> int:
        """The descriptor."""
        return 0

    def isatty(self) -> bool:
        """Never."""
        return False

    def close(self) -> None:
        """Nothing is open."""

    def __enter__(self) -> Stream:
        return self

    def __exit__(self, *_: object) -> None:
        return None
