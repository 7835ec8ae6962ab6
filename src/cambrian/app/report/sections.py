"""The parts of a report that need no script: headline, descent, proposers, failures, timeline, about."""

from __future__ import annotations

from collections.abc import Iterator

from cambrian.app.display.frame import change, number
from cambrian.app.results import Outcome, timestamp
from cambrian.core.quantity import format_seconds
from cambrian.version import VERSION

from .content import Content, Failure, Share, Step
from .markup import Markup, element, items, join, table, text
from .verdict import evidence_of, verdict_of

__all__ = ["about", "archive", "descent", "failures", "headline", "proposers", "timeline"]


def headline(content: Content) -> Markup:
    """Score before and after, verdict, evidence, cost."""
    outcome = content.outcome
    verdict = verdict_of(outcome)
    cards = [
        _card("Score", *_scores(outcome), element("p", text(verdict))),
        _card("Evidence", items(evidence_of(outcome, content.confirmed))),
        _card("Cost", items(_cost(outcome))),
    ]
    return join(
        [
            element("h1", text(outcome.task)),
            element("p", text(f"Run {outcome.run}, {outcome.status}, begun {outcome.created}"), class_="dim"),
            element("div", *cards, class_="cards"),
        ]
    )


def _card(title: str, *children: Markup) -> Markup:
    return element("div", element("h3", text(title)), *children, class_="card")


def _scores(outcome: Outcome) -> Iterator[Markup]:
    initial, best = outcome.initial, outcome.best
    if initial is None or best is None:
        yield element("p", text("nothing was scored"), class_="score")
        return
    for name, direction in outcome.objectives.items():
        before, after = initial.objectives.get(name), best.objectives.get(name)
        if before is None or after is None:
            continue
        yield element("p", text(f"{number(before)} → {number(after)}"), class_="score")
        yield element("p", text(f"{name} ({direction}) {change(before, after)}".rstrip()), class_="dim")


def _cost(outcome: Outcome) -> Iterator[str]:
    yield f"{outcome.evaluations} evaluations, {sum(outcome.failures.values())} of them without a score"
    yield f"{format_seconds(outcome.cost.cpu_s)} CPU of candidates and scorers"
    yield f"{format_seconds(outcome.wall_s)} of engine time, {outcome.jobs} at a time"
    yield f"${outcome.cost.usd:.2f}"
    yield f"{outcome.filtered} candidates turned down before running"


def descent(content: Content) -> Markup:
    """The winner's descent by first parents, each step with a button that shows what it changed."""
    if not content.steps:
        return element("p", text("Nothing was scored, so nothing descends from anything."))
    head = ("", "evaluation", "score", "gain", "proposer", "what it did")
    rows = [_descended(step) for step in content.steps]
    told = f"The best descends from the first in {len(rows) - 1} step(s); a gain above zero is better, whichever way."
    return join([element("p", text(told)), table(head, rows, caption="The winner's descent", left=6)])


def _descended(step: Step) -> tuple[Markup, ...]:
    button = Markup("")
    if step.parent is not None:
        told = f"Show what #{step.number} changed"
        button = element(
            "button", text("diff"), type="button", data_from=step.parent, data_to=step.number, aria_label=told
        )
    gain = text("–")
    if step.gain is not None:
        word = "gain" if step.gain > 0 else "loss" if step.gain < 0 else "dim"
        gain = element("span", text(f"{step.gain:+.6g}"), class_=word)
    return (
        button, text(f"#{step.number}"), text(number(step.value)), gain, text(step.proposer), text(step.why),
    )  # fmt: skip


def archive(content: Content) -> Markup:
    """The place of the archive's chart, and of the one of two objectives."""
    parts = [element("div", class_="controls", id="archive-controls")]
    islands = len(set(content.points.niche)) > 1
    if content.cells or islands:
        told = content.lattice.told if content.cells else "The best so far of each island"
        parts.append(element("figure", element("div", id="archive-chart"), element("figcaption", text(told))))
    else:
        told = "One population without features: its elites are the bests above."
        if content.archive == "pareto":
            told = "The archive keeps every variant that no other beats in all objectives"
            told += "; the first two objectives are drawn below." if len(content.objectives) > 1 else "."
        parts.append(element("div", element("p", text(told)), id="archive-chart"))
    if len(content.objectives) > 1:
        names = " and ".join(item.name for item in content.objectives[:2])
        told = f"{names}: each scored variant, and the line of those that no other beats in both"
        parts.append(element("figure", element("div", id="front-chart"), element("figcaption", text(told))))
    return join(parts)


def proposers(content: Content) -> Markup:
    """Who did what, at what cost."""
    head = ("proposer", "evaluations", "new bests", "kept", "failed", "turned down", "CPU", "CPU share")
    whole = sum(share.cpu_s for share in content.shares.values()) or 1.0
    rows = [_share(name, share, share.cpu_s / whole) for name, share in content.shares.items()]
    note = "Turned down: duplicates, programs that cannot compile, edits outside what may change; they cost no run."
    parts = [table(head, rows, caption="Proposers"), element("p", text(note), class_="dim")]
    if content.filtered:
        parts.append(items(f"{who}: {count} {why}" for who, why, count in content.filtered))
    return join(parts)


def _share(name: str, share: Share, part: float) -> tuple[Markup, ...]:
    counts = (share.evaluations, share.bests, share.kept, share.failures, share.filtered)
    return (
        text(name), *(text(str(count)) for count in counts), text(format_seconds(share.cpu_s)), text(f"{part:.0%}")
    )  # fmt: skip


def failures(content: Content) -> Markup:
    """Why evaluations gave no score, the commonest first; numbers in the words stand as ``#``."""
    if not content.failures:
        return element("p", text("Every evaluation gave a score."))
    rows = [_failure(item) for item in content.failures]
    return table(("status", "last words", "first", "how many"), rows, caption="Failures by reason", left=2)


def _failure(item: Failure) -> tuple[Markup, ...]:
    return text(item.status), text(item.words), text(f"#{item.example}"), text(str(item.count))


def timeline(content: Content) -> Markup:
    """Begins, resumes and ends."""
    rows = [
        (
            text(mark.kind), text(mark.detail), text(timestamp(mark.time)), text(format_seconds(mark.elapsed_s)),
            text(str(mark.evaluations)),
        )
        for mark in content.marks
    ]  # fmt: skip
    head = ("what", "", "when", "engine time", "evaluations by then")
    return table(head, rows, caption="Begins, resumes and ends", left=3)


def about(content: Content) -> Markup:
    """Settings, what was left out, how to get the rest."""
    outcome = content.outcome
    level = outcome.level + "".join(f"; not a stronger one: {reason}" for reason in outcome.level_reasons)
    told = [
        f"Seed {outcome.seed}, {outcome.jobs} evaluation(s) at a time, budget {outcome.budget}, jail {level}",
        f"Mode {outcome.mode}; target {number(outcome.target)}",
        f"Made by Cambrian {VERSION}; this page loads nothing and sends nothing",
        "Programs in this page were written by a search: read them, do not run them outside a sandbox",
        *content.left_out,
    ]
    if content.intervals:
        told.append(f"Vertical lines: {content.interval_told}")
    return items(told)
