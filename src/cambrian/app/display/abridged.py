r"""Lines of programs made short for people: long literals are told by their beginning and their length. Text only.

>>> abridge("x = b'" + "\\x00" * 500 + "'")
"x = b'\\x00\\x00\\x00\\x00\\x00\\x00…'(2,000 characters)"
>>> abridge("y = [" + ", ".join(str(n) for n in range(100)) + "]")
'y = [0, 1, 2, …(97 more)]'
"""

from __future__ import annotations

import re

_LONG = 72
"""Characters between the quotes from which a literal counts as long."""
_SHOWN = 24
_KEPT_NUMBERS = 3

_TEXT = re.compile(
    rf"(?P<open>'|\")(?P<body>(?:\\.|(?!(?P=open))[^\\\n]){{{_LONG},}}+)(?P<close>(?P=open)|$)",
)
_NUMBER = r"[-+]?+(?:0[xX][0-9a-fA-F]++|(?:\d++\.?+\d*+|\.\d++)(?:[eE][-+]?\d++)?+)"  # possessive: no backtracking
_NUMBERS = re.compile(rf"(?<![\w.]){_NUMBER}(?:\s*,\s*{_NUMBER}){{11,}}+")
_ESCAPE = re.compile(r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{[^}]*\}|[0-7]{1,3}|.)|[^\\]")


def abridge(line: str) -> str:
    """The line with long texts, bytes and rows of numbers cut; others as they are."""
    return _NUMBERS.sub(_few, _TEXT.sub(_beginning, line))


def _beginning(match: re.Match[str]) -> str:
    body, shown = match["body"], ""
    for piece in _ESCAPE.finditer(body):  # an escape is not cut through
        if len(shown) + len(piece[0]) > _SHOWN:
            break
        shown += piece[0]
    return f"{match['open']}{shown}…{match['close']}({len(body):,} characters)"


def _few(match: re.Match[str]) -> str:
    numbers = re.split(r"\s*,\s*", match[0])
    return f"{', '.join(numbers[:_KEPT_NUMBERS])}, …({len(numbers) - _KEPT_NUMBERS:,} more)"
