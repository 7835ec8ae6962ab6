"""Evaluator for a text transformation (OpenEvolve): share of the hidden cases, which lie beside this file."""

import importlib.util
import json
from pathlib import Path

CASES = json.loads((Path(__file__).parent / "hidden_cases.json").read_text(encoding="utf-8"))


def evaluate(program_path):
    spec = importlib.util.spec_from_file_location("program", program_path)
    program = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(program)
    right, failures = 0, []
    for case in CASES:
        try:
            got = program.transform(case["input"])
        except Exception as error:
            got = error
        if type(got) is str and got == case["output"]:
            right += 1
        else:
            failures.append(case["input"])
    accuracy = right / len(CASES)
    return {"combined_score": accuracy, "accuracy": accuracy, "artifacts": {"failed": ", ".join(failures[:3])}}
