"""The closing words of a search: what was found, why it can be trusted, what can be done now. Text for people."""

from __future__ import annotations

from collections.abc import Iterator

from cambrian.app.results import Found, Outcome, Part
from cambrian.core.quantity import format_seconds
from cambrian.source.diff import stat, unified

from .abridged import abridge
from .frame import change, number
from .terminal import clean, one_line, paint, paint_diff
from .width import wrapped

_DIFF_LINES = 40
_DIFF_WIDTH = 160
_REASONS = {
    "target": "the target was reached",
    "evaluations": "the evaluations of the budget are used up",
    "wall": "the time of the budget is used up",
    "money": "the money of the budget is used up",
    "plateau": "nothing better came for as long as the plateau allows",
    "exhausted": "no proposer had anything new",
    "interrupted": "you stopped it",
    "initial_failed": "the task's own program gives no score",
    None: "its process ended without a word",
}


def closing(outcome: Outcome, *, workspace: str, color: bool = False, width: int | None = None) -> str:
    """The closing words.

    Args:
        outcome: the run.
        workspace: the workspace as commands must name it; empty if it is the default one.
        color: whether escape sequences may be used.
        width: columns of the terminal; `None` for as many as it takes.
    """
    before = (wrapped(line, width) for line in (*_head(outcome, color), *_scores(outcome, color)))
    after = (wrapped(line, width) for line in (*_proposers(outcome, color), *_trust(outcome, color)))
    # programs and commands are not broken
    return "\n".join([*before, *_change(outcome, color), *after, *_next(outcome, workspace, color)]) + "\n"


def _section(name: str, color: bool) -> str:
    return "\n" + paint(name, "bold", color=color)


def _head(outcome: Outcome, color: bool) -> Iterator[str]:
    title = paint(clean(outcome.task), "bold", color=color)
    yield (
        f"\n{title}: {outcome.status}, {_REASONS[outcome.stop_reason]}. {outcome.evaluations} evaluations in "
        f"{format_seconds(outcome.wall_s)}, {format_seconds(outcome.cost.cpu_s)} CPU, ${outcome.cost.usd:.2f}."
    )
    if outcome.cached:
        yield (
            f"{outcome.cached} of the evaluations were recalled from earlier searches and cost no CPU "
            "(--set cache=false runs all of them)."
        )


def _scores(outcome: Outcome, color: bool) -> Iterator[str]:
    yield _section("Score", color)
    initial, best = outcome.initial, outcome.best
    if initial is None or best is None:
        yield paint("  nothing was scored", "bad", color=color)
        return
    for name, direction in outcome.objectives.items():
        before, after = initial.objectives.get(name), best.objectives.get(name)
        if before is None or after is None:
            continue
        gained = after > before if direction == "maximize" else after < before
        sure = outcome.confirmation is not None and outcome.confirmation.shown
        after_text = paint(number(after), "good" if gained and sure else "plain", color=color)
        yield f"  {clean(name)} ({direction}): {number(before)} → {after_text}  {change(before, after)}".rstrip()
    if outcome.front_size > 1:
        yield (
            f"  {outcome.front_size} variants that no other beats in all objectives: cambrian runs show {outcome.run}; "
            f"one of them: cambrian runs best {outcome.run} --variant ID"
        )
    yield from _noise(outcome)
    if best.variant == initial.variant:
        yield "  nothing better than the task's own program was found"
    else:
        yield from _confirmed(outcome, color)


def _noise(outcome: Outcome) -> Iterator[str]:
    """That the score varies from run to run, and by how much, if that was found."""
    noise = outcome.noise
    if noise is not None:
        yield (
            f"  NOISY: the score of one program varies from run to run, by {noise.spread:.3g} (standard "
            f"deviation); {noise.programs} programs ran more than once, {noise.runs} runs in all; scores are means"
        )


def _confirmed(outcome: Outcome, color: bool) -> Iterator[str]:
    """Whether the gain is believed: a score that was looked at to choose the winner flatters it."""
    confirmation = outcome.confirmation
    if confirmation is None:
        luck = "; part of the gain may be luck" if outcome.noise else ""
        yield f"  not confirmed on fresh data yet: that is done when a search ends by itself{luck}"
        return
    evidence = confirmation.evidence
    ground = "; ".join(clean(part) for part in (evidence.method, evidence.detail) if part)
    if not confirmation.shown:
        yield paint(f"  not shown to be better: {ground}", "bad", color=color)
        return
    bounds = ""
    if evidence.lower is not None and evidence.upper is not None:
        bounds = f"; median gain {number(evidence.estimate)} [{number(evidence.lower)}, {number(evidence.upper)}]"
        ratio = evidence.unit == "×"
        bounds += (
            "× (ratio)" if ratio else f"{f' {evidence.unit}' if evidence.unit else ''} (difference of the objective)"
        )
    alpha = f", α {evidence.alpha:.2g}" if evidence.alpha is not None else ""
    yield f"  confirmed: {ground}{bounds}{alpha}"


def _change(outcome: Outcome, color: bool) -> Iterator[str]:
    if outcome.initial is None or outcome.best is None or outcome.best.variant == outcome.initial.variant:
        return
    before, after = outcome.initial.files, outcome.best.files
    size = stat(before, after)
    yield _section("Change", color) + f"  {size.files} file(s), +{size.added} −{size.removed} lines"
    new = sorted(after.keys() - before.keys())
    if new:
        yield f"  new: {', '.join(map(clean, new))}"
    same_names = {name: text for name, text in after.items() if name in before}
    cut = "\n".join(_cut(line) for line in unified(before, same_names).splitlines())
    lines = paint_diff(cut, color=color).splitlines()
    yield from (f"  {line}" for line in lines[:_DIFF_LINES])
    if len(lines) > _DIFF_LINES:
        yield f"  … {len(lines) - _DIFF_LINES} more lines; all of it: cambrian runs diff {outcome.run}"


