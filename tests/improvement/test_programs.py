"""Whole programs made faster by rules, on inputs made up from their text."""

from __future__ import annotations

import pytest

from cambrian.improvement.programs import derived, improve_program
from cambrian.sandbox import CPythonJail
from cambrian.source.rules.catalogue import rules
from cambrian.verify.stdin import Lane, stdin_source

PRIMES = """n = int(input())
count = 0
for i in range(2, n + 1):
    prime = True
    k = 2
    while k * k <= i:
        if i % k == 0:
            prime = False
            break
        k += 1
    if prime:
        count += 1
print(count)
"""


def test_a_script_moves_into_a_function_before_other_rules_look() -> None:
    text, made = derived(PRIMES, rules("speed", "python"))
    assert made[0].rule == "script-in-function"
    assert text.startswith("def main():\n")
    assert text.endswith("\n\nmain()\n")


def test_nothing_is_made_of_what_no_rule_knows() -> None:
    text, made = derived("print(input())\n", rules("speed", "python"))
    assert (text, made) == ("print(input())\n", [])


@pytest.mark.slow
async def test_a_program_gets_faster_and_stays_the_same() -> None:
    lanes, jail = await CPythonJail.start(), await CPythonJail.start()
    try:
        async with Lane(lanes) as lane:
            inputs = await stdin_source(lane, PRIMES, n=30)
            found = await improve_program(lane, jail, PRIMES, inputs)
    finally:
        await lanes.aclose()
        await jail.aclose()
    assert not found.wrong
    assert "script-in-function" in found.rules
    assert found.speed is not None
    assert (found.speed.estimate or 0.0) > 1.05
