"""Where jobs run. One concurrency cap for everything; a worker that dies costs one job, never the run.

Index:
    local         a pool of workers on this machine
    alternatives  several ways to one result, raced against each other
    optimiser     numeric optimisers in a process of their own
"""
