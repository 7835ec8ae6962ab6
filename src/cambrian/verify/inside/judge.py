"""Runs in a judge's jail: compares what two programs did, both of which may be enemies. Standard library and codec."""

from __future__ import annotations

from .behaviour import Unfit, behaviour_difference, read_behaviour

__all__ = ["handle"]


def handle(
    expected: list[tuple[bool, bytes]], got: list[tuple[bool, bytes]], policy: dict[str, object], captured: bool
) -> list[tuple[str, str]]:
    """A verdict for each pair: ("same", ""), ("different", how), or ("unfit", why): the reference cannot be told."""
    return [_verdict(one, other, policy, captured) for one, other in zip(expected, got, strict=True)]


def _verdict(
    expected: tuple[bool, bytes], got: tuple[bool, bytes], policy: dict[str, object], captured: bool
) -> tuple[str, str]:
    try:
        wanted = read_behaviour(*expected, captured=captured)
    except (ValueError, OverflowError) as error:
        return "unfit", f"what the original did cannot be read: {error}"
    try:
        found = behaviour_difference(wanted, read_behaviour(*got, captured=captured), policy)
    except Unfit as error:
        return "unfit", str(error)
    except (ValueError, OverflowError) as error:
        return "different", f"what it did cannot be read: {error}"
    return ("same", "") if found is None else ("different", found)
