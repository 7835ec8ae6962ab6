"""The plain part of YAML that frameworks' configs are written in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cambrian.app.frameworks.config import Config
from cambrian.core.errors import TaskError

SAMPLE = """\
# OpenEvolve configuration
max_iterations: 1_000   # a comment
language: "python: 3"
llm:
  models:
    - name: "a"
      weight: 0.8
    - name: b
      evaluator:
        timeout: 1
  api_base: "http://x/v1"
prompt:
  system_message: |
    You are: an expert.
    evaluator:
      timeout: 99

  num_top: 3
  folded: >
    evaluator: no
  open: "begins here
    evaluator: neither
    ends here"
evaluator:
  timeout: 60
  cascade_evaluation: True
  cascade_thresholds: [0.5,
    0.75]  # two
  memory_limit_mb: null
database:
  feature_dimensions:
    - "complexity"
    - diversity  # remark
  ratios:
  - 1
  - 2.5
"""


def test_what_is_asked_for_is_found_and_what_looks_like_it_is_not() -> None:
    config = Config("c.yaml", SAMPLE)
    assert config.number("max_iterations") == 1000
    assert config.number("evaluator.timeout") == 60
    assert config.flag("evaluator.cascade_evaluation") is True
    assert config.numbers("evaluator.cascade_thresholds") == (0.5, 0.75)
    assert config.number("evaluator.memory_limit_mb") is None
    assert config.words("database.feature_dimensions") == ("complexity", "diversity")
    assert config.numbers("database.ratios") == (1.0, 2.5)
    assert config.number("prompt.num_top") == 3
    assert config.words("language") == ("python: 3",)
    assert "prompt.evaluator.timeout" not in config
    assert config.number("nothing.here") is None


@pytest.mark.parametrize(
    ("text", "kind", "told"),
    [
        ("evaluator:\n  timeout: soon\n", "number", "c.yaml:2: evaluator.timeout is 'soon'"),
        ("evaluator:\n  timeout: -3\n", "number", "above zero"),
        ("evaluator:\n  timeout: 3\n", "flag", "true or false"),
        ("evaluator:\n  timeout: [1, x]\n", "numbers", "a list of numbers"),
    ],
)
def test_a_wrong_value_is_told_with_its_line(text: str, kind: str, told: str) -> None:
    config = Config("c.yaml", text)
    ask = {"number": config.number, "flag": config.flag, "numbers": config.numbers}[kind]
    with pytest.raises(TaskError) as caught:
        ask("evaluator.timeout")
    assert told in str(caught.value)


names = st.text("abcxyz_", min_size=1, max_size=6)
scalars = st.one_of(st.integers(0, 10**6), st.floats(0, 10, allow_nan=False).map(lambda x: round(x, 3)), st.booleans())


@given(st.dictionaries(names, st.one_of(scalars, st.dictionaries(names, scalars, max_size=3)), max_size=5))
def test_plain_documents_are_read_back(document: dict[str, bool | int | float | dict[str, bool | int | float]]) -> None:
    lines: list[str] = []
    wanted: dict[str, bool | int | float] = {}
    for key, value in document.items():
        if isinstance(value, dict):
            lines += [f"{key}:", *(f"    {inner}: {str(item).lower()}" for inner, item in value.items())]
            wanted |= {f"{key}.{inner}": item for inner, item in value.items()}
        else:
            lines.append(f"{key}: {str(value).lower()}")
            wanted[key] = value
    config = Config("c.yaml", "\n".join(lines))
    for key, value in wanted.items():
        if isinstance(value, bool):
            assert config.flag(key) is value
        elif value > 0:
            assert config.number(key) == value


@given(st.text("ab:-[]#|>\"' \n\t{}0.", max_size=80))
def test_no_text_breaks_it(text: str) -> None:
    Config("c.yaml", text)
