"""Checks before running: what can be known to be wrong or known already costs no evaluation. Pure text, no I/O."""

from __future__ import annotations

from collections.abc import Mapping

from cambrian.core.ids import Digest
from cambrian.core.variant import Variant
from cambrian.source import blocks, names, normalise, syntax


class Filters:
    """Turns candidates down before they run, and knows what has been seen.

    Args:
        initial: the task's own program; its EVOLVE-BLOCK markers hold.
        reserved: names that no file which a candidate adds may have, such as the scorer's.
    """

    def __init__(self, initial: Variant, reserved: frozenset[str]) -> None:
        self._before = dict(initial.files)
        self._language = initial.language
        self._reserved = reserved
        self._seen: set[Digest] = set()

    def canonical(self, files: Mapping[str, str]) -> Digest:
        """Digest by which duplicates are known."""
        return normalise.canonical(files, self._language)

    def remember(self, canonical: Digest) -> None:
        """This program goes to evaluation, or went."""
        self._seen.add(canonical)

    def reject(self, files: Mapping[str, str], canonical: Digest) -> str | None:
        """Why a candidate need not run, the cheapest reason first; `None` if it must.

        Args:
            files: the candidate.
            canonical: its digest by `canonical`.

        Returns:
            ``"duplicate"``, ``"frozen"``, ``"syntax"``, ``"names"`` or `None`.
        """
        return "duplicate" if canonical in self._seen else self.unfit(files)

    def unfit(self, files: Mapping[str, str]) -> str | None:
        """Why a program cannot run or may not be; `None` if it can: as `reject`, whatever was seen before."""
        if self._frozen(files):
            return "frozen"
        if not syntax.compiles(files, self._language):
            return "syntax"
        return "names" if names.undefined(files, self._language) else None

    def _frozen(self, files: Mapping[str, str]) -> bool:
        """Whether it touches what may not change. It may bring further modules along, as optimiser templates do."""
        added = files.keys() - self._before.keys()
        return bool(added & self._reserved) or blocks.frozen_difference(self._before, files) is not None
