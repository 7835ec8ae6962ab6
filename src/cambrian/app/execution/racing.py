"""App, execution: several scripts for one question, run against each other. Only the winner may change the world.

A call of a tool that may change something waits, before it is even begun, until its script has won: that is when no
other one can get further without changing something too. Losers are ended, with their processes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import msgspec

from cambrian.compute.alternatives import Alternative, Branch, Odds, Raced, race
from cambrian.core.script import Language
from cambrian.core.tool import Answer, Call, Tool, ToolInvoker
from cambrian.tools.registry import Toolbox

from .results import Execution
from .running import Sandbox, ToolSource

__all__ = ["Gated", "race_scripts"]


class Gated:
    """Tools of one script in a race.

    Args:
        box: the tools.
        branch: says when the script has won.
    """

    def __init__(self, box: ToolInvoker, branch: Branch) -> None:
        self._box, self._branch = box, branch
        self._asks = {tool.name for tool in box.tools() if tool.approval}

    def tools(self) -> tuple[Tool, ...]:
        """See `ToolInvoker.tools`; what may change something needs approval here, which the race gives."""
        return tuple(
            tool if tool.read_only else msgspec.structs.replace(tool, approval=True) for tool in self._box.tools()
        )

    def refusal(self, call: Call) -> str:
        """See `ToolInvoker.refusal`."""
        return self._box.refusal(call)

    async def approve(self, call: Call) -> str:
        """See `ToolInvoker.approve`: waits until the script has won, then asks whoever else has to be asked."""

        async def ask() -> str:
            return await self._box.approve(call) if call.tool in self._asks else ""

        return await self._branch.effect(ask)

    async def invoke(self, call: Call, *, key: str) -> Answer:
        """See `ToolInvoker.invoke`."""
        return await self._box.invoke(call, key=key)


async def race_scripts(
    sandbox: Sandbox,
    scripts: Mapping[str, str],
    *,
    language: Language | None = None,
    tools: Toolbox | Iterable[ToolSource] = (),
    inputs: Mapping[str, object] | None = None,
    valid: Callable[[Execution], bool] | None = None,
    best: Callable[[Execution], float] | None = None,
    confidences: Mapping[str, float] | None = None,
    odds: Odds | None = None,
    head_start_s: float = 0.0,
) -> Raced[Execution]:
    """Run scripts against each other; the first valid result wins, or the best one.

    >>> raced = await race_scripts(sandbox, {"a": "1 + 1", "b": "while True: pass"})  # doctest: +SKIP
    >>> raced.winner, raced.value.value  # doctest: +SKIP
    ('a', 2)

    Args:
        sandbox: with a worker for each script that is to run at the same time.
        scripts: name → code.
        language: of all; by default found out of each.
        tools: for all; see `cambrian.run`.
        inputs: likewise.
        valid: whether a result may win; by default one that ended ``"ok"``.
        best: how good a result is: all run to their end. Without it the first valid one wins.
        confidences: chance of each that its result is valid, by name; 0.5 if nobody knows.
        odds: learnt from earlier races, told of this one.
        head_start_s: seconds that the likeliest has before the next one starts.

    Raises:
        NobodyWon, UsageError: see `cambrian.race`.
    """
    box = tools if isinstance(tools, Toolbox) else Toolbox(tools)

    def alternative(name: str, code: str) -> Alternative[Execution]:
        async def run(branch: Branch) -> Execution:
            return await sandbox.run(code, language=language, tools=Gated(box, branch), inputs=inputs, name=name)

        return Alternative(name, run, (confidences or {}).get(name, 0.5))

    alternatives = [alternative(name, code) for name, code in scripts.items()]
    return await race(alternatives, valid=valid or _ended_well, best=best, odds=odds, head_start_s=head_start_s)


def _ended_well(result: Execution) -> bool:
    return result.ok
