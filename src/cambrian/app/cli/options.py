"""Options that commands which search have in common. A dataclass is flattened into options by the parser."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

if TYPE_CHECKING:
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
