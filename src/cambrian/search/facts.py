"""The facts that a search appends to its run's journal. One record per type; every screen is a projection of them.

===================  =====================================================================
type                 record
===================  =====================================================================
``run.created``      `Opened`     the kernel's, with what the run is to be: jail and proposers not known yet
``search.opened``    `Opened`     once, when the jails stand
``search.proposed``  `Proposed`   with the intent of an evaluation
``search.evaluated`` `Evaluated`  with the outcome of an evaluation
``search.revisited`` `Revisited`  an elite of a noisy search was run again
``search.resumed``   `Resumed`    each time that somebody takes the run up again
``search.stopped``   `Stopped`    each time that the search ends in good order
``search.case``      `Case`       an input on which a candidate failed, kept for those to come
``search.tried``     `Tried`      the winner ran without some of its edits when the search ended
``search.dropped``   `Dropped`    what an edit of the winner is worth
``search.minimised`` `Minimised`  the winner without the edits that do not matter, once all that were to be are tried
``search.confirmed`` `Confirmed`  the winner ran again on fresh data when the search ended
``run.promoted``     `Promoted`   the winner was written back to the task's folder
===================  =====================================================================
"""

from __future__ import annotations

from enum import IntEnum
from typing import Literal

import msgspec

from cambrian.core.evaluation import Evaluation, Status
from cambrian.core.event import Event
from cambrian.core.evidence import Evidence
from cambrian.core.ids import Digest, VariantId
from cambrian.core.variant import Origin
from cambrian.version import VERSION

from .task import Task

CREATED = "run.created"
OPENED, PROPOSED, EVALUATED = "search.opened", "search.proposed", "search.evaluated"
RESUMED, STOPPED, PROMOTED = "search.resumed", "search.stopped", "run.promoted"
CASE = "search.case"
TRIED, DROPPED, MINIMISED = "search.tried", "search.dropped", "search.minimised"
CONFIRMED, REVISITED = "search.confirmed", "search.revisited"

StopReason = Literal["target", "evaluations", "wall", "money", "plateau", "exhausted", "interrupted", "initial_failed"]
"""exhausted: nobody had anything new. interrupted: somebody asked for it. initial_failed: nothing to start from."""


class AddStatus(IntEnum):
    """An archive's answer to an insert."""

    NOT_ADDED = 0
    IMPROVED = 1
    """It took the place of a worse elite."""
    NEW = 2
    """It filled a free place."""


