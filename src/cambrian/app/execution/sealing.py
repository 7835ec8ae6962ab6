"""App, execution: seals of snapshots. A snapshot is loaded by an engine, so none that somebody else made may be."""

from __future__ import annotations

from cambrian.app.signing import Signer
from cambrian.core.errors import StoreDamaged
from cambrian.core.ids import digest
from cambrian.sandbox.scripts.facts import Checkpointed

__all__ = ["Sealer"]


class Sealer:
    """Signs snapshots, and tells its own from others.

    Args:
        signer: with the key, which is kept outside the workspace.
    """

    def __init__(self, signer: Signer) -> None:
        self._signer = signer

    def __call__(self, snapshot: bytes, code: str, checkpoint: Checkpointed) -> str:
        """See `sandbox.scripts.moments.Seal`."""
        return self._signer.seal(*_said(snapshot, code, checkpoint))

    def check(self, snapshot: bytes, code: str, checkpoint: Checkpointed) -> None:
        """Refuse a snapshot that was not sealed by this user for this run, code, runtime and version.

        Raises:
            StoreDamaged: it was not.
        """
        if not self._signer.is_sealed(checkpoint.seal, *_said(snapshot, code, checkpoint)):
            raise StoreDamaged(
                f"the snapshot of run {checkpoint.run!r} at call {checkpoint.call} has no valid seal: it was changed, "
                "or made by another user or for other code; it is not loaded"
            )


def _said(snapshot: bytes, code: str, made: Checkpointed) -> tuple[object, ...]:
    return ("snapshot", made.run, made.call, made.runtime, made.version, digest(snapshot), digest(code.encode()))
