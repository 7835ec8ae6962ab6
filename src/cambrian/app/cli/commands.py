"""The table of commands and the parser made from it. A command's own module is imported when it is called."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from cyclopts import App, CycloptsError, Parameter

from cambrian.core.errors import CambrianError, RunNotFound, UsageError
from cambrian.version import VERSION

from . import FAILED, INTERRUPTED, USAGE
from .output import complain
from .wrapping import Filled

_PLACE = "cambrian.app.cli"

COMMANDS = {
    "evolve": f"{_PLACE}.evolving:evolve",
    "run": f"{_PLACE}.running:run",
    "runtimes": f"{_PLACE}.running:runtimes",
    "mcp": f"{_PLACE}.serving:mcp",
    "improve": f"{_PLACE}.improving:improve",
    "heal": f"{_PLACE}.healing:heal",
    "sweep": f"{_PLACE}.sweeping:sweep",
    "undo": f"{_PLACE}.undoing:undo",
    "review": f"{_PLACE}.reviewing:review",
    "init": f"{_PLACE}.tasks:init",
    "check": f"{_PLACE}.tasks:check",
    "secure": f"{_PLACE}.securing:secure",
    "doctor": f"{_PLACE}.tasks:doctor",
    "schema": f"{_PLACE}.tasks:schema",
    "rules": f"{_PLACE}.rules:rules",
}
"""Command → where its function is."""

RUNS = {
    "list": f"{_PLACE}.reading:runs_list",
    "show": f"{_PLACE}.reading:show",
    "resume": f"{_PLACE}.evolving:resume",
    "best": f"{_PLACE}.reading:best",
    "events": f"{_PLACE}.reading:events",
    "diff": f"{_PLACE}.reading:diff",
    "apply": f"{_PLACE}.applying:apply",
    "export": f"{_PLACE}.moving:export",
    "import": f"{_PLACE}.moving:import_runs",
    "gc": f"{_PLACE}.keeping:gc",
    "cases": f"{_PLACE}.listing_cases:cases",
    "trace": f"{_PLACE}.tracing:trace",
    "report": f"{_PLACE}.reporting:report",
    "compare": f"{_PLACE}.reporting:compare",
    "explain": f"{_PLACE}.reporting:explain",
}
"""Verbs of ``runs``."""


_USAGE = {
    verb: f"Usage: cambrian runs {verb} [OPTIONS] {words}"
    for verb, words in {
        "show": "[RUN]", "resume": "[RUN]", "best": "[RUN]", "events": "[RUN]", "diff": "[RUN] [A] [B]",
        "apply": "[RUN]", "export": "[RUN] --out PATH", "report": "[RUN]", "explain": "[RUN]", "cases": "[RUN]",
        "trace": "[RUN]",
        "compare": "RUN RUN …",
        "import": "PATH",
    }.items()
}  # fmt: skip
"""Usage lines that name what the parser would call ``[ARGS]``."""


def make_app() -> App:
    """The parser."""
    app = App(
        name="cambrian", version=f"cambrian {VERSION}", help_format="plaintext", help_formatter=Filled(),
        help="Makes a program better: measures it, proposes variants, runs them in a sandbox, keeps what scores.",
        suppress_keyboard_interrupt=False, default_parameter=Parameter(show_default=False),
    )  # fmt: skip
    runs = App(name="runs", help="Look at runs, take them up again, use what they found.")
    for name, place in COMMANDS.items():
        app.command(place, name=name)
    for name, place in RUNS.items():
        runs.command(place, name=name, usage=_USAGE.get(name))
    app.command(runs)
    return app


def _command(words: Sequence[str]) -> str:
    """The command that was meant, as far as there is one of that name, with a space after it."""
    if words[:1] == ["runs"]:
        return f"runs {words[1]} " if words[1:] and words[1] in RUNS else "runs "
    return f"{words[0]} " if words and words[0] in COMMANDS else ""


def dispatch(words: Sequence[str]) -> int:
    """Parse, run, and turn what went wrong into an exit status."""
    try:
        result: object = make_app()(list(words), exit_on_error=False, print_error=False, result_action="return_value")
    except CycloptsError as error:
        complain(str(error).strip(), fix=f"cambrian {_command(words)}--help")
        return USAGE
    except (UsageError, RunNotFound) as error:
        complain(str(error))
        return USAGE
    except CambrianError as error:
        complain(str(error))
        return FAILED
    except KeyboardInterrupt:
        print(file=sys.stderr)  # noqa: T201 - leaves the line on which ^C stands
        return INTERRUPTED
    return result if isinstance(result, int) else 0
