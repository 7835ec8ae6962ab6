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


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("max_iterations: 3\nevaluator:\n\ttimeout: 5\n", 3, "a tab indents"),
        ("evaluator:\n  timeout 5\nmax_iterations 7\n", 3, "'max_iterations 7' is no `key: value`"),
        ("evaluator:\n    timeout: 5\n  cascade: true\n", 3, "'cascade' is indented like no line above it"),
        ("max_iterations: 3\n  evaluator:\n    timeout: 5\n", 2, "'evaluator' stands below 'max_iterations'"),
        ("evaluator:\n  thresholds: [0.5,\n    0.7\nmax_iterations: 3\n", 2, "a bracket is not closed: '[0.5,"),
        ('name: "mine\nmax_iterations: 3\n', 1, "a quote is not closed"),
        ("evaluator: timeout: 5\n", 1, "two keys stand on one line"),
        ("- evaluator\n", 1, "a list stands where keys are wanted"),
        ("just words\n", 1, "is no `key: value`"),
        ('{"evaluator": {"timeout": 5}\n', 1, "is read as JSON"),
    ],
)
def test_what_is_no_yaml_is_told_with_its_line(text: str, line: int, told: str) -> None:
    with pytest.raises(TaskError, match="this cannot be read as a config") as caught:
        Config("c.yaml", text)
    assert (caught.value.path, caught.value.line) == ("c.yaml", line)
    assert told in str(caught.value)
    assert caught.value.fix


@pytest.mark.parametrize(
    "text",
    [
        "evaluator:\n  timeout:\n    5\n",
        "note: some words\n  that go on, and on\nevaluator: &usual\n  timeout: 5\nother: *usual\n",
        "models:\n  - name: a\n# a remark\n    weight: 1\n  - b\nevaluator:\n  timeout: 5\n",
        "---\nit's: [it's, 'a # b'] # c\nurl: http://x/y#z\n<<: {a: 1,\n  b: [2]}\nevaluator:\n  timeout: 5 # s\n...\n",
        "prompt: >-\n  text: of it\n\n\tand more\nevaluator:\n  'timeout': 5\n",
        'key with space: 1\n"quoted": \'it\'\'s\'\nescaped: "a\\"b: c"\nevaluator:\n  timeout: 5\n',
        '{"evaluator": {"timeout": 5}, "x": [1]}\n',
    ],
)
def test_what_other_readers_take_is_taken(text: str) -> None:
    assert Config("c.yaml", text).number("evaluator.timeout") == 5


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("evaluator: 5\n", "c.yaml:1: evaluator is 5; a section is wanted"),
        ("evaluator: {timeout: 5}\n", "write evaluator: and below it, indented, timeout: …"),
        ("evaluator: [timeout]\n", "a section is wanted"),
        ("evaluator:\n  timeout: soon\n", "write for example timeout: 60"),
    ],
)
def test_a_value_of_another_kind_does_not_pass_for_none(text: str, told: str) -> None:
    with pytest.raises(TaskError) as caught:
        Config("c.yaml", text).number("evaluator.timeout")
    assert told in str(caught.value)


def test_names_and_whole_numbers_are_asked_for() -> None:
    config = Config("c.yaml", "max_iterations: 10.5\nfeature_dimensions: [3, a]\nwhole: 4.0\n")
    assert config.whole("whole") == 4
    with pytest.raises(TaskError, match="a whole number above zero"):
        config.whole("max_iterations")
    with pytest.raises(TaskError, match="a list of names"):
        config.words("feature_dimensions")


@given(st.text("ab:-[]{}#|>&\"' \n\t0.", max_size=80))
def test_a_text_is_read_or_refused_with_a_line_that_is_there(text: str) -> None:
    assert 1 <= _refused_at(text) <= max(1, len(text.splitlines()))


def _refused_at(text: str) -> int:
    """The line of the complaint; 1 if there is none."""
    try:
        Config("c.yaml", text)
    except TaskError as error:
        return error.line or 0
    return 1
