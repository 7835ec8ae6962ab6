"""Attacks on tools, approvals, the record and snapshots, in every cage; each with a control that has no guard."""

from __future__ import annotations

import pytest

from .bridge import BRIDGE, BridgeAttack
from .stage import Cage
from .test_probes import FAST, WHERE, cage, host

__all__ = ["cage", "host"]

NAMES = [f"{each.number}-{each.name}" for each in BRIDGE]


async def tried(attack: BridgeAttack, cage: Cage) -> None:
    if attack.needs_snapshots and not cage.runtime.snapshots:
        return  # there is no such thing to attack
    assert await attack.play(cage, False), "the control does not get through"
    assert not await attack.play(cage, True)
    assert await cage.works() == ""


@pytest.mark.slow
@pytest.mark.parametrize("attack", BRIDGE, ids=NAMES)
async def test_every_guard_holds(attack: BridgeAttack, cage: Cage) -> None:
    await tried(attack, cage)


@pytest.mark.parametrize("attack", BRIDGE, ids=NAMES)
@pytest.mark.parametrize("cage", [each for each in WHERE if each in FAST], ids=lambda each: each[0], indirect=True)
async def test_guards_hold(attack: BridgeAttack, cage: Cage) -> None:
    await tried(attack, cage)
