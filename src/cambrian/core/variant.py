"""`Variant`: an immutable, content-addressed implementation."""

from __future__ import annotations

import msgspec

from .ids import VariantId, digest


class Origin(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where a variant came from.

    Args:
        proposer: registered name of the proposer, ``"initial"`` for the task's own program.
        why: one line for people: the edit made, the template used.
        cost: nominal cost in deterministic units (1.0 = one ordinary evaluation); what the bandit counts.
        detail: proposer's own data, needed to tell it the outcome; JSON values only.
    """

    proposer: str
    why: str = ""
    cost: float = 1.0
    detail: dict[str, object] = {}


class Variant(msgspec.Struct, frozen=True, kw_only=True):
    """An implementation: what it consists of, who its parents are, and who made it.

    Args:
        files: relative POSIX path → text. Every file of the program, unchanged ones included.
        entry: ``"file.py:function"``.
        parents: ids of the variants it was made from.
        origin: who made it and why.
        language: a language's lower-case name.
    """

    files: dict[str, str]
    entry: str
    parents: tuple[VariantId, ...] = ()
    origin: Origin
    language: str = "python"

    @property
    def id(self) -> VariantId:
        """Content address: language, entry point and files, not lineage."""
        content = msgspec.json.encode([self.language, self.entry, sorted(self.files.items())])
        return VariantId(digest(content)[:16])
