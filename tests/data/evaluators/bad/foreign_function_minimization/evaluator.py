"""Evaluator for function minimization (OpenEvolve): five trials, distance of the value to the known minimum."""

import importlib.util
import math
import time

GLOBAL_MIN = -1.519
TRIALS = 5


def load(program_path):
    spec = importlib.util.spec_from_file_location("program", program_path)
    program = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(program)
    return program


def objective(x, y):
    return math.sin(x) * math.cos(y) + math.sin(x * y) + (x * x + y * y) / 20


def evaluate(program_path):
    try:
        program = load(program_path)
        if not hasattr(program, "run_search"):
            return {"combined_score": 0.0, "error": "Missing run_search function"}
        values, begun = [], time.time()
        for _ in range(TRIALS):
            x, y = program.run_search()
            if not (math.isfinite(x) and math.isfinite(y) and abs(x) <= 5 and abs(y) <= 5):
                return {"combined_score": 0.0, "error": f"point ({x}, {y}) outside of the box"}
            values.append(objective(x, y))
        mean = sum(values) / len(values)
        return {
            "combined_score": 1.0 - (mean - GLOBAL_MIN) / 5,
            "value": mean,
            "speed_score": 1.0 / (1.0 + time.time() - begun),
        }
    except Exception as error:
        return {"combined_score": 0.0, "error": str(error)}
