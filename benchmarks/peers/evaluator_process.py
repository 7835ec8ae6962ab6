"""The trivial evaluator as OpenEvolve's examples write it: the program runs in an interpreter of its own."""

import subprocess
import sys

CODE = (
    "import importlib.util, sys\n"
    "spec = importlib.util.spec_from_file_location('program', sys.argv[1])\n"
    "module = importlib.util.module_from_spec(spec)\n"
    "spec.loader.exec_module(module)\n"
    "print(module.run())\n"
)


def evaluate(program_path):
    """The number that the program gives."""
    done = subprocess.run([sys.executable, "-c", CODE, program_path], capture_output=True, text=True, timeout=20)
    return {"combined_score": float(done.stdout)}
