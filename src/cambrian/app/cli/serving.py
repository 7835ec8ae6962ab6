"""``cambrian mcp``: a server of the Model Context Protocol that runs code in the sandbox."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import anyio
from cyclopts import Parameter

Several = Annotated[tuple[str, ...], Parameter(negative="", consume_multiple=False)]


def mcp(
    *,
    tools: Path | None = None,
    mcp: Several = (),
    approve: Several = (),
    preset: Literal["dev", "standard", "strict"] = "standard",
    limits: str = "",
    workspace: Path | None = None,
) -> int:
    """Serve the Model Context Protocol on stdin and stdout: an assistant runs code in the sandbox, with your tools.

    It offers execute_code, get_result, cancel, list_runtimes, get_runtime_capabilities, runtime_health_check,
    search_tools and describe_tool. Assistants start it themselves: tell them the command "cambrian", the argument "mcp".

    For example:
      cambrian mcp --tools tools.py --mcp 'python server.py' --limits wall=60s

    Parameters
    ----------
    tools
        A Python file; its public functions are tools of the code. It is your own code and runs outside the sandbox.
    mcp
        A server whose tools the code may call: a command, or a URL. May be repeated.
    approve
        Tools, by name or pattern, that need no approval. Default: what needs approval is denied.
    preset
        How strong the isolation has to be.
    limits
        The most that an execution may ask for, such as wall=60s,memory=64MiB. Default: wall=10min.
    workspace
        Folder of the journal. Default: .cambrian.
    """
    from cambrian.app.mcp.serving import Served

    served = Served(
        preset=preset, tools=tools, servers=mcp, approved=approve, limits=limits, workspace=workspace
    )  # fmt: skip
    received = anyio.run(served.serve)
    return 128 + received if received else 0
