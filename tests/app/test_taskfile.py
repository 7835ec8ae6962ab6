"""Task folders: what is read, and that every mistake is told with file, line, value and fix."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cambrian.app.document import Source
from cambrian.app.taskfile import apply_settings, load_task
from cambrian.core.budget import Budget
from cambrian.core.errors import TaskError, UsageError
from cambrian.core.evaluation import Objective
from cambrian.core.limits import Level

TASK = """\
name = "small"
description = "a task"
language = "python"
mode = "artifact"
program = ["program.py"]
entry = "program.py:solve"
evaluator = "evaluate.py"
problem = "problem.py"
imports = ["math"]
target = 3
level = "L3"

[objectives]
score = "maximize"
length = "minimize"

[limits]
wall = "5s"
memory = "256MiB"
files = 10

[scorer_limits]
cpu = "2s"

[budget]
wall = "60s"
money = 0.5

[strategy]
name = "topk"
capacity = 3
proposers = ["edit"]
"""
PROGRAM = "def solve():\n    return 1\n"
SCORER = "def score(artifact):\n    return artifact\n"


def write(folder: Path, task: str = TASK, **files: str) -> Path:
    texts = {"program": PROGRAM, "evaluate": SCORER, "problem": "direction = 'maximize'\n"} | files
    for name, text in texts.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    (folder / "task.toml").write_text(task, encoding="utf-8")
    return folder


def test_everything_of_a_folder_is_read(tmp_path: Path) -> None:
    task = load_task(write(tmp_path))
    assert task.name == "small"
    assert task.folder == str(tmp_path.resolve())
    assert task.program == {"program.py": PROGRAM}
    assert task.evaluator_text == SCORER
    assert task.problem == "direction = 'maximize'\n"
    assert task.objectives == (Objective(name="score"), Objective(name="length", direction="minimize"))
    assert (task.target, task.level, task.imports) == (3.0, Level.L3, ("math",))
    assert (task.limits.wall, task.limits.cpu, task.limits.memory, task.limits.files) == (5.0, 5.0, 256 * 2**20, 10)
    assert (task.scorer_limits.wall, task.scorer_limits.cpu) == (30.0, 2.0)
    assert task.budget == Budget(wall=60.0, money=0.5)
    assert (task.strategy.name, task.strategy.capacity, task.strategy.proposers) == ("topk", 3, ("edit",))


def test_the_file_itself_may_be_named(tmp_path: Path) -> None:
    assert load_task(write(tmp_path) / "task.toml") == load_task(tmp_path)


def test_few_keys_are_enough(tmp_path: Path) -> None:
    text = 'program = ["program.py"]\nentry = "program.py:solve"\nobjectives = {score = "minimize"}\n'
    task = load_task(write(tmp_path, text))
    assert task.name == tmp_path.name
    assert task.problem is None
    assert task.budget == Budget(evaluations=200)
    assert task.objectives[0].direction == "minimize"


def test_callable_mode_measures_speed_unless_told_otherwise(tmp_path: Path) -> None:
    text = 'mode = "callable"\nprogram = ["program.py"]\nentry = "program.py:solve"\n'
    task = load_task(write(tmp_path, text, evaluate="def inputs(rng):\n    return []\n"))
    assert task.objectives == (Objective(name="speedup"),)


def test_a_budget_may_be_one_text(tmp_path: Path) -> None:
    text = swap('[budget]\nwall = "60s"\nmoney = 0.5\n', "").replace("target", 'budget = "60s,500ev,2usd"\ntarget')
    assert load_task(write(tmp_path, text)).budget == Budget(wall=60.0, evaluations=500, money=2.0)


def swap(old: str, new: str) -> str:
    assert old in TASK
    return TASK.replace(old, new)


MISTAKES = {
    "unknown key": (TASK.replace("target", "traget"), 10, "'traget'", "did you mean 'target'"),
    "unknown key in a table": (swap('wall = "5s"', 'wal = "5s"'), 18, "'limits.wal'", "did you mean 'wall'"),
    "unknown table": (TASK + "[limit]\nwall = '5s'\n", 33, "'limit'", "did you mean 'limits'"),
    "no unit": (swap('"5s"', '"5"'), 18, "'5'", 'wall = "30s"'),
    "bad unit": (swap('"256MiB"', '"256MX"'), 19, "'256MX'", 'memory = "512MiB"'),
    "bare number": (swap('"5s"', "5"), 18, "limits.wall is 5", "in quotes"),
    "zero": (swap("files = 10", "files = 0"), 20, "limits.files is 0", "at least 1"),
    "bool for a number": (swap("files = 10", "files = true"), 20, "True", "whole number"),
    "not a table": (swap('[scorer_limits]\ncpu = "2s"', "").replace("target", 'scorer_limits = "x"\ntarget'), 10, "'x'",
                    "a table is wanted"),
    "bad direction": (swap('score = "maximize"', 'score = "max"'), 14, "'max'", "'maximize', 'minimize'"),
    "bad mode": (swap('"artifact"', '"artefact"'), 4, "'artefact'", "did you mean 'artifact'"),
    "bad level": (swap('"L3"', '"L9"'), 11, "'L9'", "'L2'"),
    "bad language": (swap('"python"', '"perl"'), 3, "'perl'", "'python'"),
    "bad strategy": (swap('"topk"', '"topq"'), 30, "'topq'", "did you mean 'topk'"),
    "target not finite": (swap("target = 3", "target = nan"), 10, "nan", "finite"),
    "empty program": (swap('["program.py"]', "[]"), 5, "[]", 'program = ["program.py"]'),
    "program no list": (swap('["program.py"]', '"program.py"'), 5, "'program.py'", "a list"),
    "program of numbers": (swap('["program.py"]', "[1]"), 5, "1 is no text", 'program = ["…"]'),
    "program twice": (swap('["program.py"]', '[\n  "program.py",\n  "program.py"]'), 6, "listed twice", "keep one"),
    "missing file": (swap('["program.py"]', '[\n\n "progam.py"]'), 7, "'progam.py'", "did you mean 'program.py'"),
    "path upwards": (swap('["program.py"]', '["../program.py"]'), 5, "'../program.py'", "relative path"),
    "absolute path": (swap('["program.py"]', '["/etc/passwd"]'), 5, "'/etc/passwd'", "relative path"),
    "crooked path": (swap('["program.py"]', '["./program.py"]'), 5, "'./program.py'", "relative path"),
    "no program": (swap('program = ["program.py"]\n', ""), None, "'program' is missing", 'program = ["program.py"]'),
    "entry without function": (swap("program.py:solve", "program.py"), 6, "'program.py'", 'entry = "program.py:solve"'),
    "entry elsewhere": (swap("program.py:solve", "problem.py:solve"), 6, "'problem.py'", "'program.py'"),
    "entry absent": (swap("program.py:solve", "program.py:solv"), 6, "'solv'", "did you mean 'solve'"),
    "no objectives": (swap('score = "maximize"\nlength = "minimize"\n', ""), 13, "no objective", "[objectives]"),
    "missing evaluator": (swap('"evaluate.py"', '"evaluator.py"'), 7, "'evaluator.py'", "did you mean 'evaluate.py'"),
    "evaluator may change": (swap('["program.py"]', '["program.py", "evaluate.py"]'), 7, "'evaluate.py'", "take it"),
    "bad module name": (swap('["math"]', '["math", "os path"]'), 9, "'os path'", "imports"),
    "money below zero": (swap("money = 0.5", "money = -1"), 27, "-1", "above zero"),
    "TOML syntax": (swap("target = 3", "target = = 3"), 10, "target = = 3", "toml.io"),
    "TOML duplicate": (swap("target = 3", "target = 3\ntarget = 4"), 11, "target = 4", "toml.io"),
    "bad budget text": (swap('[budget]\nwall = "60s"\nmoney = 0.5\n', "").replace("target", 'budget = "60"\ntarget'),
                        10, "'60'", "60s,500ev"),
    "speedup only in callable mode": (
        'mode = "callable"\nprogram = ["program.py"]\nentry = "program.py:solve"\n[objectives]\nscore = "maximize"\n',
        5, "objectives.score", "speedup",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_with_file_line_value_and_fix(name: str, tmp_path: Path) -> None:
    text, line, value, fix = MISTAKES[name]
    evaluate = SCORER + "def inputs(rng):\n    return []\n"
    with pytest.raises(TaskError) as caught:
        load_task(write(tmp_path, text, evaluate=evaluate))
    message = str(caught.value)
    assert caught.value.path.endswith("task.toml"), message
    assert caught.value.line == line, message
    assert value in message
    assert fix in message
    assert "fix: " in message


FILE_MISTAKES = {
    "syntax": ({"program": "x = 1\ndef solve(:\n"}, "program.py", 2, "def solve(:"),
    "async entry": ({"program": "async def solve():\n    pass\n"}, "task.toml", 6, "'solve' is async"),
    "only inside a class": ({"program": "class A:\n    def solve(self):\n        pass\n"}, "task.toml", 6, "'solve'"),
    "unclosed block": ({"program": "# EVOLVE-BLOCK-START\n" + PROGRAM}, "program.py", 1, "EVOLVE-BLOCK-END"),
    "stray end": ({"program": PROGRAM + "# EVOLVE-BLOCK-END\n"}, "program.py", 3, "EVOLVE-BLOCK-START"),
    "no score": ({"evaluate": "def scores(x):\n    return 1\n"}, "evaluate.py", None, "'score'"),
    "scorer syntax": ({"evaluate": "\n\ndef score(x)\n"}, "evaluate.py", 3, "def score(x)"),
    "scorer reads the data": ({"evaluate": "import problem\n" + SCORER}, "evaluate.py", 1, "'problem'"),
    "scorer reads the data inside": (
        {"evaluate": "def score(x):\n    from problem import objective\n"}, "evaluate.py", 2, "'problem'",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FILE_MISTAKES)
def test_a_mistake_in_a_file_is_told_with_its_line(name: str, tmp_path: Path) -> None:
    files, path, line, value = FILE_MISTAKES[name]
    with pytest.raises(TaskError) as caught:
        load_task(write(tmp_path, **files))
    assert caught.value.path.endswith(path), caught.value
    assert caught.value.line == line, caught.value
    assert value in str(caught.value)
    assert "fix: " in str(caught.value)


@pytest.mark.parametrize(
    "program",
    [
        "solve = lambda: 1\n",
        "from math import pi as solve\n",
        "from math import *\n",
        "try:\n    from fast import solve\nexcept ImportError:\n    def solve():\n        return 1\n",
        "if True:\n    def solve():\n        return '\\d'\n",
    ],
)
def test_an_entry_may_be_defined_in_any_way_that_binds_it_at_the_top(program: str, tmp_path: Path) -> None:
    assert load_task(write(tmp_path, program=program)).entry == "program.py:solve"


def test_a_file_that_is_not_utf8_is_told_with_its_line(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "program.py").write_bytes(b"# fine\n# caf\xe9\n")
    with pytest.raises(TaskError, match=r"program\.py:2: byte b'\\xe9' is not UTF-8"):
        load_task(tmp_path)


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    write(tmp_path, program="#" * (2**20 + 1))
    with pytest.raises(TaskError, match="larger than 1000000 bytes"):
        load_task(tmp_path)


def test_links_may_not_leave_the_folder(tmp_path: Path) -> None:
    folder, outside = tmp_path / "task", tmp_path / "secret.py"
    folder.mkdir()
    write(folder)
    outside.write_text(PROGRAM, encoding="utf-8")
    (folder / "program.py").unlink()
    (folder / "program.py").symlink_to(outside)
    with pytest.raises(TaskError, match=r"task\.toml:5: program: 'program\.py' is a link that leaves"):
        load_task(folder)
    (folder / "real.py").write_text(PROGRAM, encoding="utf-8")  # the positive control: a link that stays
    (folder / "program.py").unlink()
    (folder / "program.py").symlink_to("real.py")
    assert load_task(folder).program["program.py"] == PROGRAM


@pytest.mark.parametrize(("path", "what"), [("nowhere", "no such folder"), (".", "the folder has no task.toml")])
def test_a_folder_that_is_no_task(path: str, what: str, tmp_path: Path) -> None:
    with pytest.raises(TaskError, match=f"{what}\n  fix: .*cambrian init"):
        load_task(tmp_path / path)


def test_settings_change_knobs_and_only_those(tmp_path: Path) -> None:
    task = load_task(
        write(tmp_path),
        ["limits.wall=7s", "strategy.name=random", "budget.evaluations=9", "target=2.5", 'imports=["math","json"]'],
    )
    assert (task.limits.wall, task.limits.cpu, task.limits.memory) == (7.0, 7.0, 256 * 2**20)
    assert (task.strategy.name, task.strategy.capacity) == ("random", 3)
    assert task.budget == Budget(wall=60.0, evaluations=9, money=0.5)
    assert (task.target, task.imports) == (2.5, ("math", "json"))
    assert apply_settings(task, ["budget=5ev"]).budget == Budget(evaluations=5)


def test_a_cpu_limit_of_its_own_stays(tmp_path: Path) -> None:
    task = load_task(write(tmp_path), ["limits.cpu=2s", "limits.wall=60s"])
    assert (task.limits.wall, task.limits.cpu) == (60.0, 2.0)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("limits.wall", "'limits.wall' is not understood"),
        ("=5", "'=5' is not understood"),
        ("limits.wal=5s", "did you mean 'wall'"),
        ("limits.wall=5", "limits.wall is 5"),
        ("name=x", "unknown key 'name'"),
        ("entry=program.py:x", "unknown key 'entry'"),
        ("limits=5", "limits is 5; a table is wanted"),
        ("strategy.name=best", "one of 'islands', 'map_elites', 'pareto', 'topk', 'beam', 'best_of_n', "),
    ],
)
def test_a_wrong_setting_is_told(setting: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        load_task(write(tmp_path), [setting])
    assert message in str(caught.value)


VALUES = st.sampled_from(
    [
        "1", "[]", '""', "[1,\n 2, # two ]\n [3]]", "{ x = 1, y = [1, 2] }", '"text # no comment"', '"\\""',
        "'''\nmany\n= lines\n'''", '"""\n[not]\na = table\n"""', '"""one ""quoted"" \n two\\""""', '"""x"""""', "'a\\'",
    ]
)  # fmt: skip
TAILS = st.sampled_from(["", "  # remark = 1", "\n\n", "\n# [t]"])
SECTIONS = st.lists(
    st.tuples(st.sampled_from(["t", "u.v", '"w x"', "a . 'b.c'"]), st.lists(st.tuples(VALUES, TAILS))), max_size=3,
    unique_by=lambda section: section[0],
)  # fmt: skip
PATHS = {"t": ("t",), "u.v": ("u", "v"), '"w x"': ("w x",), "a . 'b.c'": ("a", "b.c")}


@given(SECTIONS)
def test_every_key_is_found_on_the_line_it_was_written(sections: list[tuple[str, list[tuple[str, str]]]]) -> None:
    text, expected = "", dict[tuple[str, ...], int]()
    for header, statements in sections:
        expected[PATHS[header]] = text.count("\n") + 1
        text += f"[ {header} ]\n"
        for number, (value, tail) in enumerate(statements):
            expected[*PATHS[header], f"k{number}"] = text.count("\n") + 1
            text += f"  k{number} = {value}{tail}\n"
    source = Source.parse("task.toml", text).source
    assert {keys: source.line(keys) for keys in expected} == expected


def test_dotted_and_quoted_keys_are_found() -> None:
    source = Source.parse("task.toml", "a.b = 1\n\n\"c d\" . 'e' = [\n 1,\n 2]\n[[f]]\ng = 1\n").source
    assert source.line(("a", "b")) == 1
    assert source.line(("c d", "e")) == 3
    assert source.line(("c d", "e", "deeper")) == 3
    assert source.line(("f", "g")) == 7
    assert source.line(("nowhere",)) is None


def test_a_misspelt_key_is_told_before_a_missing_one(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text("def solve(): return 1\n", encoding="utf-8")
    (tmp_path / "evaluate.py").write_text("def score(a): return a\n", encoding="utf-8")
    (tmp_path / "task.toml").write_text(
        'name = "x"\nmode = "artifact"\nprogram = ["program.py"]\nentri = "program.py:solve"\n', encoding="utf-8"
    )
    with pytest.raises(TaskError, match=r"task\.toml:4: unknown key 'entri' \(did you mean 'entry'\?\)"):
        load_task(tmp_path)
