"""`Explained` as lines for people. Says what was measured; "because" only where somebody ran it without."""

from __future__ import annotations

from collections.abc import Iterator

from cambrian.app.display.frame import number
from cambrian.app.display.terminal import clean, one_line
from cambrian.app.display.width import columns, wrapped
from cambrian.app.results_study import Explained, ExplainedHunk, ExplainedStep

__all__ = ["told"]

_STEPS, _HUNKS, _LINES, _LINE = 40, 12, 12, 140
_KINDS = {
    "numbers": "numbers and texts changed",
    "names": "names changed",
    "operators": "operators changed",
    "added": "lines added",
    "removed": "lines removed",
    "moved": "lines moved",
    "layout": "layout only",
    "rewritten": "rewritten",
    "nothing": "nothing changed",
}


def told(it: Explained, width: int | None = None) -> str:
    """The whole explanation.

    Args:
        it: what is told.
        width: columns of the terminal; `None` for as many as it takes.
    """
    sections = [_head(it), _descent(it), _hunks(it, width), _edits(it), _failures(it)]
    return wrapped("\n\n".join("\n".join(lines) for lines in map(list, sections) if lines), width)


def _head(it: Explained) -> Iterator[str]:
    yield f"{clean(it.task)}, run {it.run}"
    yield it.verdict
    yield from (f"  {sentence}" for sentence in it.evidence)


def _descent(it: Explained) -> Iterator[str]:
    if len(it.steps) < 2:
        return
    improving = sum(1 for step in it.steps if step.gain and step.gain > 0)
    yield f"How it came about: {len(it.steps) - 1} step(s), {improving} of them better than the one before"
    shown = it.steps if len(it.steps) <= _STEPS else (it.steps[0], *it.steps[-_STEPS:])
    rows = [_step(step) for step in shown]
    yield from (f"  {line}" for line in columns(rows).splitlines())
    if len(shown) < len(it.steps):
        yield f"  {len(it.steps) - len(shown)} earlier steps are not shown; --json has them"
    worse = [step for step in it.steps if step.gain is not None and step.gain < 0]
    if worse:
        yield f"  {len(worse)} step(s) on the way scored worse than their parent; what came of them did not"
    single = sum(1 for step in it.steps if step.measured == 1)
    yield f"  Gains are differences of what was measured; {single} of {len(it.steps)} values rest on one run each."


def _step(step: ExplainedStep) -> tuple[str, ...]:
    gain = "" if step.gain is None else f"{step.gain:+.6g}"
    also = f" (also from {', '.join(f'#{item}' for item in step.also_from)})" if step.also_from else ""
    kind = _KINDS[step.kind] if step.gain is not None else ""
    return f"#{step.evaluation}", number(step.value), gain, step.proposer, kind, one_line(step.why, 90) + also


def _hunks(it: Explained, width: int | None) -> Iterator[str]:
    if not it.hunks:
        return
    tried = [hunk for hunk in it.hunks if hunk.loss is not None or hunk.fails]
    yield f"What differs from the first program: {len(it.hunks)} place(s)"
    if not tried:
        yield "  Nobody ran the winner without single edits, so which of them matter is not known. Known are the steps"
        yield "  at which the lines last came or went, and what each such step gained with all else that it changed."
    for hunk in it.hunks[:_HUNKS]:
        yield from _hunk(hunk, width)
    if len(it.hunks) > _HUNKS:
        yield f"  … {len(it.hunks) - _HUNKS} more; all of it: cambrian runs diff {it.run}"


def _hunk(hunk: ExplainedHunk, width: int | None) -> Iterator[str]:
    steps = zip(hunk.steps, hunk.gains, strict=True)
    made = ", ".join(f"#{index}" + (f" ({gain:+.6g})" if gain is not None else "") for index, gain in steps)
    worth = ""
    if hunk.loss is not None:
        word = "matters" if hunk.loss > 0 else "does not matter"
        worth += f"; without it {0.0 - hunk.loss:+.6g} in {hunk.samples} run(s): it {word}"
    elif hunk.fails:
        worth = f"; without it the program fails ({clean(hunk.fails)}): it matters"
    yield f"  {clean(hunk.path)} line {hunk.line}, from {made or 'no step of its own'}{worth}"
    lines = [*(f"- {line}" for line in hunk.removed), *(f"+ {line}" for line in hunk.added)]
    room = _LINE if width is None else max(8, width - 4)  # lines of programs are cut: a broken one would be another
    yield from (f"    {one_line(line, room) or line[:1]}" for line in lines[:_LINES])
    if len(lines) > _LINES:
        yield f"    … {len(lines) - _LINES} more lines"


def _edits(it: Explained) -> Iterator[str]:
    if not it.edits:
        return
    yield f"Kinds of edits, of {it.edits_of} scored candidates that have a parent"
    rows = [("  proposer", "edit", "scored", "beat the parent", "gain in sum")]
    rows += [
        (f"  {edit.proposer}", _KINDS[edit.kind], str(edit.tried), str(edit.helped), f"{edit.gain:.6g}")
        for edit in it.edits[:_LINES]
    ]
    yield from columns(rows).splitlines()
    back = it.reintroduced
    if back.added:
        share = f"{back.returned} ({back.returned / back.added:.0%})"
        yield f"  Of {back.added} lines added on the way to bests, {share} had been there before and had been removed."


def _failures(it: Explained) -> Iterator[str]:
    if not it.failures:
        return
    yield "What did not work"
    rows = [(f"  {item.count}×", item.status, one_line(item.words, 110)) for item in it.failures]
    yield from columns(rows).splitlines()
