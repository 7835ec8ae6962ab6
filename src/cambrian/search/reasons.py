"""Why evaluations failed, told so that like cases count together. Words of enemies and scorers; nothing is believed."""

from __future__ import annotations

import re

_LENGTH = 200
_DIGITS = re.compile(r"\d+(\.\d+)?(e[+-]?\d+)?")
_QUOTED = re.compile(r"(?<!name )(?<!named )(?<!module )(?<!attribute )(?<!variable )('[^']*'|\"[^\"]*\")")
INPUT = " (input "
"""What a scorer's process puts before the input that an answer was wrong for."""


def reason(feedback: str, detail: str) -> str:
    """The last line of what was said, without what differs by case: the input, numbers (``#``), texts (``…``).

    Names that an interpreter misses stay: they are the reason.

    >>> reason("answer[3] is 'b', expected 'a' (input 2: ('xyz',))", "rejected")
    'answer[#] is …, expected …'
    """
    said = feedback.strip().rpartition("\n")[2].strip().partition(INPUT)[0] or detail
    return _DIGITS.sub("#", _QUOTED.sub("…", said))[:_LENGTH]
