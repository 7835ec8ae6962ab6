"""How much of the waiting for tools a repeated three-step workflow is spared, once its steps are known.

    python benchmarks/speculation.py --check

A client runs three scripts one after the other: find a customer, list the orders of the one that was found, price the
first order; between two of them it thinks for a while, as a model does. Each tool takes 50 ms. The figure is the share
of the second and third step's waiting that is gone, against the same client without speculation in the same run; the
first step cannot be known ahead. Every result must be the same with and without it, also for a client whose every
second round takes another turn (*wrong guesses*), and tools that may change something must be called exactly as often.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time

import anyio

from cambrian.app.execution.running import Sandbox
from cambrian.tools.functions import tool
from cambrian.tools.registry import Toolbox
from report import Figure, finish, options

TOOL_S, THINK_S = 0.05, 0.15


class Shop:
    """Tools that take a while; orders are counted."""

    def __init__(self) -> None:
        self.ordered: list[int] = []

        @tool(read_only=True)
        async def find(name: str) -> dict[str, int]:
            """Find a customer."""
            await anyio.sleep(TOOL_S)
            return {"id": len(name)}

        @tool(read_only=True)
        async def orders(customer: int) -> list[int]:
            """Orders of a customer."""
            await anyio.sleep(TOOL_S)
            return [10 * customer, 10 * customer + 1]

        @tool(read_only=True)
        async def price(order: int) -> int:
            """Price of an order, which rises with each that was ordered."""
            await anyio.sleep(TOOL_S)
            return 100 * order + len(self.ordered)

        async def order(again: int) -> int:
            """Order the same again."""
            self.ordered.append(again)
            return len(self.ordered)

        self.box = Toolbox([find, orders, price, order])


async def rounds_of(sandbox: Sandbox, shop: Shop, rounds: int, *, twisted: bool) -> tuple[list[float], list[object]]:
    """Seconds of the second and third step of each round, and every result."""
    waits: list[float] = []
    results: list[object] = []

    async def step(code: str, **inputs: object) -> tuple[object, float]:
        begun = time.perf_counter()
        result = await sandbox.run(code, tools=shop.box, inputs=inputs, runtime="monty")
        results.append(result.value)
        seconds = time.perf_counter() - begun
        await anyio.sleep(THINK_S)
        return result.value, seconds

    for number in range(rounds):
        found, _ = await step("(await find(name))['id']", name="x" * (3 + number))
        if twisted and number % 2:
            await step("await order(again)", again=number)
            found, _ = await step("(await find(name))['id']", name="y" * (30 + number))
        listed, second = await step("await orders(customer)", customer=found)
        _, third = await step("await price(order_id)", order_id=listed[int(twisted and number % 3 == 0)])  # type: ignore[index]
        waits.append(second + third)
    return waits, results


async def measure(rounds: int, folder: str) -> list[Figure]:
    """All figures."""
    waits: dict[bool, list[float]] = {}
    for twisted in (False, True):
        told: dict[bool, list[object]] = {}
        for speculates in (False, True):
            shop = Shop()
            async with Sandbox(workspace=f"{folder}/{twisted}{speculates}", workers=1, speculate=speculates) as sandbox:
                seconds, told[speculates] = await rounds_of(sandbox, shop, rounds, twisted=twisted)
                told[speculates].append(list(shop.ordered))
                if not twisted:
                    waits[speculates] = seconds[3:]
                if sandbox.speculator is not None and twisted:
                    wrong = sandbox.speculator.told.started - sandbox.speculator.told.adopted
        if told[False] != told[True]:
            raise SystemExit(f"speculation changed a result: {told!r}")
    without, with_it = statistics.median(waits[False]), statistics.median(waits[True])
    own = without - 2 * TOOL_S
    hidden = min(1.0, (without - with_it) / (2 * TOOL_S))
    return [
        Figure("steps two and three, without: median", 1000 * without, "ms"),
        Figure("steps two and three, with: median", 1000 * with_it, "ms"),
        Figure("of which scripts and journal themselves take", 1000 * own, "ms"),
        Figure("share of the tools' latency that is hidden", hidden, "", 0.9, at_least=True),
        Figure("wrong guesses, none of which changed a result", wrong, "calls"),  # pyright: ignore[reportPossiblyUnboundVariable]
    ]


def main() -> int:
    """Measure and print."""
    parser = options(__doc__)
    parser.add_argument("--rounds", type=int, default=12)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cambrian-speculation-") as folder:
        figures = anyio.run(measure, chosen.rounds, folder)
    return finish(figures, as_json=chosen.json, check=chosen.check)


if __name__ == "__main__":
    sys.exit(main())
