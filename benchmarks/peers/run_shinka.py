"""Runs ShinkaEvolve, inside an environment that has it: PORT ITERATIONS EVALUATOR FOLDER."""

import os
import sys

port, iterations, evaluator, folder = sys.argv[1:]
os.environ.update(SHINKA_PRICING_MODE="offline")

from shinka.core import EvolutionConfig, ShinkaEvolveRunner  # noqa: E402
from shinka.database import DatabaseConfig  # noqa: E402
from shinka.launch import LocalJobConfig  # noqa: E402

here = os.path.dirname(os.path.abspath(__file__))
evolution = EvolutionConfig(
    num_generations=int(iterations), llm_models=[f"local/instant@http://127.0.0.1:{port}/v1"], patch_types=["full"],
    patch_type_probs=[1.0], embedding_model=None, meta_rec_interval=None, llm_dynamic_selection=None,
    init_program_path=os.path.join(here, "program.py"), results_dir=folder, max_patch_resamples=1,
)  # fmt: skip
ShinkaEvolveRunner(
    evo_config=evolution, job_config=LocalJobConfig(eval_program_path=os.path.join(here, evaluator), time="00:00:30"),
    db_config=DatabaseConfig(num_islands=2, archive_size=40), max_evaluation_jobs=1, max_proposal_jobs=1,
    max_db_workers=1, verbose=False,
).run()  # fmt: skip
