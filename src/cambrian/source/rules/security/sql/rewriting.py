"""The edits that turn holes of a statement into placeholders; what is outside of them stays to the character."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from cambrian.source.edit import Splice

from .literals import Literal
from .template import Reader, Unit

__all__ = ["Rewriting"]

_LONGEST = 100
"""Characters of a line that two literals are put together on."""


class Rewriting:
    """Edits of the statement that a reader has read.

    Args:
        reader: it.
        percent: the driver reads ``%`` itself once there are parameters.
        first: there were none before.
        twice: percent signs are read by Python first, and then by the driver.
    """

    def __init__(self, reader: Reader, *, percent: bool, first: bool, twice: bool = False) -> None:
        self.twice = twice
        self.reader = reader
        self.text = reader.locator.text
        self.percent = percent
        self.first = first
        self.splices: list[Splice] = []
        self.touched: set[int] = set()
        """Fragments whose text changes."""
        self._done: set[int] = set()
        self._replaced: dict[int, str] = {}
        """Place of a hole that stays in the text → what it is now filled with."""

    def replace(self, start: int, stop: int, placeholder: str) -> bool:
        """Put a placeholder for units; false if they are not written in one place."""
        units = self.reader.units[start:stop]
        if any(unit.start < 0 for unit in units) or len({unit.fragment for unit in units}) > 1:
            return False
        if not self._cut(start, stop, placeholder):
            return False
        self._done.update(range(start, stop))
        return True

    def fill(self, place: int, source: str) -> bool:
        """Fill a hole with something else, and leave it one."""
        unit = self.reader.units[place]
        if unit.start < 0 or unit.hole is None:
            return False
        if unit.hole.kind == "field":
            quote = self.reader.literals[unit.literal].quote
            source = source if quote[0] != '"' or len(quote) == 3 else source.replace('"', "'")
            self.splices.append(Splice(unit.start, unit.stop, "{" + source + "}"))
        elif unit.hole.kind == "operand":
            self.splices.append(Splice(unit.start, unit.stop, source))
        else:
            self._replaced[place] = source
        return True

    def finish(self) -> bool:
        """Tidy up: operators with nothing left to fill in, prefixes of f-strings, percent signs."""
        operators = [each for fragment in self.reader.fragments for each in fragment.operators]
        fine = all(self._operator(each) for each in operators)
        for number, literal in enumerate(self.reader.literals):
            if literal.formatted:
                self._prefix(number, literal)
        return fine and self._signs(bool(operators))

    # --- cutting -------------------------------------------------------------------------------------------------

    def _cut(self, start: int, stop: int, placeholder: str) -> bool:
        units = self.reader.units
        first, last = units[start], units[stop - 1]
        behind = units[stop] if stop < len(units) and units[stop].fragment == last.fragment else None
        ahead = units[start - 1] if start and units[start - 1].fragment == first.fragment else None
        opening = first if first.literal >= 0 else ahead
        if opening is None or opening.literal < 0:
            return False
        left = self.reader.literals[opening.literal]
        begin = first.start if first.literal >= 0 else left.close
        if last.literal == opening.literal:
            self.splices.append(Splice(begin, last.stop, placeholder))
            return True
        closing = last if last.literal >= 0 else behind
        if closing is None or closing.literal < 0:
            if closing is not None or last.hole is None:
                return False
            end = self._closed(last.stop, left.stop)
            self.splices.append(Splice(begin, end, placeholder + left.quote))
            return True
        right = self.reader.literals[closing.literal]
        end = last.stop if last.literal >= 0 else right.content
        self._bridge(begin, end, left, right, placeholder)
        return True

    def _closed(self, stop: int, left: int) -> int:
        """One past an operand, brackets around it included."""
        depth = self.text[left:stop].count("(") - self.text[left:stop].count(")")
        while depth > 0 and stop < len(self.text):
            depth -= self.text[stop] == ")"
            stop += 1
        return stop

    def _bridge(self, begin: int, end: int, left: Literal, right: Literal, placeholder: str) -> None:
        """A placeholder that reaches from one literal into the next."""
        between = self.text[left.stop : right.start]
        same = left.quote == right.quote and (left.formatted, left.raw) == (right.formatted, right.raw)
        line = self.text.rfind("\n", 0, begin) + 1
        width = begin - line + len(placeholder) + right.stop - end
        if same and "#" not in between and width <= _LONGEST and "\n" not in between:
            self.splices.append(Splice(begin, end, placeholder))
            return
        if end == right.close and begin != right.content and not between.strip(" +\n\r\t\\()" + _NAMES):
            self.splices.append(Splice(begin, right.stop, placeholder + left.quote))  # nothing would be left of it
            return
        stop = self._before(right.start)
        self.splices.append(Splice(begin, left.stop, placeholder + left.quote))
        self.splices.append(Splice(left.stop, stop, ""))
        if end > right.content:
            self.splices.append(Splice(right.content, end, ""))

    def _before(self, start: int) -> int:
        """Where the ``+`` before a literal begins, with the blanks in front of it."""
        plus = self.text.rfind("+", 0, start)
        while plus > 0 and self.text[plus - 1] in " \t\r\n":
            plus -= 1
        return plus

    # --- tidying -------------------------------------------------------------------------------------------------

    def _operator(self, node: ast.expr) -> bool:
        owned = [
            (place, unit)
            for place, unit in enumerate(self.reader.units)
            if unit.hole is not None and unit.hole.owner is node
        ]
        left = [(place, unit) for place, unit in owned if place not in self._done]
        if len(left) == len(owned) and not self._replaced:
            return True
        keep = [self._given(place, unit) for place, unit in left]
        if any(each is None for each in keep):
            return False
        sources = [each for each in keep if each is not None]
        return self._percent(node, sources) if isinstance(node, ast.BinOp) else self._format(node, left, sources)

    def _given(self, place: int, unit: Unit) -> str | None:
        if place in self._replaced:
            return self._replaced[place]
        hole = unit.hole
        assert hole is not None
        if hole.node is None or hole.source:
            return None
        text = self.reader.locator.segment(hole.node)
        return f"str({text})" if hole.conversion == "s" else text

    def _percent(self, node: ast.BinOp, sources: Sequence[str]) -> bool:
        _, stop = self.reader.locator.range(node.left)
        sign = self.text.find("%", self._skipped(stop))
        end = self._whole(node.right)
        if not sources:
            while self.text[sign - 1] in " \t\r\n":
                sign -= 1
            self.splices.append(Splice(sign, end, ""))
            return True
        if isinstance(node.right, ast.Dict):
            return False
        self.splices.append(Splice(sign, end, f"% ({', '.join(sources)}{',' if len(sources) == 1 else ''})"))
        return True

    def _skipped(self, stop: int) -> int:
        """Past brackets that close behind a template."""
        while self.text[stop] in " \t\r\n)\\":
            stop += 1
        return stop

    def _whole(self, node: ast.expr) -> int:
        """One past an expression, with one pair of brackets around it."""
        start, stop = self.reader.locator.range(node)
        before, behind = start - 1, stop
        while self.text[before] in " \t\r\n":
            before -= 1
        while behind < len(self.text) and self.text[behind] in " \t\r\n":
            behind += 1
        bracketed = self.text[before] == "(" and self.text[behind : behind + 1] == ")"
        return behind + 1 if bracketed and self.text[:before].rstrip().endswith("%") else stop

    def _format(self, node: ast.expr, left: Sequence[tuple[int, Unit]], sources: Sequence[str]) -> bool:
        assert isinstance(node, ast.Call)
        assert isinstance(node.func, ast.Attribute)
        _, stop = self.reader.locator.range(node)
        _, holder = self.reader.locator.range(node.func.value)
        dot = self.text.find(".", self._skipped(holder))
        if not sources:
            begin = dot
            while self.text[begin - 1] in " \t\r\n":
                begin -= 1
            self.splices.append(Splice(begin, stop, ""))
            return True
        written = [self.text[unit.start : unit.stop] for _, unit in left]
        if all(each == "{}" for each in written):
            self.splices.append(Splice(dot, stop, f".format({', '.join(sources)})"))
            return True
        names = [each.strip("{}").partition("!")[0].partition(":")[0] for each in written]
        if all(name.isidentifier() for name in names):
            given = ", ".join(f"{name}={source}" for name, source in dict(zip(names, sources, strict=True)).items())
            self.splices.append(Splice(dot, stop, f".format({given})"))
            return True
        return False

    def _prefix(self, number: int, literal: Literal) -> None:
        """An f-string that has no fields any more is none."""
        units = [(place, unit) for place, unit in enumerate(self.reader.units) if unit.literal == number]
        fields = [place for place, unit in units if unit.hole is not None and unit.hole.kind == "field"]
        if number in self.reader.kept_fields or not fields or any(place not in self._done for place in fields):
            return
        prefix = literal.prefix.replace("f", "").replace("F", "")
        self.splices.append(Splice(literal.start, literal.start + len(literal.prefix), prefix))
        self._single("{}", [unit for place, unit in units if place not in self._done])

    def _single(self, signs: str, units: Sequence[Unit]) -> None:
        for unit in units:
            if unit.char and unit.char in signs and unit.stop - unit.start == 2 and self.text[unit.start] != "\\":
                self.splices.append(Splice(unit.start, unit.stop, unit.char))

    def _signs(self, operators: bool) -> bool:
        """Percent signs and braces of what is left of the text."""
        rest = [unit for place, unit in enumerate(self.reader.units) if place not in self._done]
        gone = self._gone()
        if gone["%"] and not self.percent and not self.twice:
            self._single("%", rest)
        if gone["format"]:
            plain = [unit for unit in rest if unit.literal >= 0 and not self.reader.literals[unit.literal].formatted]
            self._single("{}", plain)
        if not (self.percent and self.first):
            return True
        signs = [unit for unit in rest if unit.char == "%"]
        return self._doubled(signs, written_twice=operators and bool(gone["%"]))

    def _doubled(self, signs: list[Unit], *, written_twice: bool) -> bool:
        """Percent signs as a driver wants them that fills in after percent signs."""
        for unit in signs:
            single = unit.stop - unit.start == 1
            if self.twice or unit.start < 0 or (written_twice and single):
                return False
            if single:
                self.splices.append(Splice(unit.start, unit.stop, "%%"))
                self.touched.add(unit.fragment)
        return True

    def _gone(self) -> Mapping[str, bool]:
        """Which operators have nothing left to fill in."""
        gone = {"%": False, "format": False}
        for place, unit in enumerate(self.reader.units):
            if unit.hole is not None and unit.hole.owner is not None and place in self._done:
                gone["%" if isinstance(unit.hole.owner, ast.BinOp) else "format"] = True
        return gone


_NAMES = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.[]\"'"
