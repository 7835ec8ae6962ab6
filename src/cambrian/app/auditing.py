"""The evaluator doctor for people: from Python (`cambrian.audit`), and its findings as text. The search room probes."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Iterator, Sequence

from cambrian.search.audit import QUICK, THOROUGH, Audit, Finding, audit_task
from cambrian.search.task import Task

from .facade import blocking
from .frameworks.finding import opened_task
from .request import check_request

__all__ = ["audit", "audit_async", "lines_of"]

_WIDTH = 100


async def audit_async(
    task: Task | str | os.PathLike[str],
    evaluator: str | os.PathLike[str] | None = None,
    *,
    framework: str | None = None,
    config: str | os.PathLike[str] | None = None,
    thorough: bool = False,
) -> Audit:
    """Try to satisfy a task's evaluator with wrong answers, in its jail, before a search does.

    >>> found = cambrian.audit("examples/circle_packing")  # doctest: +SKIP
    >>> found.holes  # doctest: +SKIP
    ()

    Args:
        task: a task's folder or a program, or a task; see `cambrian.evolve`.
        evaluator: likewise.
        framework: likewise.
        config: likewise.
        thorough: probe for up to five minutes, instead of 18 seconds.

    Raises:
        TaskError: the task is wrong, or its evaluator cannot be loaded.
        IsolationUnavailable: this machine cannot confine it as it asks.
    """
    check_request(task=task, evaluator=evaluator, framework=framework, config=config)
    chosen = opened_task(task, evaluator, framework=framework, config=config)
    return await audit_task(chosen, seconds=THOROUGH if thorough else QUICK)


audit = blocking(audit_async, "audit")


def lines_of(found: Audit) -> Iterator[str]:
    """The findings as lines of text."""
    counts = f"{_count(found.holes, 'hole')}, {_count(found.risks, 'risk')}, {len(found.contained)} contained"
    yield f"evaluator doctor: {counts} ({found.probes} probes)"
    for item in (*found.holes, *found.risks):
        yield f"{item.grade.upper()}: {item.name}{f' ({found.evaluator}:{item.line})' if item.line else ''}"
        more = f" (and {item.more} more like it)" if item.more else ""
        yield from _wrapped("tried: ", item.tried + more)
        yield from _wrapped("found: ", item.result)
        yield from _wrapped("fix:   ", item.fix)
    for item in found.contained:
        yield f"contained: {item.tried}: {item.result}"
    for name in found.unfinished:
        yield f"not finished: {name} (more time: --thorough)" if ":" not in name else f"not tried: {name}"


def _count(items: Sequence[Finding], word: str) -> str:
    return f"{len(items)} {word}{'' if len(items) == 1 else 's'}"


def _wrapped(head: str, text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=f"  {head}", subsequent_indent=" " * (2 + len(head)))
