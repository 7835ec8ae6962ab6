"""The catalogue of script runtimes: what is not here is told again and again, and keeps nothing of who asked."""

from __future__ import annotations

import gc
import weakref

import pytest

from cambrian.app.execution import catalogue
from cambrian.app.execution.catalogue import Catalogue
from cambrian.core.errors import CapabilityMissing


class Asker:
    """Something that a run holds while it asks."""


def test_a_missing_runtime_keeps_nothing_of_who_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(*_: object) -> None:
        raise CapabilityMissing("runtime.bun", "it is not here", fix="npm install -g bun")

    monkeypatch.setattr(catalogue, "find_driver", nowhere)
    found = Catalogue(workers=1)
    held: list[weakref.ref[Asker]] = []

    def ask() -> None:
        asker = Asker()
        held.append(weakref.ref(asker))
        assert "it is not here" in found.missing("bun")
        with pytest.raises(CapabilityMissing, match="it is not here"):
            found.driver("bun")

    for _ in range(3):
        ask()
    assert found.missing("bun")
    gc.collect()
    alive = [each for each in held if each() is not None]
    assert len(alive) <= 1, "the last raise may still be looked at, but no chain of all of them grows"
