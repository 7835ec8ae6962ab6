"""A toy engine for tests of what is common to all runtimes. Its scripts are Python generators named ``main``."""

from __future__ import annotations

import msgspec

from cambrian.core.tool import Answer, Call, Tool
from cambrian.sandbox.scripts.driven import Driver

_TEXT = """
state = {}


def step(request):
    if request["ask"] == "begin":
        scope = dict(request["inputs"])
        exec(request["code"], scope)
        state["script"], state["made"] = scope["main"](), 0
        return said(None)
    return said(request["answers"])


def said(answers):
    try:
        wanted = state["script"].send(answers)
    except StopIteration as end:
        turn = {"turn": "done", "value": end.value}
    except NotImplementedError as error:
        turn = {"turn": "gap", "what": str(error)}
    except Exception as error:
        turn = {"turn": "raised", "type": type(error).__name__, "message": str(error)}
    else:
        calls = [
            {"id": state["made"] + place, "tool": tool, "args": list(args), "kwargs": {}}
            for place, (tool, *args) in enumerate(wanted)
        ]
        state["made"] += len(calls)
        turn = {"turn": "calls", "calls": calls}
    return {"turn": turn, "stdout": ".", "stderr": ""}
"""


def toy(name: str = "toy", *, reuse: int = 1, text: str = _TEXT) -> Driver:
    """A driver of the toy engine."""
    return Driver(name=name, languages=("python",), version="1", files={"driver.py": text}, reuse=reuse)


class Counter:
    """Tools that count what is done: a `ToolInvoker`."""

    def __init__(self, *tools: Tool) -> None:
        self._tools = tools or (Tool(name="add"),)
        self.made: list[tuple[str, list[object], str]] = []

    def tools(self) -> tuple[Tool, ...]:
        return self._tools

    def refusal(self, call: Call) -> str:
        return "" if call.tool in {tool.name for tool in self._tools} else f"no tool {call.tool!r}"

    async def approve(self, call: Call) -> str:
        return f"{call.tool} is not allowed"

    async def invoke(self, call: Call, *, key: str) -> Answer:
        self.made.append((call.tool, call.args, key))
        numbers = msgspec.convert(call.args, list[int])
        return Answer(call=call.id, value=sum(numbers))
