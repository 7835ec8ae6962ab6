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
    allow: Several = (),
    workspace: Path | None = None,
) -> int:
    """Serve the Model Context Protocol on stdin and stdout: an assistant runs code in the sandbox, with your tools.

    It offers execute_code, get_result, cancel, list_runtimes, get_runtime_capabilities, runtime_health_check,
    search_tools and describe_tool. An assistant starts it itself: the command "cambrian" with the argument "mcp".

    For example:
      cambrian mcp --tools tools.py --mcp 'python server.py' --limits wall=60s

    Parameters
    ----------
    tools
        A Python file; its functions marked with @tool are tools of the code, or all public ones if none is marked. It
        is your own code and runs outside the sandbox.
    mcp
        A server whose tools the code may call: a command, or a URL. May be repeated.
    approve
        Tools, by name or pattern, that need no approval. Default: what needs approval is denied.
    preset
        How strong the isolation has to be.
    limits
        The most that an execution may ask for, such as wall=60s,memory=64MiB. Default: wall=10min.
    allow
        What code may reach besides tools, such as net:api.example.com:443,read:./data; see cambrian run --help.
    workspace
        Folder of the journal. Default: .cambrian.
    """
    from cambrian.app.mcp.serving import Served

    served = Served(
        preset=preset, tools=tools, servers=mcp, approved=approve, limits=limits, allow=allow, workspace=workspace
    )  # fmt: skip
    received = anyio.run(served.serve)
    return 128 + received if received else 0
