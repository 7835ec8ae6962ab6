"""Whether two values or two behaviours are the same under a `Policy`; in this process, and in a jail for an enemy's."""

from __future__ import annotations

from .inside import comparison as inside
from .inside.comparison import Difference
from .policy import Policy

__all__ = ["Difference", "compare"]

_STRICT = Policy()


def compare(
    expected: object, got: object, policy: Policy = _STRICT, *, name: str = "answer", limit: int = inside.LIMIT
) -> Difference | None:
    """The first difference between two values of this process; `None` if they are the same.

    No code of the values' classes runs, but the values must have come here by a way that is safe: whoever unpickles an
    enemy's bytes has lost already. Cyclic values, hostile ``__eq__`` and a nesting of a million levels are all right.

    Args:
        expected: the value as it should be.
        got: the value to be judged.
        policy: what counts as the same; strict by default.
        name: what a difference calls the whole value.
        limit: pairs of parts to look at; beyond it the difference says ``compared=False``.
    """
    return inside.compare(expected, got, policy.rules, name=name, limit=limit)
