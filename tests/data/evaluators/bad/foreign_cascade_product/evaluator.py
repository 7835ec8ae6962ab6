"""Evaluator for matrix products (OpenEvolve, cascade): a small case first, then large ones, where the speed counts."""

import importlib.util
import random
import time


def load(program_path):
    spec = importlib.util.spec_from_file_location("program", program_path)
    program = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(program)
    return program


def product(a, b):
    columns = list(zip(*b))
    return [[sum(map(lambda x, y: x * y, row, column)) for column in columns] for row in a]


def matrix(size):
    return [[random.randint(-9, 9) for _ in range(size)] for _ in range(size)]


def evaluate_stage1(program_path):
    """Is it right at all? Quick."""
    program, a, b = load(program_path), matrix(3), matrix(3)
    right = program.multiply(a, b) == product(a, b)
    return {"combined_score": 1.0 if right else 0.0, "stage1_correct": float(right)}


def evaluate_stage2(program_path):
    """Larger ones, timed."""
    program, score = load(program_path), 0.0
    for size in (20, 60):
        a, b = matrix(size), matrix(size)
        begun = time.perf_counter()
        got = program.multiply(a, b)
        seconds = time.perf_counter() - begun
        if got != product(a, b):
            return {"combined_score": 0.0, "stage2_correct": 0.0}
        score += 0.5 / (1.0 + 100 * seconds)
    return {"combined_score": score, "stage2_correct": 1.0}


def evaluate(program_path):
    return evaluate_stage2(program_path)
