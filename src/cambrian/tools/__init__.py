"""Tools: what running code may call; Python functions and servers of the Model Context Protocol behind one port.

What a tool returns is data from outside: never looked at here, and never part of a program.

- `registry.Toolbox` is the `core.tool.ToolInvoker`; `policy.ToolPolicy` says what may be called and who is asked.
- `functions` makes tools of functions, with `annotations`, `docstrings` and `threads`; `toolfile` those of a file.
- `mcp_client.McpServer` speaks with a server; `mcp_stdio`, `mcp_http` and `process_tree` carry that.
- `schema` checks arguments, `plain` makes results plain, `redaction` keeps secrets out of texts.
- `stubs` shows tools as Python and TypeScript; `discovery` finds and describes a few of many.
"""
