"""Evaluator for sorting speed (OpenEvolve): answers must be right; the speedup over a bubble sort is the score."""

import importlib.util
import random
import time

BASELINE_S = 0.05  # bubble sort of 800 numbers on the machine this was written on


def evaluate(program_path):
    spec = importlib.util.spec_from_file_location("program", program_path)
    program = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(program)
    times = []
    for _ in range(3):
        values = [random.randrange(10**6) for _ in range(800)]
        begun = time.perf_counter()
        got = program.sort_numbers(list(values))
        times.append(time.perf_counter() - begun)
        if got != sorted(values):
            return {"combined_score": 0.0, "correct": 0.0}
    speedup = BASELINE_S / max(min(times), 1e-9)
    return {"combined_score": speedup, "correct": 1.0, "milliseconds": 1000 * min(times)}
