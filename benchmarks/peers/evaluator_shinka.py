"""The trivial evaluator in ShinkaEvolve's documented manner."""

import argparse

from shinka.core import run_shinka_eval


def aggregate(results):
    """The number that the program gives."""
    return {"combined_score": float(results[0]), "public": {}, "private": {}}


def main(program_path, results_dir):
    """Run the program once."""
    run_shinka_eval(
        program_path=program_path, results_dir=results_dir, experiment_fn_name="run", num_runs=1,
        get_experiment_kwargs=lambda index: {}, aggregate_metrics_fn=aggregate,
    )  # fmt: skip


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--program_path")
    parser.add_argument("--results_dir")
    given = parser.parse_args()
    main(given.program_path, given.results_dir)
