"""The probe tells what is there, and what one loses where it is not."""

from __future__ import annotations

from cambrian.core.errors import IsolationUnavailable
from cambrian.core.limits import Level
from cambrian.sandbox import CPythonJail, probe

EXPECTED = {
    "ns.user", "ns.pid", "ns.mount", "ns.net", "ns.ipc", "ns.uts", "ns.cgroup", "landlock.abi", "seccomp", "pidfd",
    "cpu.clock", "cgroup.memory", "jail.L3", "jail.L2",
}  # fmt: skip


async def test_each_capability_is_told_once_and_whole() -> None:
    found = await probe()
    assert {capability.id for capability in found} == EXPECTED
    assert len(found) == len(EXPECTED)
    for capability in found:
        assert capability.available or (capability.cost_of_absence and capability.fix and capability.value)


async def test_it_agrees_with_the_jail() -> None:
    told = {capability.id: capability.available for capability in await probe()}
    for level in (Level.L3, Level.L2):
        try:
            jail = await CPythonJail.start(level=level)
        except IsolationUnavailable:
            assert not told[f"jail.{level.name}"]
        else:
            await jail.aclose()
            assert told[f"jail.{level.name}"]
    assert not told["jail.L3"] or (told["ns.user"] and told["landlock.abi"] and told["seccomp"])