def _cut(line: str) -> str:
    short = abridge(line)
    return short if len(short) <= _DIFF_WIDTH else short[: _DIFF_WIDTH - 1] + "…"


def _proposers(outcome: Outcome, color: bool) -> Iterator[str]:
    if outcome.best is None or not outcome.proposers:
        return
    bests = {name: part.best for name, part in outcome.proposers.items() if part.best and name != "initial"}
    steps = ", ".join(f"{name} {count}" for name, count in sorted(bests.items(), key=lambda item: -item[1]))
    if steps:
        yield _section("Found by", color) + f"  {sum(bests.values())} new best(s): {steps}"
        yield f"  the last by {outcome.best.proposer}: {one_line(outcome.best.why)}"
    else:
        yield _section("Tried", color)
    parts = sorted(outcome.proposers.items(), key=lambda item: (-item[1].best, -item[1].kept, item[0]))
    yield from (f"  {name}: {_part(part)}" for name, part in parts if name != "initial")


def _part(part: Part) -> str:
    told = [f"{part.evaluations} evaluated", f"{part.best} new best", f"{part.kept} kept", f"{part.failures} failed"]
    return ", ".join(told) + (f", {part.filtered} turned down before running" if part.filtered else "")


def _trust(outcome: Outcome, color: bool) -> Iterator[str]:
    if outcome.best is None or outcome.initial is None:
        return
    yield _section("Why it can be trusted", color)
    if outcome.mode == "callable":
        yield "  Time was taken outside the jail, against the task's own program on the same fresh inputs; answers were"
        yield "  compared in a process of their own, and the expected ones never entered the program's jail."
    elif not outcome.split:
        yield f"  NOT SPLIT: the evaluator, written for {outcome.framework}, shares a process with the program, which"
        yield "  can forge its score: read the change before you use it. The jail still holds the machine: no network,"
        yield "  no files but the evaluator's folder, limits on the whole tree."
    else:
        yield "  The program only gave an answer; a scorer in a jail of its own computed the score from it."
        if outcome.same_inputs:
            yield "  The inputs are the same for every variant, so that scores compare; on others it may be less good."
    if outcome.split:
        yield from _again(outcome.best, outcome.initial, outcome.mode)
    yield f"  Everything untrusted ran at jail level {outcome.best.level}." + _weaker(outcome)
    yield from _failures(outcome)
    if outcome.cancelled:
        yield f"  {outcome.cancelled} more were cancelled in flight; they are counted nowhere."
    yield f"  Seed {outcome.seed}; every candidate, its lineage and its outcome are in the journal."


def _failures(outcome: Outcome) -> Iterator[str]:
    """How many evaluations gave no score, and the commonest reasons of each status, each with its count."""
    failed = sum(outcome.failures.values())
    yield f"  {failed} evaluation(s) gave no score and count as none" + (":" if failed else ".")
    for status, count in sorted(outcome.failures.items(), key=lambda item: -item[1]):
        reasons = outcome.commonest.get(status, ())
        if len(reasons) == 1 and reasons[0].count == count:
            yield f"    {count} {status}: {one_line(reasons[0].text)}"
            continue
        yield f"    {count} {status}" + (":" if reasons else "")
        yield from (f"      {reason.count} × {one_line(reason.text)}" for reason in reasons)
        rest = count - sum(reason.count for reason in reasons)
        if reasons and rest:
            yield f"      {rest} × for other reasons"


def _again(best: Found, initial: Found, mode: str) -> Iterator[str]:
    if best.variant == initial.variant:
        return
    if mode == "callable":
        yield "  The best was measured again on other inputs, and the worse figure counts."
    else:
        yield "  The best was scored again by a fresh scorer before it was believed."


def _weaker(outcome: Outcome) -> str:
    return f" Not a stronger one: {'; '.join(outcome.level_reasons)}." if outcome.level_reasons else ""


def _next(outcome: Outcome, workspace: str, color: bool) -> Iterator[str]:
    option = f" --workspace {workspace}" if workspace else ""
    run = outcome.run
    yield _section("Run", color) + f"  {run}, kept in {workspace or '.cambrian'}"
    if outcome.best and outcome.initial and outcome.best.variant != outcome.initial.variant:
        yield f"  write it back:  cambrian runs apply {run}{option}"
        yield f"  see it whole:   cambrian runs diff {run}{option}"
    yield f"  go on:          cambrian runs resume {run}{option} --budget {_larger(outcome)}"


def _larger(outcome: Outcome) -> str:
    """A budget of the same kinds, each twice what is used."""
    return ",".join(_twice(part, outcome) for part in outcome.budget.split(","))


def _twice(part: str, outcome: Outcome) -> str:
    """One ceiling, told by its unit as `Budget.text` writes it."""
    if part.endswith("ev"):
        return f"{max(2, 2 * outcome.evaluations)}ev"
    if part.endswith("usd"):
        return f"{max(0.01, 2 * outcome.cost.usd):.2f}usd"
    return "2min" if part == "unlimited" else f"{max(1.0, 2 * outcome.wall_s):.0f}s"
