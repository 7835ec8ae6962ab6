"""Evaluator for circle packing, n = 26 (ShinkaEvolve's contract, without its helper): metrics.json and correct.json."""

import argparse
import importlib.util
import json
import math
import os

N = 26


def validate(centers, radii, reported):
    """(valid, why not); no tolerance on walls and pairs."""
    if len(centers) != N or len(radii) != N:
        return False, f"expected {N} circles, got {len(centers)} centers and {len(radii)} radii"
    if not all(type(v) is float and math.isfinite(v) for v in [*radii, *(v for center in centers for v in center)]):
        return False, "not all values are finite floats"
    if abs(sum(radii) - reported) > 1e-9:
        return False, f"reported sum {reported} does not match {sum(radii)}"
    for i, ((x, y), r) in enumerate(zip(centers, radii)):
        if r <= 0 or min(x, y, 1 - x, 1 - y) < r:
            return False, f"circle {i} is outside of the square"
        for j in range(i):
            if math.hypot(x - centers[j][0], y - centers[j][1]) < r + radii[j]:
                return False, f"circles {j} and {i} overlap"
    return True, None


def main(program_path, results_dir):
    os.makedirs(results_dir, exist_ok=True)
    metrics, correct, error = {"combined_score": 0.0}, False, None
    try:
        spec = importlib.util.spec_from_file_location("program", program_path)
        program = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(program)
        centers, radii, reported = program.run_packing()
        correct, error = validate(centers, radii, reported)
        if correct:
            metrics = {"combined_score": sum(radii), "public": {"num_circles": len(radii)}, "private": {}}
    except Exception as problem:
        error = f"{type(problem).__name__}: {problem}"
    with open(os.path.join(results_dir, "correct.json"), "w") as stream:
        json.dump({"correct": correct, "error": error}, stream)
    with open(os.path.join(results_dir, "metrics.json"), "w") as stream:
        json.dump(metrics, stream)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--program_path", default="initial_program.py")
    parser.add_argument("--results_dir", default="results")
    arguments = parser.parse_args()
    main(arguments.program_path, arguments.results_dir)
