"""The command line: noun-verb, data on stdout, people's text on stderr. Nothing heavy is imported before it is needed.

Index:
    commands    the table of commands, and the parser made from it (imports ``cyclopts``)
    evolving    evolve, runs resume
    reading     runs list, show, best, events, diff
    applying    runs apply
    keeping     runs gc
    moving      runs export, import
    running     run, runtimes
    improving   improve
    healing     heal
    serving     mcp
    tracing     runs trace
    tasks       init, check, doctor, schema
    wrapping    help texts in the width of the terminal
    options     what commands that search have in common
    stdout      the one place that writes to stdout
    output      how answers, words and errors are written

Exit status: 0 done; 1 it was tried and gave nothing, or a check found faults; 2 a mistake in what was asked (an option,
a run that does not exist, a task); 128 + n after signal n.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import cast

from cambrian.app.display.width import help_width, wrapped

from .stdout import Undelivered, discard, emit

__all__ = ["main"]

FAILED, USAGE, INTERRUPTED = 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point of the ``cambrian`` command; ends the process.

    Args:
        arguments: the words after the command's name, by default those of this process.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        status = run(words)
        sys.stdout.flush()
    except BrokenPipeError:
        discard()  # whoever read our output has left
        status = FAILED
    sys.exit(status)


def run(words: Sequence[str]) -> int:
    """Run one command. Nothing that goes wrong in it leaves as a traceback, unless ``CAMBRIAN_DEBUG`` is set.

    Returns:
        The exit status.
    """
    try:
        return _run(words)
    except BrokenPipeError:
        raise
    except Undelivered as error:
        print(f"cambrian: error: {error}", file=sys.stderr, flush=True)  # noqa: T201 - this is the command line
        return FAILED
    except Exception as error:  # noqa: BLE001 - request handler
        _confess(error)
        return FAILED


def _confess(error: Exception) -> None:
    """Tell an error that nobody foresaw: a fault of Cambrian's own."""
    import traceback

    from cambrian.app.display.terminal import clean, one_line
    from cambrian.app.settings import wants_tracebacks

    first: BaseException = error
    while isinstance(first, BaseExceptionGroup):
        first = cast("BaseExceptionGroup[BaseException]", first).exceptions[0]
    debug = wants_tracebacks()
    if debug:
        sys.stderr.write(clean("".join(traceback.format_exception(error))))
    where = "the traceback is above" if debug else "for the traceback repeat it with CAMBRIAN_DEBUG=1"
    told = one_line(f"{type(first).__name__}: {first}", width=300)
    print(f"cambrian: internal error: {told}; {where}", file=sys.stderr, flush=True)  # noqa: T201 - the command line


def _run(words: Sequence[str]) -> int:
    if not words or list(words) in (["--help"], ["-h"], ["help"]):
        from .help import OVERVIEW

        emit(wrapped(OVERVIEW, help_width()))
        return 0 if words else USAGE
    if list(words) in (["runs"], ["runs", "--help"], ["runs", "-h"]):
        from .help import OVERVIEW_OF_RUNS

        emit(wrapped(OVERVIEW_OF_RUNS, help_width()))
        return 0 if len(words) > 1 else USAGE
    if list(words) in (["--version"], ["-V"]):
        from cambrian.version import VERSION

        emit(f"cambrian {VERSION}\n")
        return 0
    from .commands import dispatch

    return dispatch(words)
