"""App: what `improve` is asked for: less time or less memory, and the rules that state that they bring it."""

from __future__ import annotations

from typing import Literal

from cambrian.core.errors import UsageError
from cambrian.improvement.proposing import Find
from cambrian.improvement.script_functions import is_script
from cambrian.improvement.targets import Words
from cambrian.verify.cascade import Cascade
from cambrian.verify.sparing import Sparing

__all__ = ["CASCADES", "Goal", "check_goal", "find_memory", "find_speed", "rules_for"]

Goal = Literal["time", "memory"]
CASCADES: dict[Goal, type[Cascade]] = {"time": Cascade, "memory": Sparing}
"""Goal → how candidates are judged."""
_MAKE_WAY = ("appended-loop",)
"""Speed rules whose outcome other rules make lean: a list that a comprehension makes can become a generator."""


def find_speed() -> Find:
    """The speed rules for Python, looking through a file."""
    from cambrian.source.rules.catalogue import find, rules

    chosen = rules("speed", "python")
    return lambda text, path: find(text, path, chosen)


def find_memory() -> Find:
    """The rules for Python that state that they spare memory, and what makes way for them, looking through a file."""
    from cambrian.source.rules.catalogue import find, rules

    speed = (rule for rule in rules("speed", "python") if "memory" in rule.tags or rule.id in _MAKE_WAY)
    chosen = (*rules("memory", "python"), *speed)
    return lambda text, path: find(text, path, chosen)


def rules_for(goal: Goal) -> Find:
    """What looks through files for a goal."""
    return find_memory() if goal == "memory" else find_speed()


def check_goal(goal: Goal, words: Words) -> None:
    """Refuse what a goal cannot be asked of.

    Raises:
        UsageError: memory, of a script in JavaScript or TypeScript.
    """
    if goal not in CASCADES:
        raise UsageError(f"goal is {goal!r}; it is one of {', '.join(CASCADES)}")
    if goal == "memory" and is_script(words.path):
        raise UsageError(f"goal is 'memory', which is only measured of Python; {str(words.path)!r} is something else")
