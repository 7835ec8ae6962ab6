"""What `improve` found, in words for people. No I/O."""

from __future__ import annotations

from collections.abc import Iterator

from cambrian.verify.cascade import Proof, Stage

from .improving import Improvement
from .listing import Candidate

__all__ = ["as_row", "tell"]


def tell(found: Improvement) -> Iterator[str]:
    """Lines about one function."""
    if found.verdict == "improved" and found.proof is not None:
        yield f"{found.place}: {_gain(found.proof)}"
    else:
        yield f"{found.place}: {'not improved' if found.changes else 'nothing found'}: {found.reason}"
    for change in found.changes:
        yield f"  line {change.line}: {change.what} ({change.rule})"
    if found.verdict == "improved" and found.proof is not None:
        yield from (f"  {line}" for line in _grounds(found, found.proof))
    for each in found.refused:
        if not each.endswith(found.reason):
            yield f"  refused: {each}"


def _gain(proof: Proof) -> str:
    """What was asked for; of less memory, what it does to the time, too."""
    if proof.saved is None:
        return _speed(proof)
    pace = proof.speedup.estimate if proof.speedup is not None else None
    told = "" if pace is None else f"; {1 / pace:.2g} × the time"
    return f"{proof.saved.detail}{told}"


def _speed(proof: Proof) -> str:
    speedup = proof.speedup
    if speedup is None or speedup.estimate is None:
        return "speed not measured"
    interval = "" if speedup.lower is None or speedup.upper is None else f" [{speedup.lower:.3g}, {speedup.upper:.3g}]"
    alpha = f", α = {speedup.alpha:g}" if speedup.alpha is not None else ""
    return f"{speedup.estimate:.3g} × as fast{interval} ({speedup.n} pairs{alpha})"


def _grounds(found: Improvement, proof: Proof) -> Iterator[str]:
    same = proof.same
    if same is not None:
        yield f"same: {_same_words(found)}{same}"
    yield from (f"not proved: {stage.detail}" for stage in proof.stages if stage.name == "paths" and not _proved(stage))
    for assumed in dict.fromkeys(assumed for change in found.changes for assumed in change.assumes):
        yield f"assumes: {assumed}"
    if proof.weak:
        yield f"weak: {proof.weak}; look at the change before you apply it, or give more inputs or tests"
    elif proof.oracle is not None:
        yield str(proof.oracle)
    yield f"timed on {found.timed}; inputs: {found.inputs}"


def _proved(stage: Stage) -> bool:
    return stage.evidence is not None and stage.evidence.kind == "proved"


def _same_words(found: Improvement) -> str:
    return "by rule, and " if found.ground == "same" else ""


def as_row(each: Candidate) -> tuple[str, ...]:
    """A line of `--list`."""
    share = "" if each.share is None else f"{100 * each.share:.0f} %"
    return (each.place, f"{each.gain:.3g} ×", share, ", ".join(each.rules), each.why)
