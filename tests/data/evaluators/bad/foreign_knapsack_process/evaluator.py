"""Evaluator for knapsacks (OpenEvolve): the program runs in a process of its own, with a time limit."""

import json
import subprocess
import sys

ITEMS = [(36, 161), (76, 903), (14, 311), (40, 167), (17, 974), (97, 300), (98, 526), (40, 269), (53, 627), (55, 437)]
CAPACITY = 1500

RUNNER = """
import importlib.util, json, sys
spec = importlib.util.spec_from_file_location("program", sys.argv[1])
program = importlib.util.module_from_spec(spec)
spec.loader.exec_module(program)
items, capacity = json.loads(sys.argv[2])
chosen = program.pack(items, capacity)
assert len(set(chosen)) == len(chosen), "an item is there twice"
assert sum(items[i][1] for i in chosen) <= capacity, "too heavy"
print("RESULT", json.dumps({"value": sum(items[i][0] for i in chosen), "items": len(chosen)}))
"""


def evaluate(program_path):
    command = [sys.executable, "-c", RUNNER, program_path, json.dumps([ITEMS, CAPACITY])]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10)
    except subprocess.TimeoutExpired:
        return {"combined_score": 0.0, "error": "timeout"}
    if done.returncode != 0:
        return {"combined_score": 0.0, "error": done.stderr[-300:]}
    for line in done.stdout.splitlines():
        if line.startswith("RESULT "):
            result = json.loads(line.removeprefix("RESULT "))
            return {"combined_score": float(result["value"]), "items": result["items"]}
    return {"combined_score": 0.0, "error": "no result"}
