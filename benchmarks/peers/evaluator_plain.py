"""The trivial evaluator by ShinkaEvolve's files alone: it imports nothing of theirs, which costs seconds each time."""

import importlib.util
import json
import os
import sys


def main(program_path, results_dir):
    """Run the program once and write the two files."""
    spec = importlib.util.spec_from_file_location("program", program_path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    os.makedirs(results_dir, exist_ok=True)
    answers = {"metrics": {"combined_score": float(module.run())}, "correct": {"correct": True, "error": None}}
    for name, content in answers.items():
        with open(os.path.join(results_dir, f"{name}.json"), "w") as file:
            json.dump(content, file)


if __name__ == "__main__":
    given = dict(zip(sys.argv[1::2], sys.argv[2::2], strict=True))
    main(given["--program_path"], given["--results_dir"])
