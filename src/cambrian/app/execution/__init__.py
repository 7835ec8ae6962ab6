"""App, execution: `cambrian.run`: code that an AI wrote, run for its value.

Index:
    allowing    what scripts may reach besides their tools
    catalogue   the runtimes of scripts, started when first needed
    providing   the tools that a command line names
    record      the run of an execution, begun in the journal no sooner than it has to be
    results     what is told of an execution
    running     `Sandbox` and `run`
"""
