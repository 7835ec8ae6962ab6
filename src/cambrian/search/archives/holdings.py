"""Who is held, and by how many: so that several archives over the same variants can say who has really left."""

from __future__ import annotations

from collections.abc import Iterable, KeysView

from cambrian.core.ids import VariantId


class Holdings:
    """Counts of holders by variant; a variant leaves with its last holder."""

    def __init__(self) -> None:
        self._holders: dict[VariantId, int] = {}
        self._touched: dict[VariantId, None] = {}  # in order

    @property
    def held(self) -> KeysView[VariantId]:
        """Everything that has a holder."""
        return self._holders.keys()

    def hold(self, variant: VariantId) -> None:
        """One holder more."""
        self._holders[variant] = self._holders.get(variant, 0) + 1

    def release(self, variants: Iterable[VariantId]) -> None:
        """One holder less, for each."""
        for variant in variants:
            self._holders[variant] -= 1
            self._touched[variant] = None

    def left(self) -> tuple[VariantId, ...]:
        """Who has lost the last holder since the last call."""
        gone = [variant for variant in self._touched if not self._holders[variant]]
        self._touched.clear()
        for variant in gone:
            del self._holders[variant]
        return tuple(gone)
