"""Every probe in every cage that can be had here is denied, and gets through in a plain interpreter."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from cambrian.core.errors import CapabilityMissing, IsolationUnavailable
from cambrian.core.limits import Level
from cambrian.core.script import Language

from .attack import Attack
from .bridge import BRIDGE
from .host import Host
from .stage import ATTACKS, WHERE, Cage, attacked, plain_control

FAST = {("cpython", Level.L3), ("quickjs", Level.L3)}
IDS = [f"{each.number}-{each.name}" for each in ATTACKS]
OTHER = frozenset({38, 39})
"""Classes that need no runtime; see `test_logs` and `test_routes`."""


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with Host() as made:
        yield made


@pytest.fixture(scope="module", params=WHERE, ids=lambda where: f"{where[0]}-{where[1].name}")
async def cage(request: pytest.FixtureRequest, host: Host, anyio_backend: str) -> AsyncIterator[Cage]:
    del host  # what a cage may inherit is there before the cage
    name, level = request.param
    try:
        made = await Cage.start(name, level)
    except CapabilityMissing as error:
        pytest.skip(f"needs runtime.{name}: {error}")
    except IsolationUnavailable as error:
        pytest.skip(f"needs jail.{level.name}: {error}")
    yield made
    await made.runtime.aclose()


async def denied(attack: Attack, cage: Cage, host: Host) -> None:
    if not attack.probe(cage.language):
        assert attack.absent, "a class that does not apply says why"
        return
    verdict = await attacked(attack, cage, host)
    assert verdict.denied, f"{verdict.why}: {verdict.told}"


@pytest.mark.slow
@pytest.mark.parametrize("attack", ATTACKS, ids=IDS)
async def test_every_attack_is_denied(attack: Attack, cage: Cage, host: Host) -> None:
    await denied(attack, cage, host)


@pytest.mark.parametrize("attack", [each for each in ATTACKS if not each.slow], ids=lambda each: each.name)
@pytest.mark.parametrize("cage", [each for each in WHERE if each in FAST], ids=lambda each: each[0], indirect=True)
async def test_attacks_are_denied(attack: Attack, cage: Cage, host: Host) -> None:
    await denied(attack, cage, host)


@pytest.mark.slow
@pytest.mark.parametrize("language", ["python", "javascript"])
@pytest.mark.parametrize("attack", ATTACKS, ids=IDS)
def test_without_a_cage_it_gets_through(attack: Attack, language: Language, host: Host) -> None:
    """The control."""
    if attack.probe(language):
        verdict = plain_control(attack, language, host)
        if verdict.told.startswith("no plain interpreter"):
            pytest.skip(f"needs runtime.deno, runtime.node, runtime.bun: {verdict.told}")
        assert not verdict.denied, verdict.told


def test_the_suite_has_every_class() -> None:
    assert {each.number for each in ATTACKS} | {each.number for each in BRIDGE} | OTHER == set(range(1, 42))
