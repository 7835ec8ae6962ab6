"""``cambrian mcp``: a server of the Model Context Protocol that runs code in the sandbox."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import anyio

from .options import NO_TOOLS, Tooling


def mcp(
    *,
    tooling: Tooling = NO_TOOLS,
    preset: Literal["dev", "standard", "strict"] = "standard",
    limits: str = "",
    workspace: Path | None = None,
) -> int:
    """Serve the Model Context Protocol on stdin and stdout: an assistant runs code in the sandbox, with your tools.

    It offers execute_code, get_result, cancel, list_runtimes, get_runtime_capabilities, runtime_health_check,
    search_tools and describe_tool. An assistant starts it itself: the command "cambrian" with the argument "mcp".

    For example:
      cambrian mcp --tools tools.py --mcp 'python server.py' --limits wall=60s

    Parameters
    ----------
    preset
        How strong the isolation has to be.
    limits
        The most that an execution may ask for, such as wall=60s,memory=64MiB. Default: wall=10min.
    workspace
        Folder of the journal. Default: .cambrian.
    """
    from cambrian.app.mcp.serving import Served

    served = Served(
        preset=preset, given=tooling.given(), limits=limits, allow=tooling.allow, workspace=workspace,
    )  # fmt: skip
    received = anyio.run(served.serve)
    return 128 + received if received else 0
