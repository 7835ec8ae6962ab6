"""Cambrian: code that evolves.

>>> import cambrian
>>> outcome = cambrian.evolve("examples/circle_packing", budget="60s")  # doctest: +SKIP

Nothing is imported before it is used (PEP 562), so that ``import cambrian`` costs next to nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from .version import VERSION as __version__  # noqa: N811 - the name that packages carry their version under

if TYPE_CHECKING:
    from .app.auditing import audit, audit_async
    from .app.evolution import evolve, evolve_async, resume, resume_async
    from .app.execution.racing import race_scripts
    from .app.execution.results import Execution
    from .app.execution.running import Sandbox, run
    from .app.healing import Healing, heal
    from .app.improving import Improved, improve
    from .app.inline import define_task
    from .app.results import Found, Outcome
    from .app.reviewing import Reviewed, review
    from .app.securing import Secured, secure
    from .app.taskfile import load_task
    from .compute.alternatives import Alternative, Branch, NobodyWon, Odds, Raced, race
    from .core.budget import Budget
    from .core.errors import (
        CambrianError,
        CapabilityMissing,
        CodecError,
        EffectConflict,
        EvaluatorError,
        Fenced,
        IsolationUnavailable,
        JournalError,
        LeaseHeld,
        ProposalError,
        RunNotFound,
        SandboxError,
        SequenceConflict,
        StoreDamaged,
        TaskError,
        UsageError,
        WorkerDied,
    )
    from .core.evaluation import Evaluation, Objective, Status
    from .core.limits import Level, Limits
    from .core.variant import Variant
    from .search.strategy_config import BeamConfig, GridConfig, StrategyConfig
    from .search.task import Task
    from .tools.functions import tool
    from .tools.mcp_client import McpServer
    from .tools.policy import ToolPolicy
    from .tools.registry import Toolbox

__all__ = [
    "Alternative",
    "BeamConfig",
    "Branch",
    "Budget",
    "CambrianError",
    "CapabilityMissing",
    "CodecError",
    "EffectConflict",
    "Evaluation",
    "EvaluatorError",
    "Execution",
    "Fenced",
    "Found",
    "GridConfig",
    "Healing",
    "Improved",
    "IsolationUnavailable",
    "JournalError",
    "LeaseHeld",
    "Level",
    "Limits",
    "McpServer",
    "NobodyWon",
    "Objective",
    "Odds",
    "Outcome",
    "ProposalError",
    "Raced",
    "Reviewed",
    "RunNotFound",
    "Sandbox",
    "SandboxError",
    "Secured",
    "SequenceConflict",
    "Status",
    "StoreDamaged",
    "StrategyConfig",
    "Task",
    "TaskError",
    "ToolPolicy",
    "Toolbox",
    "UsageError",
    "Variant",
    "WorkerDied",
    "__version__",
    "audit",
    "audit_async",
    "define_task",
    "evolve",
    "evolve_async",
    "heal",
    "improve",
    "load_task",
    "race",
    "race_scripts",
    "resume",
    "resume_async",
    "review",
    "run",
    "secure",
    "tool",
]

_ERRORS = (
    "CambrianError CapabilityMissing CodecError EffectConflict EvaluatorError Fenced IsolationUnavailable JournalError "
    "LeaseHeld ProposalError RunNotFound SandboxError SequenceConflict StoreDamaged TaskError UsageError WorkerDied"
)
_HOMES = {
    "app.auditing": "audit audit_async",
    "app.evolution": "evolve evolve_async resume resume_async",
    "app.execution.racing": "race_scripts",
    "app.execution.results": "Execution",
    "app.execution.running": "Sandbox run",
    "app.healing": "Healing heal",
    "app.improving": "Improved improve",
    "app.inline": "define_task",
    "app.results": "Found Outcome",
    "app.reviewing": "Reviewed review",
    "app.securing": "Secured secure",
    "app.taskfile": "load_task",
    "compute.alternatives": "Alternative Branch NobodyWon Odds Raced race",
    "core.budget": "Budget",
    "core.errors": _ERRORS,
    "core.evaluation": "Evaluation Objective Status",
    "core.limits": "Level Limits",
    "core.variant": "Variant",
    "search.strategy_config": "BeamConfig GridConfig StrategyConfig",
    "search.task": "Task",
    "tools.functions": "tool",
    "tools.mcp_client": "McpServer",
    "tools.policy": "ToolPolicy",
    "tools.registry": "Toolbox",
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names.split()}


def __getattr__(name: str) -> object:
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module 'cambrian' has no attribute {name!r}")
    value: object = getattr(importlib.import_module(f"cambrian.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
