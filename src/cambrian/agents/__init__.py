"""Durable agents: a step machine on the kernel's runs. Models and tools are handed in; nothing here knows a provider.

Index:
    machine     eight breakpoints, and the one table of moves
    facts       what an agent's journal holds
    state       an agent, folded from its journal
    context     what of a long history a model is shown
    permission  which calls may happen, which are asked about: unknown modes refuse
    hooks       what may look at, alter or veto a turn and a call
    recovery    what becomes of calls that a crash has interrupted
    agent       `Agent`: create, resume, send, approve, interrupt, fork
"""
