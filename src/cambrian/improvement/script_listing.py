"""Where it would pay in JavaScript and TypeScript: functions at the top of files, ranked as Python's. Text only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from cambrian.core.errors import UsageError
from cambrian.source.decoding import Decoded
from cambrian.source.rules.catalogue import find, rules
from cambrian.source.rules.rule import Rewrite
from cambrian.source.rules.script import CALLBACKS, Script, arguments, called
from cambrian.source.rules.script_nodes import FUNCTIONS, LOOPS, Node
from cambrian.source.script_tops import lines_of, span, tops

from .listing import Candidate, Share, candidate
from .project import Project
from .script_functions import is_script, parsed

__all__ = ["rank_scripts"]


def rank_scripts(
    project: Project, *, below: str = "", tests: bool = False, shares: Share | None = None,
    skip: Callable[[str], None] | None = None,
) -> tuple[Candidate, ...]:  # fmt: skip
    """Functions by what improving them would bring, the best first.

    Args:
        project: whose.
        below: a folder or a file of it.
        tests: look at tests too.
        shares: of the time, by a profile. Without one every function counts alike, and what is in loops counts more.
        skip: is told of each file that cannot be read, and why.
    """
    chosen = rules("speed", "javascript")
    found: list[Candidate] = []
    for file, read in project.texts(below=below, keep=lambda file: is_script(Path(file.path))):
        if file.is_test and not tests:
            continue
        if isinstance(read, Decoded):
            rewrites = [each for each in find(read.text, file.path, chosen) if _counts(each)]
            found += _of_file(file.path, read.text, rewrites, shares) if rewrites else ()
        elif skip is not None:
            skip(str(read))
    return tuple(sorted(found, key=lambda each: (-each.gain, each.place)))


def _counts(rewrite: Rewrite) -> bool:
    return bool(rewrite.splices) and rewrite.ground != "changes" and bool(rewrite.scope)


def _of_file(path: str, text: str, rewrites: list[Rewrite], shares: Share | None) -> Iterator[Candidate]:
    try:
        script = parsed(text, Path(path))
    except UsageError:  # rules found something in it, so it was read
        return
    loops = _loops(script)
    for name, binding in tops(script).items():
        own = [each for each in rewrites if each.scope.partition(".")[0] == name]
        if own:
            lines = lines_of(span(binding))
            inner = [(each.start, each.stop - 1) for each in loops if each.start in lines]
            share = None if shares is None else shares.get(f"{path}:{name}", 0.0)
            yield candidate(f"{path}:{name}", own, inner, share)


def _loops(script: Script) -> list[range]:
    """Lines of loops, and of functions that an array's method calls for each item."""
    calls = (each for each in script.of("call_expression") if _repeats(each))
    return [lines_of(each) for each in (*script.of(*LOOPS), *calls)]


def _repeats(call: Node) -> bool:
    return called(call)[1] in CALLBACKS and any(each.kind in FUNCTIONS for each in arguments(call))
