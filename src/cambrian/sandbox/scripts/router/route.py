"""Sandbox, scripts, router: the order in which runtimes get a script, and why. Pure; runs nothing.

First what may: the floor of the preset, against each runtime's name and jail, and nothing of the script. Among those,
what can: language and table of capabilities. Among those, what is expected to be quickest, a gap's detour included.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from cambrian.core.errors import SandboxError, UsageError
from cambrian.core.limits import Level
from cambrian.core.script import Language
from cambrian.source.features_script import ScriptFeatures

from .breaker import Breaker
from .cost import CostModel
from .policy import Floor
from .table import Capabilities

__all__ = ["Offer", "Route", "route"]

_NAMED = 3
"""Missing features that a reason names."""


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """A runtime that is here.

    Args:
        name: of the runtime.
        languages: what it runs. TypeScript is also offered to who runs JavaScript, its types erased.
        level: of its jail.
        capabilities: of its engine.
    """

    name: str
    languages: tuple[Language, ...]
    level: Level
    capabilities: Capabilities


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """Which runtimes get a script, one after the other.

    Args:
        order: names: the first gets it, the next one if that comes to a gap, and so on.
        reasons: in words, for each runtime why it stands where it stands or was left out.
    """

    order: tuple[str, ...]
    reasons: tuple[str, ...]


def route(
    features: ScriptFeatures, available: Sequence[Offer], floor: Floor, *, model: CostModel, breaker: Breaker,
    forced: str | None = None,
) -> Route:  # fmt: skip
    """Choose.

    Args:
        features: of the script. They may lie: they choose among what the floor allows, and cannot widen it.
        available: the runtimes that are here.
        floor: of the preset.
        model: of costs.
        breaker: of runtimes whose machinery failed.
        forced: the one runtime that a person asked for. It goes before cost, capabilities and breaker, not before the
            floor.

    Raises:
        UsageError: nothing that is here may run it, or not the forced one; says why of each.
        SandboxError: what may run it rests after failures; says for how long.
    """
    reasons: list[str] = []
    allowed = [offer for offer in available if _may(offer, features.language, floor, reasons)]
    if forced is not None:
        return _forced(forced, features, available, allowed, reasons)
    if not allowed:
        told = "; ".join(reasons) or "no runtime is here"
        raise UsageError(f"no runtime may run this {features.language} script: {told}")
    awake = [offer for offer in allowed if _is_awake(offer, breaker, reasons)]
    if not awake:
        wait = min(breaker.wait(offer.name) for offer in allowed)
        raise SandboxError(f"no runtime is fit to run this script; try again in {wait:.0f} s: {'; '.join(reasons)}")
    able = [offer for offer in awake if _is_able(offer, features, reasons)]
    if not able:
        return _last_resort(awake, features, reasons)
    return _by_cost(able, features, model, reasons)


def _may(offer: Offer, language: Language, floor: Floor, reasons: list[str]) -> bool:
    refusal = "" if _runs(offer, language) else f"it does not run {language}"
    refusal = refusal or floor.refusal(offer.name, offer.level)
    if refusal:
        reasons.append(f"{offer.name}: left out, {refusal}")
    return not refusal


def _runs(offer: Offer, language: Language) -> bool:
    """TypeScript can be made JavaScript (`source.typescript`) for who has only that."""
    return language in offer.languages or (language == "typescript" and "javascript" in offer.languages)


def _is_awake(offer: Offer, breaker: Breaker, reasons: list[str]) -> bool:
    wait = breaker.wait(offer.name)
    if wait > 0:
        reasons.append(f"{offer.name}: left out, its machinery failed repeatedly; it rests for {wait:.0f} s")
    return wait <= 0


def _is_able(offer: Offer, features: ScriptFeatures, reasons: list[str]) -> bool:
    lacking = offer.capabilities.lacks(features.needs)
    unread = bool(features.problem) and features.language not in offer.languages
    if lacking or unread:
        what = f"lacks {_list(lacking)}" if lacking else f"has no {features.language}, and the types cannot be erased"
        reasons.append(f"{offer.name}: left out, it {what}")
    return not lacking and not unread


def _forced(
    forced: str, features: ScriptFeatures, available: Sequence[Offer], allowed: Sequence[Offer], reasons: list[str]
) -> Route:
    chosen = next((offer for offer in allowed if offer.name == forced), None)
    if chosen is None:
        why = next((reason for reason in reasons if reason.startswith(f"{forced}: ")), "")
        names = ", ".join(repr(offer.name) for offer in available) or "none"
        raise UsageError(f"runtime {forced!r} cannot be used: {why or f'it is not here; there are: {names}'}")
    lacking = chosen.capabilities.lacks(features.needs)
    told = f", though it lacks {_list(lacking)}" if lacking else ""
    return Route(order=(forced,), reasons=(f"{forced}: asked for by name{told}",))


def _last_resort(awake: Sequence[Offer], features: ScriptFeatures, reasons: list[str]) -> Route:
    """Nothing here has all it needs: tables may be wrong, or the need never arises; the runtime will say."""
    ranked = sorted(awake, key=lambda offer: len(offer.capabilities.lacks(features.needs)))
    order = tuple(offer.name for offer in ranked)
    return Route(order=order, reasons=(*reasons, f"{order[0]}: tried nevertheless, it lacks the least"))


def _by_cost(able: Sequence[Offer], features: ScriptFeatures, model: CostModel, reasons: list[str]) -> Route:
    plain = {offer.name: model.expected_ms(offer.name, features) for offer in able}
    costs: dict[str, float] = {}
    told: dict[str, str] = {}
    for offer in able:
        unknown = offer.capabilities.unknown(features.needs)
        gap = model.gap_probability(offer.name, unknown, features)
        detour = min((ms for name, ms in plain.items() if name != offer.name), default=0.0)
        costs[offer.name] = plain[offer.name] + gap * detour
        told[offer.name] = f"expected {plain[offer.name]:.3g} ms, and a gap with {gap:.0%}"
        if unknown:
            told[offer.name] += f" (nobody knows whether it has {_list(unknown)})"
    order = tuple(sorted(costs, key=lambda name: (costs[name], name)))
    lines = [f"{name}: {'first' if not place else 'next'}, {told[name]}" for place, name in enumerate(order)]
    if features.problem:
        lines.append(f"the script was not looked at: {features.problem}")
    return Route(order=order, reasons=(*lines, *reasons))


def _list(needs: Sequence[str]) -> str:
    more = len(needs) - _NAMED
    return ", ".join(needs[:_NAMED]) + (f" and {more} more" if more > 0 else "")
