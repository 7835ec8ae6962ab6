"""MAP-Elites over a regular grid."""

from __future__ import annotations

from .cells import Cells
from .scale import Scale


class Grid(Cells):
    """Cells of equal size: each dimension is cut into `bins` parts. Only filled cells take room.

    Args:
        scale: the dimensions' bounds.
        bins: parts of each dimension.
    """

    def __init__(self, scale: Scale, *, bins: int) -> None:
        super().__init__(scale)
        self._bins = bins

    def locate(self, point: tuple[float, ...]) -> int:
        """See `Cells`: the digits of the number in base `bins` are the parts, first dimension first."""
        cell = 0
        for value in point:
            cell = cell * self._bins + min(self._bins - 1, int(value * self._bins))
        return cell
