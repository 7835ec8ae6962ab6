"""What the text of an evaluator gives away, and what it does not."""

from __future__ import annotations

import pytest

from cambrian.search.audit.hints import Hints, read_hints

TEXTS = {
    "pairing": (
        "T = [1, 2]\ndef score(a):\n    return sum(x - y for x, y in zip(a, T))\n",
        "T = [1, 2]\ndef score(a):\n    assert len(a) == 2\n    return sum(x - y for x, y in zip(a, T))\n",
    ),
    "swallowing": (
        "def score(a):\n    try:\n        return f(a)\n    except Exception:\n        pass\n",
        "def score(a):\n    try:\n        return f(a)\n    except Exception as e:\n        raise ValueError from e\n",
    ),
    "executing": ("def score(a):\n    return eval(a)\n", "import json\ndef score(a):\n    return json.loads(a)\n"),
    "random": (
        "import random\ndef score(a):\n    return random.random()\n",
        "import random\ndef score(a):\n    return random.Random(1).random()\n",
    ),
    "state": (
        "SEEN = []\ndef score(a):\n    SEEN.append(a)\n    return len(SEEN)\n",
        "BEST = [1]\ndef score(a):\n    seen = []\n    seen.append(a)\n    return BEST[0]\n",
    ),
    "divisor": (
        "def score(a):\n    norm = sum(a)\n    return 1 / norm\n",
        "N = 3\ndef score(a):\n    return sum(a) / N\n",
    ),
    "averaging": (
        "def score(a):\n    return sum(a) / len(a)\n",
        "def score(a):\n    if not 1 <= len(a) <= 9: raise ValueError\n    return sum(a) / len(a)\n",
    ),
    "indexing": ("V = [1, 2]\ndef score(a):\n    return sum(V[i] for i in a)\n", "def score(a):\n    return a[0]\n"),
}


@pytest.mark.parametrize("field", TEXTS)
def test_a_hint_is_read_and_its_absence_too(field: str) -> None:
    with_it, without = TEXTS[field]
    assert getattr(read_hints(with_it), field) > 0
    assert getattr(read_hints(without), field) == 0


def test_what_does_not_parse_gives_no_hint() -> None:
    assert read_hints("def score(a:\n") == Hints()