class VariantRecord(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A `Variant` with its files as digests of blobs.

    Args:
        id: the variant's content address.
        files: relative path → digest of the text.
        entry: ``"file.py:function"``.
        origin: who made it and why.
        parents: ids of the variants it was made from.
        language: a language's lower-case name.
    """

    id: VariantId
    files: dict[str, Digest]
    entry: str
    origin: Origin
    parents: tuple[VariantId, ...] = ()
    language: str = "python"


class Filtered(msgspec.Struct, frozen=True, kw_only=True):
    """Candidates that were turned down before running, counted.

    Args:
        proposer: who made them.
        reason: ``"duplicate"``, ``"syntax"``, ``"names"``, ``"frozen"``, ``"long"``, ``"tabu"``, ``"near"`` (see
            `novelty.Novelty`) or ``"nothing"`` (no proposal possible).
        count: how many.
    """

    proposer: str
    reason: str
    count: int


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """A search begins.

    Args:
        task: the whole task, the program's own text included.
        seed: of all its randomness.
        jobs: evaluations at a time.
        level: name of the jail level in use.
        level_reasons: why it is not a stronger one.
        proposers: names of the proposers that take part.
        version: of Cambrian.
        surroundings: digest of the blob with the `Surroundings` of the scorer; `None`: not known, so not checked later.
    """

    task: Task
    seed: int
    jobs: int
    level: str = ""
    level_reasons: tuple[str, ...] = ()
    proposers: tuple[str, ...] = ()
    version: str = VERSION
    surroundings: Digest | None = None


class Proposed(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A candidate goes to evaluation.

    Args:
        index: number of the evaluation, from 0 (the initial program).
        attempt: number of the attempt to propose that gave it; seeds its randomness.
        niche: where in the archive its outcome goes.
        variant: the candidate.
        canonical: digest of its normalised program, by which duplicates are known.
        parent_rank: gains of its best parent, which it has to beat to count as a success.
        filtered: what was turned down since the last `Proposed`.
        added: different lines that it adds to its parents, blank ones left out.
        returned: how many of these its lineage had before and had lost.
    """

    index: int
    attempt: int
    niche: int
    variant: VariantRecord
    canonical: Digest
    parent_rank: tuple[float, ...] = ()
    filtered: tuple[Filtered, ...] = ()
    added: int = 0
    returned: int = 0


class Evaluated(msgspec.Struct, frozen=True, kw_only=True):
    """An evaluation is finished.

    Args:
        index: its number.
        evaluation: what it gave.
        added: the archive's answer.
        best: it is the best so far.
        elapsed_s: seconds of engine time so far, over all resumes.
        features: where it lies along the dimensions of the strategy's map (``strategy.grid.dimensions``); empty if
            the strategy has none, or if one of them is not known.
        cached: nothing ran: an earlier search of the workspace had evaluated this program.
    """

    index: int
    evaluation: Evaluation
    added: AddStatus
    best: bool
    elapsed_s: float
    features: tuple[float, ...] = ()
    cached: bool = False


class Revisited(msgspec.Struct, frozen=True, kw_only=True):
    """An elite whose score varies from run to run was run again.

    Args:
        evaluation: what all its runs together give, or how the new ones failed: then it counts as it did before.
        cpu_s: CPU seconds of the new runs, scorers included.
        leader: who leads now, if that is another one than before.
        elapsed_s: seconds of engine time so far, over all resumes.
    """

    evaluation: Evaluation
    cpu_s: float
    leader: Leader | None = None
    elapsed_s: float


class Leader(msgspec.Struct, frozen=True, kw_only=True):
    """A variant that leads because another one fell back: the number of its evaluation, that, and its record."""

    index: int
    evaluation: Evaluation
    variant: VariantRecord


class Resumed(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody takes the run up again, perhaps with another budget."""

    task: Task
    jobs: int
    level: str
    elapsed_s: float


class Stopped(msgspec.Struct, frozen=True, kw_only=True):
    """The search ended in good order.

    Args:
        reason: what ended it.
        elapsed_s: seconds of engine time so far, over all resumes.
    """

    reason: StopReason
    elapsed_s: float


class Confirmed(msgspec.Struct, frozen=True, kw_only=True):
    """The winner ran again beside the initial program, on data that nothing was chosen by.

    Args:
        variant: the winner.
        evidence: whether it is better, and on what ground.
        initial: the ranking objective of the initial program, pair by pair, as far as it ran.
        winner: that of the winner.
        cpu_s: CPU seconds of these runs, scorers included.
    """

    variant: VariantId
    evidence: Evidence
    initial: tuple[float, ...]
    winner: tuple[float, ...]
    cpu_s: float


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """An input on which a candidate failed; from here on it is asked first.

    Args:
        index: number of the evaluation.
        variant: the candidate.
        status: how it failed.
        said: what was said.
        payload: digest of the input, encoded by the scorer.
        size: its bytes.
    """

    index: int
    variant: VariantId
    status: Status
    said: str
    payload: Digest
    size: int


class Tried(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The winner was run without some of its edits.

    Args:
        variant: the winner.
        trial: id of the program that was run.
        evaluation: what that gave; means, where it ran several times; `None` where nothing was shown.
        gains: of it, in the order of the objectives; empty if it failed.
        against: those of the winner in fresh runs, where the objective varies.
        runs: evaluations that this took.
        why: why it need not run.
        again: it was run once more after it had been chosen.
        cpu_s: CPU seconds of these runs, scorers included.
    """

    variant: VariantId
    trial: VariantId
    evaluation: Evaluation | None
    gains: tuple[float, ...] = ()
    against: tuple[float, ...] = ()
    runs: int = 0
    why: str = ""
    again: bool = False
    cpu_s: float = 0.0


class Dropped(msgspec.Struct, frozen=True, kw_only=True):
    """The winner was run without one of its edits.

    Args:
        variant: the winner.
        path: file of the edit.
        line: 1-based line in the initial program at which it begins (`Hunk.line`).
        loss: how much worse the first objective got; about zero or below: the edit does not matter. `None`: it failed.
        samples: pairs of runs behind it.
        fails: how it failed.
    """

    variant: VariantId
    path: str
    line: int
    loss: float | None
    samples: int = 1
    fails: str = ""


class Minimised(msgspec.Struct, frozen=True, kw_only=True):
    """Which edits of the winner do not matter was tried, as far as the budget went.

    Args:
        parent: the winner.
        edits: places at which it differs from the initial program.
        left_out: how many of these fewer the smaller one has.
        variant: the smaller winner; `None` if nothing could be left out.
        evaluation: what it gave.
        elapsed_s: seconds of engine time so far, over all resumes.
    """

    parent: VariantId
    edits: int
    left_out: int
    variant: VariantRecord | None = None
    evaluation: Evaluation | None = None
    elapsed_s: float


VARIANTS = frozenset({PROPOSED, MINIMISED})
"""Types of the facts that tell of a variant."""


def told_variant(event: Event) -> VariantRecord | None:
    """The variant that an event of one of the types `VARIANTS` tells of, if it does."""
    if event.type == PROPOSED:
        return msgspec.json.decode(event.data, type=Proposed).variant
    return msgspec.json.decode(event.data, type=Minimised).variant if event.type == MINIMISED else None


class Promoted(msgspec.Struct, frozen=True, kw_only=True):
    """A variant was written back to the task's folder, by a person's word.

    Args:
        variant: which one.
        files: path → digest of the text written.
        replaced: path → digest of what stood there before; its text is kept as a blob.
        removed: path → digest of a text that was taken away: the run itself had added that file.
        approver: who asked for it.
        signature: over all of the above with a key that is kept outside the workspace.
    """

    variant: VariantId
    files: dict[str, Digest]
    replaced: dict[str, Digest]
    approver: str
    signature: str
    removed: dict[str, Digest] = {}
