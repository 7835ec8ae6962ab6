"""From what a person names to a task; and what is told when that fails."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from cambrian.app.frameworks.adopting import adopt
from cambrian.app.frameworks.finding import Named, find_task
from cambrian.app.taskfile import load_task
from cambrian.core.errors import TaskError, UsageError

PROGRAM = "# EVOLVE-BLOCK-START\ndef helper():\n    return 1\n# EVOLVE-BLOCK-END\ndef run():\n    return helper()\n"
OPENEVOLVE = "def evaluate(program_path):\n    return {'combined_score': load(program_path).run()}\n"
CASCADE = OPENEVOLVE + "def evaluate_stage1(p):\n    return {}\ndef evaluate_stage2(p):\n    return {}\n"
SHINKA = (
    "from shinka.core import run_shinka_eval\n"
    "def main(program_path: str, results_dir: str):\n"
    "    run_shinka_eval(program_path, results_dir, experiment_fn_name='run', num_runs=1)\n"
)
PRINTS = (
    "import json, sys\n"
    "if __name__ == '__main__':\n    print(json.dumps({'status': 'success', 'combined_score': len(sys.argv[1])}))\n"
)
GEPA = "def evaluate(candidate):\n    return len(candidate)\n"


def folder(path: Path, evaluator: str = OPENEVOLVE, **files: str) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    contents = {"evaluator.py": evaluator, "initial_program.py": PROGRAM}
    contents |= {name.replace("__", "."): text for name, text in files.items()}
    for name, text in contents.items():
        (path / name).write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("evaluator", "framework", "objective"),
    [
        (OPENEVOLVE, "openevolve", "combined_score"),
        (CASCADE, "openevolve", "combined_score"),
        (SHINKA, "shinka", "combined_score"),
        (
            "import sys\nif __name__ == '__main__':\n    print('--program_path', '--results_dir')\n",
            "shinka",
            "combined_score",
        ),
        (GEPA, "gepa", "score"),
        ("import gepa\ndef fitness(candidate: str, **kw):\n    return 1.0, {}\n", "gepa", "score"),
    ],
)
def test_the_framework_is_told_by_what_the_evaluator_defines(
    tmp_path: Path, evaluator: str, framework: str, objective: str
) -> None:
    task = find_task(folder(tmp_path, evaluator))
    assert task.framework == framework
    assert [item.name for item in task.objectives] == [objective]
    assert list(task.program) == ["initial_program.py"]
    assert task.limits.processes == 1


def test_the_entry_is_what_the_evaluator_calls(tmp_path: Path) -> None:
    assert find_task(folder(tmp_path)).entry == "initial_program.py:run"
    helper = OPENEVOLVE.replace(".run()", ".helper()")
    assert find_task(folder(tmp_path, helper)).entry == "initial_program.py:helper"
    assert find_task(folder(tmp_path, SHINKA)).entry == "initial_program.py:run"


def test_the_config_beside_it_counts(tmp_path: Path) -> None:
    text = "max_iterations: 7\nevaluator:\n  timeout: 5\n  cascade_thresholds: [0.1, 0.2]\n  memory_limit_mb: 512\n"
    task = find_task(folder(tmp_path, CASCADE, config__yaml=text))
    assert task.budget.evaluations == 7
    assert task.limits.wall == 10.0, "the timeout is of each stage"
    assert task.limits.memory == 512 * 2**20
    assert task.limits.disk < task.limits.memory
    assert task.framework_options.cascade
    assert task.framework_options.thresholds == (0.1, 0.2)
    other = tmp_path / "other.yml"
    other.write_text("evaluator:\n  cascade_evaluation: false\n", encoding="utf-8")
    assert not find_task(tmp_path, config=other).framework_options.cascade


def test_a_broken_config_beside_it_is_told(tmp_path: Path) -> None:
    folder(tmp_path, config__yaml="evaluator:\n\ttimeout: 5\n")
    with pytest.raises(TaskError, match=r"config\.yaml:2: this cannot be read as a config: a tab") as caught:
        find_task(tmp_path)
    assert caught.value.fix == "indent with spaces"
    with pytest.raises(TaskError, match=r"config\.yaml:1: evaluator is 5; a section"):
        find_task(folder(tmp_path, config__yaml="evaluator: 5\n"))


def test_a_config_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    folder(tmp_path, other__yml="")
    with pytest.raises(TaskError, match=r"--config names a file that is not there; beside it is other\.yml") as caught:
        find_task(tmp_path, config=tmp_path / "nope.yaml")
    assert "leave --config out" in caught.value.fix
    with pytest.raises(TaskError, match="--config is a folder"):
        find_task(tmp_path, config=tmp_path)


@pytest.mark.parametrize("place", ["evaluator", "sibling", "program"])
def test_who_starts_processes_may(tmp_path: Path, place: str) -> None:
    line = "import subprocess\n"
    found = find_task(
        folder(
            tmp_path,
            OPENEVOLVE + (line if place == "evaluator" else ""),
            helpers__py=line if place == "sibling" else "",
            initial_program__py=PROGRAM + line * (place == "program"),
        )
    )
    assert found.limits.processes > 1


def test_two_files_in_different_folders_are_a_task_of_the_folder_above(tmp_path: Path) -> None:
    program, judge = tmp_path / "a" / "start.py", tmp_path / "b" / "judge.py"
    for path, text in ((program, PROGRAM), (judge, OPENEVOLVE)):
        path.parent.mkdir()
        path.write_text(text, encoding="utf-8")
    task = find_task(program, judge)
    assert (task.folder, task.evaluator, list(task.program)) == (str(tmp_path), "b/judge.py", ["a/start.py"])


@pytest.mark.parametrize("place", ["evaluator/evaluator.py", "evaluator/run.py", "eval/evaluate.py"])
def test_the_evaluator_may_lie_in_a_folder_of_its_own(tmp_path: Path, place: str) -> None:
    folder(tmp_path, config__yaml="max_iterations: 3\n")
    (tmp_path / place).parent.mkdir()
    (tmp_path / "evaluator.py").rename(tmp_path / place)
    task = find_task(tmp_path)
    assert (task.folder, task.evaluator, list(task.program)) == (str(tmp_path), place, ["initial_program.py"])
    assert task.budget.evaluations == 3, "the config beside the program counts"


def test_an_evaluator_beside_the_program_goes_before_one_in_a_folder(tmp_path: Path) -> None:
    folder(tmp_path)
    (tmp_path / "evaluator").mkdir()
    (tmp_path / "evaluator" / "evaluator.py").write_text(OPENEVOLVE, encoding="utf-8")
    assert find_task(tmp_path).evaluator == "evaluator.py"


@pytest.mark.parametrize("name", ["initial.py", "init.py", "program.py"])
def test_the_program_has_one_of_the_usual_names(tmp_path: Path, name: str) -> None:
    folder(tmp_path)
    (tmp_path / "initial_program.py").rename(tmp_path / name)
    assert list(find_task(tmp_path).program) == [name]


def test_a_script_that_prints_its_score_is_run_as_one(tmp_path: Path) -> None:
    task = find_task(folder(tmp_path, PRINTS))
    assert task.framework == "openevolve"
    assert task.framework_options.script
    assert not find_task(folder(tmp_path / "b", OPENEVOLVE + PRINTS)).framework_options.script


class TestImports:
    """What is not installed is told before anything runs; what surely is there, or may do without, is not."""

    def test_an_evaluators_import_is_told_with_its_place_and_its_package(self, tmp_path: Path) -> None:
        text = "import os\nfrom surely_not_there.part import thing\nimport bs4x.more\n" + OPENEVOLVE
        with pytest.raises(TaskError) as caught:
            find_task(folder(tmp_path, text))
        told = str(caught.value)
        assert "evaluator.py:2: 'surely_not_there.part', 'bs4x.more' cannot be imported" in told
        assert f"{sys.executable} -m pip install surely_not_there bs4x" in told

    def test_a_programs_import_is_told_and_the_package_named_where_it_is_called_otherwise(self, tmp_path: Path) -> None:
        source = folder(tmp_path, initial_program__py="import skimage.filters\n" + PROGRAM)
        with pytest.raises(TaskError, match=r"(?s)initial_program.py:1: 'skimage.filters'.*pip install scikit-image"):
            find_task(source)

    def test_a_task_toml_is_looked_through_too(self, tmp_path: Path) -> None:
        source = folder(tmp_path)
        adopt(Named.of(source), source)
        (source / "evaluator.py").write_text("import surely_not_there\n" + OPENEVOLVE, encoding="utf-8")
        with pytest.raises(TaskError, match="'surely_not_there' cannot be imported"):
            find_task(source)

    @pytest.mark.parametrize(
        "lines",
        [
            "try:\n    import surely_not_there\nexcept ImportError:\n    pass\n",
            "def lazy():\n    import surely_not_there\n",
            "if __name__ == '__main__':\n    from wrapper import run\n",
            "import helpers\nimport data.part\nimport initial_program\n",
            "import importlib.util, numpy, scipy.optimize\n",
            "from openevolve.evaluation_result import EvaluationResult\nfrom shinka.core import run_shinka_eval\n",
            "from gepa.optimize_anything import GEPAConfig\nimport skydiscover.evaluation\n",
        ],
    )
    def test_what_may_well_run_is_let(self, tmp_path: Path, lines: str) -> None:
        source = folder(tmp_path, lines + OPENEVOLVE, helpers__py="")
        (source / "data").mkdir()
        assert find_task(source).evaluator == "evaluator.py"

    def test_a_part_of_a_framework_that_nothing_stands_in_for_is_told(self, tmp_path: Path) -> None:
        with pytest.raises(TaskError, match=r"(?s)'shinka.llm' cannot be imported.*pip install shinka-evolve"):
            find_task(folder(tmp_path, "from shinka.llm import LLMClient\n" + SHINKA))

    def test_a_namesake_in_the_current_folder_is_no_package(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "surely_not_there").mkdir()
        source = folder(tmp_path / "task", "import surely_not_there\n" + OPENEVOLVE)
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
        with pytest.raises(TaskError, match="cannot be imported"):
            find_task(source)


def test_a_dict_of_parts_is_handed_over_by_the_names_it_is_asked_for(tmp_path: Path) -> None:
    text = "def evaluate(candidate):\n    return len(candidate['code'])\n"
    assert find_task(folder(tmp_path, text)).framework_options.components == ("code",)


def test_a_dataset_is_found_by_its_name_or_its_file(tmp_path: Path) -> None:
    text = "def evaluate(candidate, example):\n    return 1\n"
    named = find_task(folder(tmp_path / "n", "dataset = [1]\n" + text))
    beside = find_task(folder(tmp_path / "b", text, train__jsonl="1\n"))
    assert (named.framework_options.dataset, beside.framework_options.dataset) == ("dataset", "train.jsonl")
    with pytest.raises(TaskError, match="wants an example, and there are none; looked for"):
        find_task(folder(tmp_path / "x", text))


class TestFailures:
    def test_an_evaluator_of_nobody_is_told_with_what_was_looked_for_and_found(self, tmp_path: Path) -> None:
        with pytest.raises(TaskError) as caught:
            find_task(folder(tmp_path, "def judge(a, b):\n    return 1\n"))
        told = str(caught.value)
        for part in ("evaluate(program_path)", "main(program_path, results_dir)", "candidate", "judge(a, b)", "fix:"):
            assert part in told

    def test_a_forced_framework_that_does_not_fit(self, tmp_path: Path) -> None:
        with pytest.raises(TaskError, match=r"looked for main\(program_path, results_dir\).*found evaluate"):
            find_task(folder(tmp_path), framework="shinka")

    def test_a_forced_framework_that_fits_wins(self, tmp_path: Path) -> None:
        both = SHINKA + OPENEVOLVE
        assert find_task(folder(tmp_path, both)).framework == "shinka"
        assert find_task(tmp_path, framework="openevolve").framework == "openevolve"

    def test_a_folder_without_an_evaluator(self, tmp_path: Path) -> None:
        folder(tmp_path)
        (tmp_path / "evaluator.py").unlink()
        with pytest.raises(TaskError, match=r"evaluator was not found; looked for evaluator.py.*found initial_program"):
            find_task(tmp_path)

    def test_a_folder_of_nothing_is_told_of_task_toml(self, tmp_path: Path) -> None:
        with pytest.raises(TaskError, match=r"has no task.toml"):
            find_task(tmp_path)

    def test_a_folder_that_names_nothing_as_usual_is_told_what_was_looked_for(self, tmp_path: Path) -> None:
        (tmp_path / "main.py").write_text(GEPA, encoding="utf-8")
        with pytest.raises(
            TaskError, match=r"(?s)no task.toml.*looked for evaluator.py.*found main.py.*name both files"
        ):
            find_task(tmp_path)

    def test_a_judge_of_whole_repositories_is_told(self, tmp_path: Path) -> None:
        with pytest.raises(TaskError, match="judges a whole repository"):
            find_task(folder(tmp_path, "def evaluate(path):\n    pass\ndef main(repo_path, results_dir):\n    pass\n"))

    def test_other_languages_are_told(self, tmp_path: Path) -> None:
        folder(tmp_path)
        (tmp_path / "start.rs").write_text("fn main() {}", encoding="utf-8")
        with pytest.raises(TaskError, match="is no Python"):
            find_task(tmp_path / "start.rs", tmp_path / "evaluator.py")
        (tmp_path / "initial_program.py").rename(tmp_path / "initial.rs")
        with pytest.raises(TaskError, match=r"initial\.rs: \.rs is no Python"):
            find_task(tmp_path)

    def test_options_beside_a_task_toml_are_refused(self, tmp_path: Path) -> None:
        folder(tmp_path, task__toml="")
        with pytest.raises(UsageError, match=r"is a task with a task\.toml"):
            find_task(tmp_path, framework="openevolve")

    def test_a_syntax_error_names_file_and_line(self, tmp_path: Path) -> None:
        with pytest.raises(TaskError, match=r"evaluator.py:1: syntax error"):
            find_task(folder(tmp_path, "def evaluate(:\n"))

    def test_one_file_twice(self, tmp_path: Path) -> None:
        folder(tmp_path)
        with pytest.raises(TaskError, match="are one file"):
            find_task(tmp_path / "evaluator.py", tmp_path / "evaluator.py")


class TestAdopting:
    @pytest.mark.parametrize("evaluator", [OPENEVOLVE, CASCADE, SHINKA, GEPA])
    def test_the_explicit_task_is_the_one_that_was_found(self, tmp_path: Path, evaluator: str) -> None:
        source = folder(tmp_path / "theirs", evaluator, data__json="[1]")
        (source / "picture.bin").write_bytes(b"\x00\xff")
        _, _, names, left = adopt(Named.of(source), tmp_path / "mine")
        assert names == ["data.json", "evaluator.py", "initial_program.py", "task.toml"]
        assert left == ["picture.bin"]
        found, written = find_task(source), load_task(tmp_path / "mine")
        for field in (
            "framework",
            "framework_options",
            "objectives",
            "limits",
            "budget",
            "program",
            "entry",
            "evaluator",
        ):
            assert getattr(written, field) == getattr(found, field), field

    def test_in_its_own_folder_only_the_task_is_written(self, tmp_path: Path) -> None:
        source = folder(tmp_path)
        assert adopt(Named.of(source), source)[2:] == (["task.toml"], [])
        assert load_task(source).framework == "openevolve"
        with pytest.raises(UsageError, match="exists already"):
            adopt(Named.of(source), source)

    def test_nothing_is_overwritten(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match="overwrites nothing"):
            adopt(Named.of(folder(tmp_path / "a")), folder(tmp_path / "b"))


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ('framework = "nobody"', "one of 'openevolve', 'shinka', 'gepa' is wanted"),
        ('framework = "openevolve"\n[framework_options]\ncascade = 1', "true or false is wanted"),
        ('framework = "openevolve"\n[framework_options]\nspeed = 1', "unknown key 'framework_options.speed'"),
        ('framework = "openevolve"\n[framework_options]\nthresholds = [1, "x"]', "a finite number is wanted"),
        ("[framework_options]\ncascade = true", "without a framework"),
    ],
)
def test_what_is_wrong_in_a_task_toml_is_told(tmp_path: Path, lines: str, told: str) -> None:
    head = 'program = ["initial_program.py"]\nentry = "initial_program.py:run"\nevaluator = "evaluator.py"\n'
    judge = "def score(a):\n    return 1\n" if lines.startswith("[") else OPENEVOLVE
    options, _, section = lines.partition("\n[")
    if lines.startswith("["):
        options, section = "", lines[1:]
    text = head + options + '\n[objectives]\ncombined_score = "maximize"\n' + (f"[{section}" if section else "")
    with pytest.raises(TaskError) as caught:
        load_task(folder(tmp_path, judge, task__toml=text))
    assert told in str(caught.value)
