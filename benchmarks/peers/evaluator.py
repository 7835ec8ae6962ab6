"""The trivial evaluator in OpenEvolve's manner: the program is loaded in this process."""

import importlib.util


def evaluate(program_path):
    """The number that the program gives."""
    spec = importlib.util.spec_from_file_location("program", program_path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return {"combined_score": float(module.run())}
