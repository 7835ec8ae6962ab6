"""Options that commands which search have in common. A dataclass is flattened into options by the parser."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from cambrian.core.errors import UsageError

if TYPE_CHECKING:
    from cambrian.app.execution.providing import Provision
    from cambrian.app.frameworks.finding import Named

Display = Literal["auto", "rich", "plain", "json", "none"]
FrameworkName = Literal["openevolve", "shinka", "gepa"]


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Origin:
    """Whose evaluator it is and how that is configured, where no task.toml says so."""

    framework: Annotated[
        FrameworkName | None, Parameter(help="Whose evaluator it is. Default: found out by its functions.")
    ] = None
    config: Annotated[
        Path | None, Parameter(help="The config.yaml of such a task. Default: the one beside the evaluator.")
    ] = None

    def named(self, task: Path, evaluator: Path | None) -> Named:
        """The task that is meant, as the two words of the command and these options name it."""
        from cambrian.app.frameworks.finding import Named

        return Named.of(task, evaluator, framework=self.framework, config=self.config)


OWN = Origin()
"""Nothing asked for."""


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Conduct:
    """How a search is conducted and shown, whatever it is that is searched."""

    target: Annotated[float | None, Parameter(help="Stop when the first objective reaches this value.")] = None
    set: Annotated[
        tuple[str, ...],
        Parameter(
            negative="",
            consume_multiple=False,
            help="KEY=VALUE: change a knob of task.toml for this run; may be repeated.",
        ),
    ] = ()
    display: Annotated[
        Display,
        Parameter(help="Progress: rich, plain, json (lines on stderr), none. Default: rich on a terminal, else plain."),
    ] = "auto"
    json: Annotated[bool, Parameter(negative="", help="Write the JSON object even if stdout is a terminal.")] = False
    workspace: Annotated[
        Path | None, Parameter(help="Folder of the journal. Default: .cambrian, or CAMBRIAN_WORKSPACE.")
    ] = None


AS_USUAL = Conduct()
"""Nothing asked for."""


Several = Annotated[tuple[str, ...], Parameter(negative="", consume_multiple=False)]
Flag = Annotated[bool, Parameter(negative="")]


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Tooling:
    """What a script may call and reach."""

    tools: Annotated[
        Path | None,
        Parameter(
            help="A Python file; its functions marked with @tool are tools, or all public ones if none is marked. It "
            "is your own code and runs outside the sandbox."
        ),
    ] = None
    mcp: Annotated[
        Several,
        Parameter(
            help="A server of the Model Context Protocol: a command, a URL, or a file of servers such as .mcp.json. "
            "May be repeated."
        ),
    ] = ()
    mcp_env: Annotated[
        Several,
        Parameter(
            help="Name of an environment variable that servers given as commands get; else they get none of yours. May "
            "be repeated."
        ),
    ] = ()
    approve: Annotated[
        Several,
        Parameter(help="Tools, by name or pattern, that need no approval. Default: what needs approval is denied."),
    ] = ()
    allow: Annotated[
        Several,
        Parameter(
            help="What else it may reach, such as net:api.example.com:443,read:./data: a tool fetch for exactly that "
            "host and port; a folder to read. May be repeated."
        ),
    ] = ()

    def given(self) -> Provision:
        """The tools that these options name."""
        from cambrian.app.execution.providing import Provision

        return Provision(tools=self.tools, servers=self.mcp, variables=self.mcp_env, approved=self.approve)


NO_TOOLS = Tooling()
"""None given."""


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Conditions:
    """How a script is run."""

    language: Annotated[
        Literal["python", "javascript", "typescript"] | None,
        Parameter(help="Default: by the file's name, else by the code."),
    ] = None
    runtime: Annotated[
        str,
        Parameter(help="Run on this one only. Default: the best that may and can; `cambrian runtimes` lists them."),
    ] = "auto"
    preset: Annotated[Literal["dev", "standard", "strict"], Parameter(help="How strong the isolation has to be.")] = (
        "standard"
    )
    limits: Annotated[
        str,
        Parameter(help="Such as wall=2s,cpu=2s,memory=64MiB,output=1MiB,disk=16MiB. Time counts while the code runs."),
    ] = ""
    input: Annotated[Several, Parameter(help="NAME=JSON: a global variable of the script. May be repeated.")] = ()
    seed: Annotated[int | None, Parameter(help="Of the script's randomness. Default: drawn, and recorded.")] = None
    cache: Annotated[
        str,
        Parameter(
            help="Such as 1h: for so long the result of the same script with the same inputs and tools is taken from "
            "before, if it did not look at the clock or at chance, and called no tool unless all that it was given are "
            "read-only."
        ),
    ] = ""


USUAL = Conditions()
"""None given."""


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Look:
    """What is wanted of a moment of a script's run; at most one."""

    inspect: Annotated[Flag, Parameter(help="Show the variables of the script's top level there.")] = False
    lines: Annotated[
        Flag,
        Parameter(
            help="Show line by line what the script changed from there to its next call. Python only; the run is "
            "played again."
        ),
    ] = False
    resume: Annotated[
        Flag,
        Parameter(
            help="Go on from there, live, in a new run. What was called up to there is not called again. Without --at: "
            "bring a run to its end whose process was killed. Takes --tools, --mcp, --approve and --allow."
        ),
    ] = False
    replay: Annotated[
        Flag,
        Parameter(
            help="Run all of it again from the record; nothing is done in the world. With --set, what comes of the "
            "change, as far as the record goes."
        ),
    ] = False
    profile: Annotated[
        Flag,
        Parameter(help="Time each line of a Python script by playing its run again, and say what could be quicker."),
    ] = False
    diff: Annotated[str, Parameter(help="Another run: where the two part.")] = ""

    def check(self) -> None:
        """Refuse several at once.

        Raises:
            UsageError: there are.
        """
        if sum((self.inspect, self.lines, self.resume, self.replay, self.profile, bool(self.diff))) > 1:
            raise UsageError(
                "of --inspect, --lines, --resume, --replay, --profile and --diff one can be meant; leave out the others"
            )


TRACE = Look()
"""Nothing asked for but the calls."""
