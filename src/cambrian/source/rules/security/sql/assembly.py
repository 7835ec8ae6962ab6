"""From one statement with holes to the edits that hand its values over as parameters. Text and trees only."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from cambrian.source.edit import Splice

from .drivers import Driver
from .grammar import HOLE, OPAQUE, Spot, goes_on_as_sql, looks_like_sql, spots, takes_parameters
from .parameters import Numbering, Parameter, Refused, parameter
from .rewriting import Rewriting
from .template import Hole, Reader, Unit
from .variables import Carriers

__all__ = ["CARRIED", "Given", "Parametrised", "Statement"]


CARRIED = "carried"
"""Called so: a list that stands beside the variable that carries a statement."""


class Given(NamedTuple):
    """A parameter as it is handed over.

    Args:
        source: the expression, with a star before it if it stands for several.
        name: what it is called, where parameters have names.
        rank: how many parameters that were there before come first.
    """

    source: str
    name: str
    rank: int


class Parametrised(NamedTuple):
    """What became of a statement.

    Args:
        splices: of the statement, and of the variables that carry its parameters.
        given: the parameters that the call is handed.
    """

    splices: list[Splice]
    given: list[Given]


class Statement:
    """A statement that a call executes.

    Args:
        node: the expression that gives it.
        carriers: the variables of the function.
        reader: fresh.
        suspicious: whether what is filled in could be hostile.
    """

    def __init__(
        self,
        node: ast.expr,
        carriers: Carriers,
        reader: Reader,
        suspicious: Callable[[Hole], bool],
        *,
        double_quotes: bool,
    ) -> None:
        self.node = node
        self.carriers = carriers
        self.reader = reader
        self.units: Sequence[Unit] = reader.read(node)
        self.doubtful = [unit.hole is not None and suspicious(unit.hole) for unit in self.units]
        self._together(double_quotes)
        self.text = self._marked()
        self.spots: list[Spot] = spots(self.text, double_quotes=double_quotes)
        self._mirrors: dict[str, str] = {}

    def _together(self, double_quotes: bool) -> None:
        """Of a template from which something is taken out, all values go, harmless ones, too."""
        pairs = zip(self.units, self.doubtful, strict=True)
        owners = {id(unit.hole.owner) for unit, doubt in pairs if doubt and unit.hole is not None and unit.hole.owner}
        fresh = [
            place
            for place, unit in enumerate(self.units)
            if unit.hole is not None and unit.hole.node is not None and id(unit.hole.owner) in owners
            and not self.doubtful[place]
        ]  # fmt: skip
        for place in fresh:
            self.doubtful[place] = True
        for spot in spots(self._marked(), double_quotes=double_quotes) if fresh else []:
            if spot.role != "value":
                for place in set(fresh) & set(range(spot.start, spot.stop)):
                    self.doubtful[place] = False

    def _marked(self) -> str:
        marks = [HOLE if doubt else OPAQUE for doubt in self.doubtful]
        pairs = zip(self.units, marks, strict=True)
        return "".join(unit.char if unit.hole is None else mark for unit, mark in pairs)

    def _kept_marks(self) -> bool:
        """Whether a ``%`` template that something is taken out of has to stay one."""
        pairs = [
            (unit.hole, doubt) for unit, doubt in zip(self.units, self.doubtful, strict=True) if unit.hole is not None
        ]
        taken = {id(hole.owner) for hole, doubt in pairs if doubt and hole.kind == "mark"}
        return any(id(hole.owner) in taken for hole, doubt in pairs if not doubt and hole.kind == "mark")

    @property
    def is_sql(self) -> bool:
        """Whether the text begins as statements do."""
        return looks_like_sql(self.text.lstrip("\ue002\ue003\ue004"))

    @property
    def continues(self) -> bool:
        """Whether the text goes on as statements do behind a hole."""
        return self.text[:1] in (HOLE, OPAQUE) and goes_on_as_sql(self.text)

    def torn(self) -> frozenset[str]:
        """Variables that give a part of a literal of SQL only: they are values."""
        names: set[str] = set()
        for spot in self.spots:
            fragments = {unit.fragment for unit in self.units[spot.start : spot.stop]}
            if len(fragments) > 1:
                names |= {self.reader.fragments[each].variable for each in fragments - {min(fragments)}}
        return frozenset(names - {""})

    def marks(self, driver: Driver) -> int:
        """Placeholders that the text has already."""
        return self._marks(len(self.text), driver)

    def holes(self) -> list[Hole]:
        """What could be hostile."""
        return [
            unit.hole for unit, doubt in zip(self.units, self.doubtful, strict=True) if unit.hole is not None and doubt
        ]

    def inside(self, spot: Spot) -> list[Hole]:
        """The holes of a spot."""
        return [unit.hole for unit in self.units[spot.start : spot.stop] if unit.hole is not None]

    def parametrised(self, driver: Driver, *, first: bool, kept: Sequence[str] = ()) -> Parametrised | Refused:
        """Turn every hole into a parameter, if each can be one.

        Args:
            driver: whose placeholders.
            first: the call had no parameters so far.
            kept: names of the parameters that it had.
        """
        if not takes_parameters(self.text):
            return Refused("statements of this kind take no parameters")
        rewriting = Rewriting(self.reader, twice=self._kept_marks(), percent=driver.style in ("%s", "{}"), first=first)
        numbering = Numbering(
            driver.style, kept, 1 + self._marks(len(self.text), driver) if driver.style in ("$1", ":1") else 1
        )
        placed: list[tuple[Spot, Given]] = []
        for spot in self.spots:
            made = parameter(spot, self.units, self.reader.locator.segment)
            given = made if isinstance(made, Refused) else self._write(spot, made, rewriting, numbering, driver)
            if isinstance(given, Refused):
                return given
            placed.append((spot, given))
        fragments = self.reader.fragments
        if not rewriting.finish():
            return Refused("the text around it is put together in a way that cannot be kept")
        used = [name for name in (fragments[each].variable for each in rewriting.touched) if name and self._leaks(name)]
        carried = Refused(f"{used[0]!r} is used elsewhere, too") if used else self._carry(placed, driver)
        if isinstance(carried, Refused):
            return carried
        return Parametrised(rewriting.splices + carried.splices, carried.given)

    def _marks(self, end: int, driver: Driver) -> int:
        """Placeholders before a place in the text."""
        mark = {"?": "?", "%s": "%s", "{}": "%s", "$1": "$", ":1": ":", ":name": ":"}[driver.style]
        return self.text.count(mark, 0, end)

    def _write(
        self, spot: Spot, made: Parameter, rewriting: Rewriting, numbering: Numbering, driver: Driver
    ) -> Given | Refused:
        rank = self._marks(spot.start, driver)
        if made.many:
            return self._write_many(spot, made, rewriting, driver, rank)
        placeholder, name = numbering.place(made)
        if rewriting.twice and rewriting.percent:
            placeholder = "%%s"
        if not rewriting.replace(spot.start, spot.stop, placeholder):
            return Refused("the value stands across several texts")
        return Given(made.source, name, rank)

    def _write_many(
        self, spot: Spot, made: Parameter, rewriting: Rewriting, driver: Driver, rank: int
    ) -> Given | Refused:
        if driver.style not in ("?", "%s"):
            return Refused("write one placeholder for each value of IN, or hand over a list as the driver allows")
        mark = f'"?" * len({made.source})' if driver.style == "?" else f'["%s"] * len({made.source})'
        source = f'", ".join({mark})'
        place = spot.start + 1 if spot.quoted else spot.start
        hole = self.units[place].hole
        operators = {"mark", "format"} if driver.style == "%s" else set[str]()
        if hole is None or hole.kind in operators or self._shares(driver):
            return Refused("write one placeholder for each value of IN")
        if spot.quoted and not self._unquote(spot, rewriting):
            return Refused("the quotes around the values of IN are not in one place")
        if made.brackets:
            source = f'"({{}})".format({source})' if hole.kind != "field" else source
        if made.brackets and hole.kind == "field":
            self._bracket(place, rewriting)
        if not rewriting.fill(place, source):
            return Refused("the values of IN are put together elsewhere")
        return Given(f"*{made.source}", "", rank)

    def _shares(self, driver: Driver) -> bool:
        """Whether percent signs are read twice: by Python and by the driver."""
        return driver.style == "%s" and any(hole.kind == "mark" for hole in self.holes())

    def _unquote(self, spot: Spot, rewriting: Rewriting) -> bool:
        edges = (self.units[spot.start], self.units[spot.stop - 1])
        if any(edge.start < 0 for edge in edges):
            return False
        rewriting.splices += [Splice(edge.start, edge.stop, "") for edge in edges]
        return True

    def _bracket(self, place: int, rewriting: Rewriting) -> None:
        unit = self.units[place]
        rewriting.splices += [Splice(unit.start, unit.start, "("), Splice(unit.stop, unit.stop, ")")]

    # --- parameters on their way to the call -----------------------------------------------------------------------

    def _carry(self, placed: Sequence[tuple[Spot, Given]], driver: Driver) -> Parametrised | Refused:
        """Parameters stand in the call, or in a list of their own beside the variable that carries the text."""
        groups: dict[int, list[Given]] = {0: []}
        for spot, given in placed:
            holder = self._holder(self.units[spot.start].fragment, placed)
            if isinstance(holder, Refused):
                return holder
            groups.setdefault(holder, []).append(given)
            self._announce(holder, groups, placed)
        if len(groups) > 1 and driver.style in ("$1", ":1", ":name"):
            return Refused("the statement is put together over several lines, and this driver counts its parameters")
        splices: list[Splice] = []
        for variable in self._mirrors:
            lines = self._lines(variable, groups)
            if isinstance(lines, Refused):
                return lines
            splices += lines
        return Parametrised(splices, groups[0])

    def _holder(self, fragment: int, placed: Sequence[tuple[Spot, Given]]) -> int | Refused:
        """The fragment whose statement hands a parameter on: the nearest with a list of its own, or the call."""
        while fragment:
            found = self.reader.fragments[fragment]
            mirrored = self._mirrored(found.variable, placed)
            if isinstance(mirrored, Refused):
                return mirrored
            if mirrored:
                return fragment
            fragment = found.parent
        return 0

    def _announce(self, holder: int, groups: dict[int, list[Given]], placed: Sequence[tuple[Spot, Given]]) -> None:
        """What is in a list is handed on, too."""
        while holder:
            fragment = self.reader.fragments[holder]
            above = self._holder(fragment.parent, placed)
            assert isinstance(above, int)
            star = Given(f"*{self._mirrors[fragment.variable]}", CARRIED, 0)
            if star not in groups.setdefault(above, []):
                groups[above].append(star)
            holder = above

    def _mirrored(self, variable: str, placed: Sequence[tuple[Spot, Given]]) -> bool | Refused:
        if variable in self._mirrors:
            return True
        fragments = [each for each in self.reader.fragments if each.variable == variable]
        own = [each.event.statement for each in fragments if each.event is not None]
        if self._leaks(variable):
            return Refused(f"{variable!r} is used elsewhere, too")
        event = fragments[0].event
        assert event is not None
        nodes = [hole.node for spot, _ in placed for hole in self.inside(spot) if hole.node is not None]
        if len(fragments) == 1 and self.carriers.dominates(event.statement):
            inside = [node for node in nodes if any(each is node for each in ast.walk(event.node))]
            if all(self.carriers.steady(node, event.statement) for node in inside):
                return False
        if not all(self.carriers.index.alone(statement) for statement in own):
            return Refused("several statements stand on one line")
        self._mirrors[variable] = self.carriers.free("params", f"{variable}_params")
        self.carriers.names.add(self._mirrors[variable])
        return True

    def _leaks(self, variable: str) -> bool:
        """Whether a variable is used for something else than this statement."""
        users = [each.node for each in self.reader.fragments if each.variable != variable]
        own = [
            each.event.statement
            for each in self.reader.fragments
            if each.event is not None and each.variable == variable
        ]
        return self.carriers.leaks(variable, [*users, *own, self.node], own)

    def _lines(self, variable: str, groups: Mapping[int, list[Given]]) -> list[Splice] | Refused:
        """A statement behind each that gives the variable its text."""
        name = self._mirrors[variable]
        made: list[Splice] = []
        for number, fragment in enumerate(self.reader.fragments):
            if fragment.variable != variable or fragment.event is None:
                continue
            given = [each.source for each in groups.get(number, [])]
            if fragment.event.how == "set":
                line = f"{name} = [{', '.join(given)}]"
            elif not given:
                continue
            elif len(given) == 1 and not given[0].startswith("*"):
                line = f"{name}.append({given[0]})"
            else:
                line = f"{name} += [{', '.join(given)}]"
            made.append(self.carriers.index.after(fragment.event.statement, line))
        return made
