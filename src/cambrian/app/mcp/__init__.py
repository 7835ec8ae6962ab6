"""App, MCP: `cambrian mcp`, a server of the Model Context Protocol that gives an assistant a sandbox for code.

Index:
    requests    what each operation is asked: the arguments, and so their schemas
    answers     what each operation answers, cut to size and marked as data
    executions  what runs for longer than one call: handles, bounded in number
    service     the operations themselves; knows nothing of the protocol
    binding     the operations as tools of the SDK's server (extra ``mcp``)
    stdio       its transport: nothing but the protocol on stdout
    serving     all of it together, from first word to last process
"""
