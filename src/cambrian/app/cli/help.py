"""What ``cambrian --help`` says. Plain text, so that asking for help costs nothing; a test holds it to the commands."""

from __future__ import annotations

OVERVIEW = """\
Usage: cambrian COMMAND …

Makes a program better: measures it, proposes variants, runs them in a sandbox, keeps what scores.

Search
  evolve TASK           evolve a task's program
  run SCRIPT            run a script in a sandbox, with tools, for its value
  runtimes              what scripts can run on here, and what would add more
  mcp                   a sandbox for an assistant: a server of the Model Context Protocol
  sweep TASK            a task under every combination of some settings, compared
  runs resume RUN       take a run up again; nothing finished is evaluated twice

Look
  runs list             the runs of the workspace
  runs show RUN         everything about a run
  runs best RUN         the best program found
  runs diff RUN A B     what changed between two of its variants
  runs events RUN       its journal, event by event
  runs compare A B …    runs or groups of runs at equal effort, and what is more than chance
  runs explain RUN      what changed, by which steps and whom, on what evidence
  runs trace RUN        the calls of a script's run; go back to one, look, change, go on
  runs cases RUN        inputs on which candidates failed, also as a test file
  runs report RUN       all about it as one HTML file, for a browser without a network

Your own code
  improve WHERE         faster code that does the same, with its proof; --list says where it would pay
  heal FILE | -- CMD    the smallest change that makes a failing program or command pass
  secure WHERE          what an attacker could use, with the way it takes, and its fixes
  review WHERE          security, dependencies, speed and style in one report, conflicts resolved
  undo [ID]             take back what --apply wrote into your files
  rules [ID]            the rules by which code is made better, with examples

Use and keep
  runs apply RUN        write the winner back to the task's folder
  runs export RUN       a run as plain files, readable without Cambrian
  runs import PATH      take in an exported run, or a journal in plain files
  runs gc               delete old runs, free the room

Begin
  init DIR              make a small task that works, with comments that teach
  check TASK            run a task's own program and try its scorer on nonsense
  doctor                what this machine can isolate, compile and measure
  schema [NAME]         JSON Schema of the answers

  --version             show the version
  COMMAND --help        help for a command, with examples

RUN is a run's id, the beginning of it, or "last". Runs are kept in .cambrian (--workspace, CAMBRIAN_WORKSPACE).
Answers go to stdout (--json for programs), words for people to stderr.

  cambrian evolve examples/circle_packing --budget 60s
  cambrian runs diff last
  cambrian runs apply last
"""

OVERVIEW_OF_RUNS = "\n".join(
    [
        "Usage: cambrian runs COMMAND …",
        "",
        "Look at runs, take them up again, use what they found.",
        "",
        *(line for line in OVERVIEW.splitlines() if line.startswith("  runs ")),
        "",
        "  COMMAND --help        help for a command, with examples",
        "",
    ]
)
