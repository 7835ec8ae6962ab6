"""The variants worth keeping: ids and ranks, never texts. No I/O; the population keeps what the ids stand for.

Index:
    archive     what every archive is: `Elite`, `Insert`, `Archive`, and how parents are drawn
    topk        the best of all
    cells       one champion per cell: what grid and cvt share
    grid        MAP-Elites over a regular grid
    cvt         MAP-Elites around centroids
    pareto      those that no other beats in every objective
    front       sets of points of which none dominates another
    islands     several of any of these, with migration and new starts
    scale       features → unit cube
    nearest     the nearest of many points
    ranked      members in order of rank
    ordered     a sorted list
    holdings    who is held, and by how many
"""

from __future__ import annotations

from .archive import Archive, Elite, Insert, Rank, draw_different
from .cells import Cells
from .cvt import CVT, spread
from .grid import Grid
from .islands import Islands
from .pareto import Pareto, non_dominated
from .scale import Scale
from .topk import TopK

__all__ = [
    "CVT",
    "Archive",
    "Cells",
    "Elite",
    "Grid",
    "Insert",
    "Islands",
    "Pareto",
    "Rank",
    "Scale",
    "TopK",
    "draw_different",
    "non_dominated",
    "spread",
]
