"""Every algorithm of the library does what its definition says, on drawn arguments; and each has a definition."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any

import pytest

from cambrian.source.algorithms import algorithms

from .drawing import Definition
from .lists_defined import DEFINITIONS as LISTS
from .numbers_defined import DEFINITIONS as NUMBERS
from .tables_defined import DEFINITIONS as TABLES
from .texts_defined import DEFINITIONS as TEXTS

ALL = (*NUMBERS, *LISTS, *TABLES, *TEXTS)
DEFINED = {each.name: each for each in ALL}
FAMILIES = {each.name: each.family for each in algorithms()}


def function(name: str) -> Callable[..., Any]:
    return getattr(importlib.import_module(f"cambrian.source.algorithms.{FAMILIES[name]}"), name)


def test_each_has_one_definition() -> None:
    assert len(FAMILIES) == len(algorithms()), "two of one name"
    assert set(DEFINED) == set(FAMILIES)
    assert len(DEFINED) == len(ALL)


@pytest.mark.parametrize("name", sorted(DEFINED))
def test_it_does_what_its_definition_says(name: str) -> None:
    check(DEFINED[name], function(name))


def check(definition: Definition, algorithm: Callable[..., Any]) -> None:
    rng = Random(7)
    for _ in range(definition.times):
        arguments = definition.draw(rng)
        given = deepcopy(arguments)
        wanted = definition.meaning(*deepcopy(arguments))
        got = algorithm(*given)
        assert type(got) is type(wanted), (arguments, got, wanted)
        assert got == wanted, (arguments, got, wanted)
        assert given == arguments, "arguments are not changed"
