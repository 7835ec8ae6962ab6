"""Evaluators written for other frameworks: run as they are, in one jail with the candidate, and recorded as such."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from cambrian.core.evaluation import Evaluation, Objective, Status
from cambrian.core.limits import Limits
from cambrian.search.evaluation import Evaluator
from cambrian.search.task import Framework, FrameworkOptions, Task

PROGRAM = "VALUE = 0.5\n\n\ndef run(scale=1.0, **kwargs):\n    return VALUE * scale\n"
LOAD = """
import importlib.util

def loaded(path):
    spec = importlib.util.spec_from_file_location("program", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
"""
SEVERAL = Limits(wall=60.0, cpu=60.0, memory=4 * 2**30, disk=64 * 2**20, processes=16)


def foreign_task(
    folder: Path,
    framework: Framework,
    evaluator: str,
    *,
    program: dict[str, str] | None = None,
    limits: Limits | None = None,
    options: FrameworkOptions | None = None,
) -> Task:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "evaluator.py").write_text(evaluator, encoding="utf-8")
    files = program or {"initial_program.py": PROGRAM}
    return Task(
        name="foreign", folder=str(folder), program=files, entry=f"{next(iter(files))}:run",
        evaluator="evaluator.py", evaluator_text=evaluator, framework=framework,
        objectives=(Objective(name="score" if framework == "gepa" else "combined_score"),),
        limits=limits or Limits(wall=20.0, cpu=20.0), framework_options=options or FrameworkOptions(),
    )  # fmt: skip


async def evaluated(task: Task) -> Evaluation:
    evaluator = await Evaluator.start(task)
    try:
        return (await evaluator.evaluate(task.initial)).evaluation
    finally:
        await evaluator.aclose()


class TestOpenEvolve:
    async def test_a_dict_of_metrics_is_the_score_and_the_rest_are_measures(self, tmp_path: Path) -> None:
        text = LOAD + (
            "def evaluate(program_path):\n"
            "    return {'combined_score': loaded(program_path).run(), 'speed': 3, 'ok': True, 'note': 'as it is'}\n"
        )
        found = await evaluated(foreign_task(tmp_path, "openevolve", text))
        assert found.status is Status.OK, found
        assert found.objectives == {"combined_score": 0.5}
        assert found.measures == {"speed": 3.0}
        assert "as it is" in found.feedback
        assert found.split is False
        assert found.level == "L3"

    async def test_without_a_combined_score_the_mean_ranks_and_features_do_not_count(self, tmp_path: Path) -> None:
        text = "def evaluate(path):\n    return {'a': 1.0, 'b': 3.0, 'size': 100.0, 'flag': True}\n"
        options = FrameworkOptions(ignored=("size",))
        found = await evaluated(foreign_task(tmp_path, "openevolve", text, options=options))
        assert found.objectives == {"combined_score": 2.0}

    async def test_a_result_object_of_an_absent_package_brings_artifacts_as_feedback(self, tmp_path: Path) -> None:
        text = (
            "from openevolve.evaluation_result import EvaluationResult\n"
            "def evaluate(path):\n"
            "    return EvaluationResult(metrics={'combined_score': 7}, artifacts={'stderr': 'a warning'})\n"
        )
        found = await evaluated(foreign_task(tmp_path, "openevolve", text))
        assert found.objectives == {"combined_score": 7.0}
        assert "stderr: a warning" in found.feedback

    @pytest.mark.parametrize(
        ("given", "why"),
        [
            ("{'combined_score': float('nan')}", "combined_score is nan"),
            ("{'combined_score': float('inf')}", "combined_score is inf"),
            ("{'combined_score': 'high'}", "combined_score is 'high'"),
            ("{'a': 1.0, 'b': float('nan')}", "combined_score is nan"),
            ("{}", "no metrics"),
            ("{'error': 'it broke'}", "no other number"),
            ("None", "NoneType"),
            ("0.5", "a dict of metrics is wanted"),
        ],
    )
    async def test_what_cannot_rank_is_invalid_with_a_reason_and_never_zero(
        self, tmp_path: Path, given: str, why: str
    ) -> None:
        found = await evaluated(foreign_task(tmp_path, "openevolve", f"def evaluate(path):\n    return {given}\n"))
        assert found.status is Status.INVALID
        assert why in found.feedback
        assert found.objectives == {}

    async def test_an_exception_is_an_error_with_its_traceback(self, tmp_path: Path) -> None:
        found = await evaluated(foreign_task(tmp_path, "openevolve", "def evaluate(path):\n    return 1 / 0\n"))
        assert (found.status, found.detail) == (Status.ERROR, "raised")
        assert "ZeroDivisionError" in found.feedback

    @pytest.mark.parametrize(("first", "score"), [(0.4, 0.4), (0.6, 0.7), (0.8, 0.8)])
    async def test_a_cascade_goes_on_as_far_as_its_thresholds_let_it(
        self, tmp_path: Path, first: float, score: float
    ) -> None:
        text = (
            f"def evaluate_stage1(path):\n    return {{'combined_score': {first}}}\n"
            f"def evaluate_stage2(path):\n    return {{'combined_score': max({first}, 0.7), 'two': 2}}\n"
            "def evaluate_stage3(path):\n    raise RuntimeError('third')\n"
            "def evaluate(path):\n    raise AssertionError('the cascade replaces this')\n"
        )
        options = FrameworkOptions(cascade=True, thresholds=(0.5, 0.75))
        found = await evaluated(foreign_task(tmp_path, "openevolve", text, options=options))
        assert found.objectives == {"combined_score": score}
        assert ("two" in found.measures) == (first > 0.5)
        assert ("third" in found.feedback) == (first > 0.75)

    async def test_metrics_may_lie_one_deeper(self, tmp_path: Path) -> None:
        text = (
            "def evaluate(path):\n"
            "    return {'metrics': {'combined_score': 0.25, 'tried': 3}, 'artifacts': {'status': 'refused'}}\n"
        )
        found = await evaluated(foreign_task(tmp_path, "openevolve", text))
        assert (found.objectives, found.measures) == ({"combined_score": 0.25}, {"tried": 3.0})
        assert "refused" in found.feedback

    async def test_the_candidate_is_imported_and_not_its_namesake_beside_the_evaluator(self, tmp_path: Path) -> None:
        """Evaluators import by the file's name; theirs has a name of its own, and so has the candidate here."""
        (tmp_path / "initial_program.py").write_text("def run():\n    return 9.0\n", encoding="utf-8")
        text = (
            "import os, sys\nfrom importlib import __import__\nimport initial_program as first\n"
            "def evaluate(path):\n"
            "    sys.path.insert(0, os.path.dirname(path))\n"
            "    sys.path.insert(0, os.path.dirname(__file__))\n"
            "    program = __import__(os.path.splitext(os.path.basename(path))[0])\n"
            "    return {'combined_score': program.run(), 'before': first.run()}\n"
        )
        found = await evaluated(foreign_task(tmp_path, "openevolve", text))
        assert (found.objectives, found.measures) == ({"combined_score": 0.5}, {"before": 9.0}), found

    async def test_a_stand_in_is_there_though_the_current_folder_has_a_namesake(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "openevolve").mkdir()
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
        text = (
            "from openevolve.evaluation_result import EvaluationResult\n"
            "def evaluate(path):\n    return EvaluationResult(metrics={'combined_score': 7})\n"
        )
        found = await evaluated(foreign_task(tmp_path / "task", "openevolve", text))
        assert found.objectives == {"combined_score": 7.0}, found

    async def test_a_module_that_is_not_there_is_told_with_the_fix(self, tmp_path: Path) -> None:
        text = "def evaluate(path):\n    import surely_not_there.part\n"
        found = await evaluated(foreign_task(tmp_path, "openevolve", text))
        assert found.status is Status.ERROR
        assert found.feedback.endswith(f"{sys.executable} -m pip install surely_not_there")

    @pytest.mark.slow
    async def test_what_their_evaluators_start_works_where_processes_are_let(self, tmp_path: Path) -> None:
        text = (
            "import os, pickle, signal, subprocess, sys, tempfile\n"
            "from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor\n"
            "def double(x):\n    return 2 * x\n"
            "def evaluate(path):\n"
            "    signal.alarm(30)\n"
            "    with tempfile.NamedTemporaryFile('wb', suffix='.pkl', delete=False) as file:\n"
            "        pickle.dump([1, 2], file)\n"
            "    code = 'import pickle,sys,numpy;print(numpy.sum(pickle.load(open(sys.argv[1], \"rb\"))))'\n"
            "    run = subprocess.run([sys.executable, '-c', code, file.name], capture_output=True, text=True)\n"
            "    named = subprocess.run(['python3', '-c', 'print(4)'], capture_output=True, text=True)\n"
            "    with ProcessPoolExecutor(2) as pool:\n        parts = list(pool.map(double, [1, 2]))\n"
            "    with ThreadPoolExecutor(2) as pool:\n        parts += list(pool.map(double, [5]))\n"
            "    return {'combined_score': float(run.stdout or 'nan') + float(named.stdout) + sum(parts),\n"
            "            'said': run.stderr + named.stderr}\n"
        )
        found = await evaluated(foreign_task(tmp_path, "openevolve", text, limits=SEVERAL))
        assert found.objectives == {"combined_score": 3.0 + 4.0 + 16.0}, found

    async def test_starting_a_process_is_refused_where_one_process_is_let(self, tmp_path: Path) -> None:
        text = "import subprocess, sys\ndef evaluate(path):\n    subprocess.run([sys.executable, '-c', '0'])\n"
        found = await evaluated(foreign_task(tmp_path, "openevolve", text))
        assert found.status is Status.DENIED
        assert "limits.processes=16" in found.feedback


class TestScripts:
    """SkyDiscover's containers: a script is given the program's path and prints one JSON object."""

    TEXT = (
        "import json, sys\n" + LOAD + "def main():\n"
        "    program = loaded(sys.argv[1])\n    print('remarks')\n"
        "    with open('/tmp/eval.log', 'a') as log:\n        log.write('seen')\n"
        "    print(json.dumps({{'status': {status!r}, 'combined_score': program.run(),\n"
        "        'metrics': {{'combined_score': program.run(), 'size': 3}}, 'artifacts': {{'error': 'too large'}}}}))\n"
        "if __name__ == '__main__':\n    main()\n"
    )

    async def test_what_it_prints_last_counts(self, tmp_path: Path) -> None:
        found = await self.found(tmp_path, self.TEXT.format(status="success").replace("/tmp/", ""))
        assert found.objectives == {"combined_score": 0.5}, found
        assert found.measures == {"size": 3.0}

    async def test_another_status_is_invalid_with_its_reason(self, tmp_path: Path) -> None:
        found = await self.found(tmp_path, self.TEXT.format(status="timeout").replace("/tmp/", ""))
        assert found.status is Status.INVALID
        assert "the evaluator says 'timeout': too large" in found.feedback

    @pytest.mark.parametrize(
        ("text", "why"),
        [
            ("print('no number')\n", "printed no JSON object, but 'no number'"),
            ("print('[1]')\n", "printed no JSON object"),
            ("import sys\nsys.exit(1)\n", "ended with status 1"),
            ('print(\'{"status": "success", "combined_score": NaN}\')\n', "combined_score is nan"),
        ],
    )
    async def test_what_is_no_result_is_told(self, tmp_path: Path, text: str, why: str) -> None:
        found = await self.found(tmp_path, text)
        assert found.status is Status.INVALID
        assert why in found.feedback

    @staticmethod
    async def found(folder: Path, text: str) -> Evaluation:
        return await evaluated(foreign_task(folder, "openevolve", text, options=FrameworkOptions(script=True)))


class TestShinka:
    SCRIPT = (
        "import argparse\n"
        "from shinka.core import run_shinka_eval\n"
        "def validate(result):\n    return (result < {limit}, 'too much')\n"
        "def aggregate(results):\n"
        "    return {{'combined_score': sum(results), 'public': {{'first': results[0]}}, 'private': {{}},\n"
        "            'text_feedback': 'try more'}}\n"
        "def main(program_path, results_dir):\n"
        "    run_shinka_eval(program_path=program_path, results_dir=results_dir,\n"
        "        experiment_fn_name='run', num_runs=2,\n"
        "        get_experiment_kwargs=lambda i: {{'scale': i + 1.0}}, validate_fn=validate,\n"
        "        aggregate_metrics_fn=aggregate)\n"
        "if __name__ == '__main__':\n"
        "    parser = argparse.ArgumentParser()\n"
        "    parser.add_argument('--program_path')\n    parser.add_argument('--results_dir')\n"
        "    given = parser.parse_args()\n"
        "    main(given.program_path, given.results_dir)\n"
    )

    async def test_a_script_is_run_as_one_and_its_files_are_read(self, tmp_path: Path) -> None:
        found = await evaluated(foreign_task(tmp_path, "shinka", self.SCRIPT.format(limit=9)))
        assert found.status is Status.OK, found
        assert found.objectives == {"combined_score": 1.5}
        assert found.measures["public.first"] == 0.5
        assert found.measures["num_valid_runs"] == 2
        assert found.feedback.startswith("feedback: try more")
        assert found.split is False

    async def test_what_validation_refuses_is_invalid_for_its_reason(self, tmp_path: Path) -> None:
        found = await evaluated(foreign_task(tmp_path, "shinka", self.SCRIPT.format(limit=0.6)))
        assert found.status is Status.INVALID
        assert "too much" in found.feedback

    async def test_main_is_called_where_there_is_no_script(self, tmp_path: Path) -> None:
        text = (
            "import json, os\n"
            "def main(program_path, results_dir):\n"
            "    for name, content in (('correct', {'correct': True}), ('metrics', {'combined_score': 2})):\n"
            "        json.dump(content, open(os.path.join(results_dir, name + '.json'), 'w'))\n"
        )
        found = await evaluated(foreign_task(tmp_path, "shinka", text))
        assert found.objectives == {"combined_score": 2.0}

    @pytest.mark.parametrize("correct", [True, False])
    async def test_the_verdict_may_stand_in_the_metrics(self, tmp_path: Path, correct: bool) -> None:
        text = (
            "import json, os\n"
            "def main(program_path, results_dir):\n"
            f"    content = {{'combined_score': 2, 'correct': {correct}, 'details': 'overlap'}}\n"
            "    json.dump(content, open(os.path.join(results_dir, 'metrics.json'), 'w'))\n"
        )
        found = await evaluated(foreign_task(tmp_path, "shinka", text))
        assert found.status is (Status.OK if correct else Status.INVALID)
        assert "overlap" in found.feedback

    async def test_a_missing_file_is_told(self, tmp_path: Path) -> None:
        found = await evaluated(foreign_task(tmp_path, "shinka", "def main(program_path, results_dir):\n    pass\n"))
        assert found.status is Status.INVALID
        assert "wrote no correct.json" in found.feedback


class TestGepa:
    async def test_a_text_is_scored_with_side_information(self, tmp_path: Path) -> None:
        text = (
            "import gepa.optimize_anything as oa\n"
            "def evaluate(candidate):\n"
            "    oa.log('looked', 'at it')\n"
            "    return len(candidate), {'scores': {'lines': candidate.count('\\n')}, 'Hint': 'shorter'}\n"
        )
        found = await evaluated(foreign_task(tmp_path, "gepa", text))
        assert found.objectives == {"score": float(len(PROGRAM))}
        assert found.measures == {"lines": float(PROGRAM.count("\n"))}
        assert "looked at it" in found.feedback
        assert "shorter" in found.feedback

    async def test_what_stands_around_an_evaluator_may_stay(self, tmp_path: Path) -> None:
        text = (
            "from gepa.optimize_anything import EngineConfig, GEPAConfig, ReflectionConfig, optimize_anything\n"
            "CONFIG = GEPAConfig(engine=EngineConfig(max_metric_calls=5), reflection=ReflectionConfig())\n"
            "def evaluate(candidate):\n    return len(candidate), {}\n"
            "if __name__ == '__main__':\n    optimize_anything(seed_candidate='', evaluator=evaluate, config=CONFIG)\n"
        )
        assert (await evaluated(foreign_task(tmp_path, "gepa", text))).status is Status.OK
        called = text.replace("if __name__ == '__main__'", "if True")
        found = await evaluated(foreign_task(tmp_path, "gepa", called))
        assert found.status is Status.ERROR
        assert "Put the call under if __name__ == '__main__':" in found.feedback

    async def test_a_name_that_nothing_stands_in_for_is_told(self, tmp_path: Path) -> None:
        text = "from gepa.optimize_anything import make_litellm_lm\ndef evaluate(candidate):\n    return 1\n"
        found = await evaluated(foreign_task(tmp_path, "gepa", text))
        assert "what stands in for it has no 'make_litellm_lm'" in found.feedback

    async def test_each_example_is_scored_and_the_mean_ranks(self, tmp_path: Path) -> None:
        (tmp_path / "examples.jsonl").write_text('{"x": 1}\n{"x": 4}\n', encoding="utf-8")
        text = "def scorer(candidate, example):\n    return example['x'] + candidate['main'].count('VALUE'), {}\n"
        options = FrameworkOptions(function="scorer", components=("main",), dataset="examples.jsonl")
        found = await evaluated(foreign_task(tmp_path, "gepa", text, options=options))
        assert found.objectives == {"score": 2.5 + PROGRAM.count("VALUE")}
        assert found.measures["examples"] == 2


class TestConfinement:
    """Attacks, each beside a control that shows that the same code works where it may."""

    async def test_the_evaluators_folder_is_read_only_and_scratch_is_not(self, tmp_path: Path) -> None:
        text = (
            "import os\n"
            "def evaluate(path):\n"
            "    open('here.txt', 'w').write('x')\n"
            "    here = os.path.dirname(os.path.abspath(__file__))\n"
            "    seen = os.path.exists(os.path.join(here, 'evaluator.py'))\n"
            "    try:\n        open(os.path.join(here, 'there.txt'), 'w')\n"
            "    except OSError:\n        return {'combined_score': 1 + seen}\n"
            "    return {'combined_score': 0}\n"
        )
        found = await evaluated(foreign_task(tmp_path, "openevolve", text))
        assert found.objectives == {"combined_score": 2.0}
        assert not (tmp_path / "there.txt").exists()

    async def test_there_is_no_network(self, tmp_path: Path) -> None:
        text = (
            "import socket\n"
            "def evaluate(path):\n"
            "    try:\n        socket.create_connection(('127.0.0.1', 9), 1)\n"
            "    except PermissionError:\n        return {'combined_score': 1}\n"
            "    except OSError:\n        return {'combined_score': 0}\n"
        )
        found = await evaluated(foreign_task(tmp_path, "openevolve", text, limits=SEVERAL))
        assert found.objectives == {"combined_score": 1.0}

    async def test_a_tree_that_will_not_end_is_killed_at_the_wall(self, tmp_path: Path) -> None:
        text = (
            "import subprocess, sys\n"
            "def evaluate(path):\n    subprocess.run([sys.executable, '-c', 'while True: pass'])\n"
        )
        limits = Limits(wall=3.0, cpu=60.0, memory=2**30, processes=16)
        found = await evaluated(foreign_task(tmp_path, "openevolve", text, limits=limits))
        assert (found.status, found.detail) == (Status.TIMEOUT, "wall")
        assert found.usage.cpu_s > 0.2, "the child's time is counted"

    async def test_nothing_of_one_evaluation_is_left_for_the_next(self, tmp_path: Path) -> None:
        text = (
            "import os\n"
            "def evaluate(path):\n"
            "    before = os.path.exists('left.txt')\n    open('left.txt', 'w').write('x')\n"
            "    return {'combined_score': 0.0 if before else 1.0}\n"
        )
        task = foreign_task(tmp_path, "openevolve", text)
        evaluator = await Evaluator.start(task)
        try:
            scores = [(await evaluator.evaluate(task.initial)).evaluation.objectives for _ in range(2)]
        finally:
            await evaluator.aclose()
        assert scores == [{"combined_score": 1.0}] * 2

    async def test_several_files_can_import_one_another(self, tmp_path: Path) -> None:
        program = {"main.py": "import part\ndef run():\n    return part.X\n", "part.py": "X = 4\n"}
        text = LOAD + "def evaluate(path):\n    return {'combined_score': loaded(path).run()}\n"
        found = await evaluated(foreign_task(tmp_path, "openevolve", text, program=program))
        assert found.objectives == {"combined_score": 4.0}


def test_the_stand_ins_are_of_the_standard_library_only() -> None:
    root = Path(__file__).parents[2] / "src" / "cambrian" / "search" / "inside"
    for path in [*(root / "stand_ins").rglob("*.py"), *(root / "foreign").rglob("*.py")]:
        for line in path.read_text(encoding="utf-8").splitlines():
            words = line.split()
            if words[:1] in (["import"], ["from"]) and not words[1].startswith("."):
                assert words[1].partition(".")[0] in {*sys.stdlib_module_names}, (path, line)
