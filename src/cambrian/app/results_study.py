"""What is told about runs at length: the records behind ``runs report``, ``runs compare``, ``runs explain``, ``sweep``.

As in `results`: a record gains members, it does not lose or rename them.
"""

from __future__ import annotations

import msgspec

from cambrian.core.ids import RunId


class Reported(msgspec.Struct, frozen=True, kw_only=True):
    """What ``cambrian runs report --json`` wrote.

    Args:
        run: the run.
        path: the file.
        size: bytes.
        evaluations: of the run, finished.
        drawn: evaluations in the page, those in flight included.
        variants: variants whose text is in the page.
        left_out: sentences about what is not in it.
    """

    run: RunId
    path: str
    size: int
    evaluations: int
    drawn: int
    variants: int
    left_out: tuple[str, ...] = ()
