"""What a run may spend and what it has spent."""

from __future__ import annotations

import re

import msgspec

from .checks import check_number, check_whole
from .errors import UsageError
from .quantity import seconds

_EVALUATIONS = re.compile(r"(\d+)\s*(?:ev|evals?|evaluations?)")
_MONEY = re.compile(r"(?:\$\s*(\d+(?:\.\d+)?)|(\d+(?:\.\d+)?)\s*(?:usd|\$))", re.IGNORECASE)


class Budget(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Ceilings of a run; ``None`` means no ceiling.

    Args:
        wall: seconds of engine time, over all resumes together.
        evaluations: finished evaluations, failed ones included.
        money: US dollars, reservations of calls in flight included.
    """

    wall: float | None = None
    evaluations: int | None = None
    money: float | None = None

    def __post_init__(self) -> None:
        notation = 'as a text "60s,500ev,2usd"'
        if self.wall is not None:
            check_number("budget.wall", self.wall, example=f"wall=60.0 (seconds), or the budget {notation}")
        if self.evaluations is not None:
            check_whole("budget.evaluations", self.evaluations, example=f"evaluations=500, or the budget {notation}")
        if self.money is not None:
            check_number("budget.money", self.money, example=f"money=2.0 (US dollars), or the budget {notation}")

    @classmethod
    def parse(cls, text: str) -> Budget:
        """Read ``"60s,500ev,2usd"``: any of a duration, an evaluation count and an amount of money.

        >>> Budget.parse("60s,500ev,2usd")
        Budget(wall=60.0, evaluations=500, money=2.0)

        Raises:
            UsageError: a part is none of the three, or one kind is given twice.
        """
        found: dict[str, float | int] = {}
        for part in filter(None, (piece.strip() for piece in text.split(","))):
            name, value = _part(part)
            if name in found:
                raise UsageError(f"budget {text!r} gives two values of {name!r}; keep one")
            found[name] = value
        if not found:
            raise UsageError(f'budget {text!r} is empty; write for example "60s,500ev,2usd"')
        evaluations = found.get("evaluations")
        return cls(
            wall=found.get("wall"),
            evaluations=None if evaluations is None else int(evaluations),
            money=found.get("money"),
        )

    def text(self) -> str:
        """The notation that `parse` reads, for people."""
        parts = [
            f"{self.wall:g}s" if self.wall is not None else "",
            f"{self.evaluations}ev" if self.evaluations is not None else "",
            f"{self.money:g}usd" if self.money is not None else "",
        ]
        return ",".join(filter(None, parts)) or "unlimited"


def _part(part: str) -> tuple[str, float | int]:
    if match := _EVALUATIONS.fullmatch(part):
        return "evaluations", int(match[1])
    if match := _MONEY.fullmatch(part):
        return "money", float(match[1] or match[2])
    try:
        return "wall", seconds(part)
    except UsageError as error:
        raise UsageError(
            f'budget part {part!r} is not understood; write a duration ("60s"), a number of evaluations '
            f'("500ev") or an amount of money ("2usd")'
        ) from error
