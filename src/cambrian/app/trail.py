"""What a run has put into its task's folder so far, folded from its journal. Reads events; touches no file.

A promotion is an effect (`journal.kernel`): an intent that names every file, then an outcome. One without an outcome
was *cut off*: nobody knows which of its files were written, but the journal has the texts of all of them.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from cambrian.core.effect import EffectId, EffectState, Intent
from cambrian.core.event import Event
from cambrian.core.ids import Digest, RunId, VariantId
from cambrian.journal.ledger import CONCLUDED, INTENDED, Concluded, Intended
from cambrian.journal.views import Reader
from cambrian.search.facts import PROMOTED, Promoted

PROMOTE = "promote"
"""Kind of the effect."""


class Writing(msgspec.Struct, frozen=True, kw_only=True):
    """What a promotion is about to do; the data of its intent.

    Args:
        variant: which one is written back.
        files: path → digest of the text to write. Journals of earlier versions list the paths only.
        replaced: path → digest of what stands there before.
        removed: path → digest of the text that goes.
    """

    variant: VariantId
    files: dict[str, Digest] | list[str] = {}
    replaced: dict[str, Digest] = {}
    removed: dict[str, Digest] = {}

    @property
    def written(self) -> dict[str, Digest]:
        """Path → digest, as far as they are known."""
        return self.files if isinstance(self.files, dict) else {}

    @property
    def names(self) -> frozenset[str]:
        """Every path that it touches."""
        return frozenset([*self.files, *self.removed])

    def texts(self, name: str) -> set[Digest]:
        """What may stand at a path while it is under way."""
        found = (self.written.get(name), self.replaced.get(name), self.removed.get(name))
        return {digest for digest in found if digest is not None}


class Trail(msgspec.Struct, frozen=True, kw_only=True):
    """What a run has written back.

    Args:
        cut_off: promotions without an outcome, in order.
        added: paths of files that stand in the folder only because the run put them there.
        written: path → digests of every text that the run wrote there.
    """

    cut_off: tuple[Writing, ...] = ()
    added: frozenset[str] = frozenset()
    written: dict[str, frozenset[Digest]] = {}

    def may_stand(self, name: str) -> set[Digest]:
        """Digests of the texts that the run itself may have left at a path."""
        found = {digest for writing in self.cut_off for digest in writing.texts(name)}
        return found | (self.written.get(name, frozenset()) if name in self.added else frozenset())

    def may_be_absent(self, name: str) -> bool:
        """Whether a promotion that was cut off may not have come to a path yet, or may have removed what was there."""
        return any(name in each.names and (name not in each.replaced) for each in self.cut_off)


NO_TRAIL = Trail()
"""Of a run that has written nothing back."""


async def read_trail(reader: Reader, run: RunId) -> Trail:
    """Fold a run's promotions.

    Raises:
        RunNotFound, StoreDamaged: see `Reader.read`.
    """
    fold = _Fold()
    async for event in reader.read(run, types={INTENDED, CONCLUDED, PROMOTED}):
        fold.apply(event)
    return fold.trail()


class _Fold:
    def __init__(self) -> None:
        self._open: dict[EffectId, Writing] = {}
        self._added: set[str] = set()
        self._written: dict[str, set[Digest]] = {}

    def apply(self, event: Event) -> None:
        if event.type == PROMOTED:
            record = msgspec.json.decode(event.data, type=Promoted)
            self._note(record.files, record.replaced)
            self._added -= record.removed.keys()
        elif event.type == INTENDED and b'"promote"' in bytes(event.data):
            intent = msgspec.json.decode(event.data, type=Intended).intent
            if intent.kind == PROMOTE:
                self._open[intent.effect] = writing_of(intent)
        elif event.type == CONCLUDED and self._open:
            outcome = msgspec.json.decode(event.data, type=Concluded)
            writing = self._open.pop(outcome.effect, None)
            if writing is not None and outcome.state is EffectState.SEALED:
                self._note(writing.written, writing.replaced)

    def _note(self, files: Mapping[str, Digest], replaced: Mapping[str, Digest]) -> None:
        for name, digest in files.items():
            self._written.setdefault(name, set()).add(digest)
        self._added |= files.keys() - replaced.keys()

    def trail(self) -> Trail:
        for writing in self._open.values():
            self._note(writing.written, writing.replaced)
        written = {name: frozenset(digests) for name, digests in self._written.items()}
        return Trail(cut_off=tuple(self._open.values()), added=frozenset(self._added), written=written)


def writing_of(intent: Intent) -> Writing:
    """What an intent of a promotion is about."""
    return msgspec.convert(intent.data, Writing)
