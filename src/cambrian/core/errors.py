"""The exception tree.

::

    CambrianError
    ├── UsageError (ValueError)            an option, a unit or a name given by a person is wrong: fix it and call again
    │   └── TaskError                      a task folder is wrong; names the file, the line, the value and the fix
    ├── JournalError
    │   ├── RunNotFound (LookupError)      no such run in this workspace
    │   ├── SequenceConflict               somebody else appended first: re-read, then decide
    │   ├── Fenced                         this holder's epoch is stale: stop writing, another process owns the run
    │   ├── LeaseHeld                      another live process owns the run: wait or use another run
    │   ├── EffectConflict                 an effect's state does not allow this transition
    │   └── StoreDamaged                   the store's content does not pass its check: restore or export what is left
    ├── SandboxError (RuntimeError)
    │   ├── IsolationUnavailable           the level asked for cannot be had here; says what is missing
    │   └── WorkerDied                     a jail's process ended unasked: this evaluation is lost, the run goes on
    ├── EvaluatorError (RuntimeError)      the task's scorer is at fault, not the candidate
    ├── ProposalError (RuntimeError)       a proposer cannot propose here and now: ask another
    ├── CapabilityMissing (RuntimeError)   this machine lacks a tool; names it as `cambrian doctor` does, and the fix
    ├── ModelError (RuntimeError)          (core.model) a model did not answer; says why
    └── CodecError (ValueError)            a value or a message is outside the closed codec
"""

from __future__ import annotations

__all__ = [
    "CambrianError",
    "CapabilityMissing",
    "CodecError",
    "EffectConflict",
    "EvaluatorError",
    "Fenced",
    "IsolationUnavailable",
    "JournalError",
    "LeaseHeld",
    "ProposalError",
    "RunNotFound",
    "SandboxError",
    "SequenceConflict",
    "StoreDamaged",
    "TaskError",
    "UsageError",
    "WorkerDied",
]


class CambrianError(Exception):
    """Root of everything that Cambrian raises on purpose."""


class UsageError(CambrianError, ValueError):
    """An option, a unit or a name given by a person is wrong."""


class TaskError(UsageError):
    """A task folder is wrong.

    Args:
        message: what is wrong, naming the value with ``!r``.
        path: the file at fault.
        line: its 1-based line, where known.
        fix: what to do about it.
    """

    def __init__(self, message: str, *, path: str = "", line: int | None = None, fix: str = "") -> None:
        place = f"{path}:{line}: " if path and line else f"{path}: " if path else ""
        super().__init__(f"{place}{message}" + (f"\n  fix: {fix}" if fix else ""))
        self.path, self.line, self.fix = path, line, fix


class JournalError(CambrianError):
    """Root of the journal's errors."""


class RunNotFound(JournalError, LookupError):
    """No such run in this workspace."""


class SequenceConflict(JournalError):
    """The expected sequence number is not the next one: somebody else appended first."""


class Fenced(JournalError):
    """The writer's epoch is older than the run's: another process has taken the run over."""


class LeaseHeld(JournalError):
    """Another live process holds the run."""


class EffectConflict(JournalError):
    """An effect's state does not allow the transition asked for."""


class StoreDamaged(JournalError):
    """The store's content does not pass its check. Never read as empty."""


class SandboxError(CambrianError, RuntimeError):
    """Root of the sandbox's errors: the machinery failed, as opposed to the program inside it."""


class IsolationUnavailable(SandboxError):
    """The isolation level asked for cannot be had on this machine."""


class WorkerDied(SandboxError):
    """A jail's process ended unasked."""


class EvaluatorError(CambrianError, RuntimeError):
    """The task's scorer is at fault, not the candidate."""


class ProposalError(CambrianError, RuntimeError):
    """A proposer cannot propose from these parents."""


class CapabilityMissing(CambrianError, RuntimeError):
    """This machine lacks something that `cambrian doctor` looks for.

    Args:
        capability: its id there.
        message: what cannot be done for want of it.
        fix: what to do about it.
    """

    def __init__(self, capability: str, message: str, *, fix: str) -> None:
        super().__init__(f"{message} (capability {capability!r}, see `cambrian doctor`)\n  fix: {fix}")
        self.capability, self.fix = capability, fix


class CodecError(CambrianError, ValueError):
    """A value or a message is outside the closed codec."""
